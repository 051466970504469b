#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/date_time.hpp"
#include "storage/ids.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// The number of a string in its batch's StringTable.
using StringRef = std::uint32_t;
inline constexpr StringRef kNoString = 0xFFFF'FFFF;

/// The distinct strings of one batch, numbered in order of first use. Not thread-safe.
class StringTable {
 public:
  /// The number of `text`, which is added where it is new. Equal texts have equal numbers.
  StringRef intern(std::string_view text);
  [[nodiscard]] std::string_view at(StringRef number) const {
    return std::string_view(bytes_).substr(begins_[number], begins_[number + 1] - begins_[number]);
  }
  [[nodiscard]] std::size_t size() const { return begins_.size() - 1; }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  void clear();

  /// For the log: all bytes one after the other, and where each string begins (size() + 1 offsets).
  [[nodiscard]] std::string_view all_bytes() const { return bytes_; }
  [[nodiscard]] const std::vector<std::uint32_t>& begins() const { return begins_; }
  /// What `all_bytes` and `begins` said, read back. Not to be interned into any more.
  static StringTable from_parts(std::string bytes, std::vector<std::uint32_t> begins);

 private:
  void grow();

  std::string bytes_;
  std::vector<std::uint32_t> begins_{0};
  std::vector<std::uint64_t> slots_;  // High half: hash; low half: number + 1; 0 = free.
};

/// A value of a named column: of an event's properties, or of a customer's traits.
struct Cell {
  StringRef column = kNoString;
  ValueType type = ValueType::Null;  ///< Null in traits: the trait is removed. Not used in events.
  /// Bool: 0 or 1. Int64, Float64: its bits. String: its StringRef. DateTime: milliseconds since
  /// 1970, of the years 0001 to 9999.
  std::uint64_t bits = 0;
};

/// How a person became known; a stronger kind replaces a weaker one.
enum class CustomerKind : std::uint8_t {
  Contact,   ///< Only ever a target.
  Visitor,   ///< Anonymous.
  Customer,  ///< Has a userId.
};

/// One row of `events`, before numbers are given to its strings.
struct EventRow {
  TimeMs ts = 0;
  StringRef event = kNoString;
  StringRef customer = kNoString;
  StringRef target = kNoString;  ///< Explicit target_id; kNoString: none, or the parent's author.
  StringRef message_id =
      kNoString;             ///< The event_id; kNoString: derived from the row's sequence number.
  std::uint32_t source = 0;  ///< Which input (index in the request, line) this row came from.
  std::uint32_t cells_begin = 0;  ///< Cells [begin, begin + count) of the batch.
  std::uint32_t cells_count = 0;
  CustomerKind kind = CustomerKind::Customer;
  /// Whether message_id is a call's own, to be stored once. Rows that one call makes (an order and
  /// its items) follow each other, and the first one alone is `once`: those after it share its
  /// fate.
  bool once = false;
};

/// What an `identify` or `group` call, or a row of a customers import, says about one person.
struct TraitRow {
  TimeMs ts = 0;  ///< The largest (ts, message_id) wins, trait by trait.
  StringRef customer = kNoString;
  StringRef message_id = kNoString;
  std::uint32_t source = 0;
  std::uint32_t cells_begin = 0;
  std::uint32_t cells_count = 0;
  CustomerKind kind = CustomerKind::Customer;
};

/// That two external ids are one person.
struct IdentityLink {
  enum class Kind : std::uint8_t { Identify, Alias };
  TimeMs ts = 0;
  StringRef from = kNoString;  ///< identify: anonymousId; alias: previousId.
  StringRef to = kNoString;    ///< userId.
  StringRef message_id = kNoString;
  Kind kind = Kind::Identify;
};

/// One collected batch: decisions, not requests, so that replay decides nothing anew. It is what
/// the log carries: written to it as it stands, made durable, and applied to memory, in this order.
struct Batch {
  StringTable strings;
  std::vector<EventRow> events;
  std::vector<TraitRow> traits;
  std::vector<IdentityLink> links;
  std::vector<Cell> cells;
  TimeMs received = 0;
  std::string deduplicate_by;  ///< Write key or import id: the scope of a message id. Hashed before
                               ///< it is kept.
  std::string import_id;       ///< Empty: not an import.
  std::uint64_t import_offset =
      0;  ///< Bytes of the inflated input that are committed with this batch.

  [[nodiscard]] bool empty() const {
    return events.empty() && traits.empty() && links.empty() && import_id.empty();
  }

  /// Adds a cell to the last row begun. Cells of one row stand together.
  void add(StringRef column, bool truth) { cells.push_back({column, ValueType::Bool, truth}); }
  void add(StringRef column, std::int64_t number) {
    cells.push_back({column, ValueType::Int64, static_cast<std::uint64_t>(number)});
  }
  void add(StringRef column, double number) {
    cells.push_back({column, ValueType::Float64, std::bit_cast<std::uint64_t>(number)});
  }
  void add(StringRef column, DateTime time) {
    cells.push_back({column, ValueType::DateTime, static_cast<std::uint64_t>(time.ms)});
  }
  void add_string(StringRef column, StringRef text) {
    cells.push_back({column, ValueType::String, text});
  }
};

/// Rewrites a batch so that its table and its cells are those that its rows use: what belonged to
/// rows that were taken out is in it no more.
void drop_unused_strings(Batch& batch);

}  // namespace grapevine

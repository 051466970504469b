#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/ids.hpp"
#include "storage/packed_uints.hpp"

namespace grapevine {

/// Strings as they are, one after the other.
struct TextValues {
  std::vector<std::uint32_t> begins{0};  ///< Size rows + 1.
  std::string bytes;
  [[nodiscard]] std::string_view at(std::size_t row) const {
    return std::string_view(bytes).substr(begins[row], begins[row + 1] - begins[row]);
  }
};
/// Codes of the column's dictionary (ColumnInfo::dictionary). What stands at a null row means
/// nothing.
struct CodeValues {
  PackedUints codes;
};
struct BoolValues {
  std::vector<std::uint8_t> values;
};
struct Int64Values {
  std::vector<std::int64_t> values;
};
struct Float64Values {
  std::vector<double> values;
};
struct Float32Values {
  std::vector<float> values;
};

using ColumnValues =
    std::variant<CodeValues, BoolValues, Int64Values, Float64Values, Float32Values, TextValues>;

/// One column of one run. The same column may have another type in another run, when what was sent
/// changed its type: ColumnInfo::type is the widest.
struct RunColumn {
  ColumnId id{};
  ColumnValues values;
  std::vector<std::uint64_t> present;  ///< A bit a row, 1 = not null; empty: no row is null.

  [[nodiscard]] bool has(std::size_t row) const {
    return present.empty() || ((present[row / 64] >> (row % 64)) & 1) != 0;
  }
};

/// Rows [begin, end) of a run came under another external id than their customer's own: `identity`
/// is that id's number (see persons.hpp).
struct IdentityStretch {
  std::uint32_t begin;
  std::uint32_t end;
  CustomerId identity;
};

/// All rows of one event name in one part, sorted by (customer, time, sequence).
/// Every column is a contiguous array with one element a row.
struct Run {
  EventNameId event{};
  std::vector<CustomerId> customers;
  PackedUints times;      ///< TimeMs as unsigned 64-bit; see time().
  PackedUints sequences;  ///< The store's row numbers, in order of arrival.
  std::vector<CustomerId>
      targets;  ///< External ids of explicit targets; kNobody where none. Empty: no row has one.
  std::vector<IdentityStretch> identities;  ///< In order of rows; the others came under the
                                            ///< customer's own id.
  TextValues message_ids;          ///< Empty text: derived from the sequence. No rows: all derived.
  std::vector<RunColumn> columns;  ///< By ascending id; only those with a value in some row.
  TimeMs first = 0;                ///< The earliest time of the run.
  TimeMs last = 0;                 ///< The latest.

  [[nodiscard]] std::size_t size() const { return customers.size(); }
  [[nodiscard]] TimeMs time(std::size_t row) const {
    return static_cast<TimeMs>(times.at(row) ^ kSignBit);
  }
  /// The number of the external id under which a row came. Cost: a binary search of `identities`.
  [[nodiscard]] CustomerId identity(std::size_t row) const;
  /// nullptr: null in every row.
  [[nodiscard]] const RunColumn* column(ColumnId id) const;

  /// Times are kept with the sign bit flipped, so that unsigned order is the order of time.
  static constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
};

/// Which rows of a run count no more: deleted, or moved to another customer and stored anew.
/// Immutable once a part has it.
struct DeadRows {
  std::vector<std::uint64_t> bits;  ///< A bit a row, 1 = dead.
  std::size_t count = 0;
  [[nodiscard]] bool has(std::size_t row) const {
    return ((bits[row / 64] >> (row % 64)) & 1) != 0;
  }
};

/// A run as it stands in one version of a part. The columns are shared between versions.
class LiveRun {
 public:
  explicit LiveRun(std::shared_ptr<const Run> run, std::shared_ptr<const DeadRows> dead = nullptr)
      : run_(std::move(run)), dead_(std::move(dead)) {}

  [[nodiscard]] const Run& operator*() const { return *run_; }
  [[nodiscard]] const Run* operator->() const { return run_.get(); }
  [[nodiscard]] const std::shared_ptr<const Run>& shared() const { return run_; }
  /// nullptr: every row counts.
  [[nodiscard]] const std::shared_ptr<const DeadRows>& dead() const { return dead_; }
  [[nodiscard]] bool is_dead(std::size_t row) const { return dead_ != nullptr && dead_->has(row); }
  [[nodiscard]] std::size_t rows() const { return run_->size() - (dead_ ? dead_->count : 0); }

 private:
  std::shared_ptr<const Run> run_;
  std::shared_ptr<const DeadRows> dead_;
};

/// An immutable piece of the events: a run for each event name in it, by ascending EventNameId.
/// Any number of threads may read. Who counts rows leaves out those that are dead.
struct Part {
  std::vector<LiveRun> runs;
  std::size_t rows = 0;  ///< That are not dead.
  TimeMs first = 0;      ///< The earliest time of any run, dead rows included.
  TimeMs last = 0;       ///< The latest.

  /// nullptr: the part has no such event.
  [[nodiscard]] const LiveRun* run(EventNameId event) const;
  [[nodiscard]] std::size_t bytes() const;
};

}  // namespace grapevine

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "storage/customer_column.hpp"
#include "storage/date_time.hpp"
#include "storage/ids.hpp"
#include "storage/message_id_column.hpp"
#include "storage/packed_uints.hpp"
#include "storage/part_activity.hpp"
#include "storage/real_values.hpp"
#include "storage/text_values.hpp"

namespace grapevine {

/// Codes of the column's dictionary (ColumnInfo::dictionary). What stands at a null row means
/// nothing.
struct CodeValues {
  PackedUints codes;
};
struct BoolValues {
  std::vector<std::uint64_t> bits;  ///< A bit a row.
  [[nodiscard]] bool at(std::size_t row) const { return ((bits[row / 64] >> (row % 64)) & 1) != 0; }
};
struct Int64Values {
  PackedUints numbers;  ///< With the sign bit flipped, so that unsigned order is theirs.
  [[nodiscard]] std::int64_t at(std::size_t row) const { return number(numbers.at(row)); }
  static std::int64_t number(std::uint64_t kept) {
    return static_cast<std::int64_t>(kept ^ (std::uint64_t{1} << 63));
  }
};

struct TimeValues {
  PackedUints times;  ///< Milliseconds since 1970, kept as Int64Values are.
  [[nodiscard]] DateTime at(std::size_t row) const { return {Int64Values::number(times.at(row))}; }
};

/// Strings are codes, or texts where nearly every row has its own. The order stands in files.
using ColumnValues =
    std::variant<CodeValues, BoolValues, Int64Values, RealValues, TextValues, TimeValues>;

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

/// Bytes of memory that its values take.
std::size_t bytes_of(const RunColumn& column);

/// Rows [begin, end) of a run came under another external id than their customer's own: `identity`
/// is that id's number (see persons.hpp).
struct IdentityStretch {
  std::uint32_t begin;
  std::uint32_t end;
  CustomerId identity;
};

/// All rows of one event name in one part, sorted by (customer, time, sequence).
/// Every column has one element a row.
struct Run {
  EventNameId event{};
  CustomerColumn customers;
  PackedUints times;      ///< TimeMs as unsigned 64-bit; see time().
  PackedUints sequences;  ///< The store's row numbers, in order of arrival.
  PackedUints targets;    ///< External ids: the index + 1, 0 where none; see target().
  std::vector<IdentityStretch> identities;  ///< In order of rows; the others came under the
                                            ///< customer's own id.
  MessageIdColumn message_ids;
  std::vector<RunColumn> columns;  ///< By ascending id; only those with a value in some row.
  TimeMs first = 0;                ///< The earliest time of the run.
  TimeMs last = 0;                 ///< The latest.

  [[nodiscard]] std::size_t size() const { return customers.size(); }
  [[nodiscard]] TimeMs time(std::size_t row) const {
    return static_cast<TimeMs>(times.at(row) ^ kSignBit);
  }
  /// The number of the external id that a row says is its target, or kNobody.
  [[nodiscard]] CustomerId target(std::size_t row) const {
    if (targets.size() == 0) return kNobody;
    return CustomerId(static_cast<std::uint32_t>(targets.at(row) - 1));  // 0 becomes kNobody.
  }
  /// The number of the external id under which a row came. Cost: a binary search of `identities`.
  [[nodiscard]] CustomerId identity(std::size_t row) const;
  /// nullptr: null in every row.
  [[nodiscard]] const RunColumn* column(ColumnId id) const;

  /// Times are kept with the sign bit flipped, so that unsigned order is the order of time.
  static constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
};

/// A target as `Run::targets` keeps it.
constexpr std::uint64_t target_number(CustomerId target) {
  return target == kNobody ? 0 : std::uint64_t{index(target)} + 1;
}

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
  std::size_t rows = 0;      ///< That are not dead.
  TimeMs first = INT64_MAX;  ///< The earliest time of any run, dead rows included.
  TimeMs last = INT64_MIN;   ///< The latest.

  /// Adds the run of a later event than those that are in. Precondition: no row of it is dead.
  void add(std::shared_ptr<const Run> run);
  /// nullptr: the part has no such event.
  [[nodiscard]] const LiveRun* run(EventNameId event) const;
  /// Made when it is asked for first, and kept. nullptr: there is none (see PartActivity::of).
  [[nodiscard]] const PartActivity* activity() const { return activity_.of(*this); }
  /// With what was made when asked for.
  [[nodiscard]] std::size_t bytes() const;

 private:
  KeptActivity activity_;
};

}  // namespace grapevine

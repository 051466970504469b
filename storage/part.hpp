#pragma once

#include <cstddef>
#include <cstdint>
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

/// All rows of one event name in one part, sorted by (customer, time, sequence).
/// Every column is a contiguous array with one element a row.
struct Run {
  EventNameId event{};
  std::vector<CustomerId> customers;
  PackedUints times;      ///< TimeMs as unsigned 64-bit; see time().
  PackedUints sequences;  ///< The store's row numbers, in order of arrival.
  std::vector<CustomerId>
      targets;                     ///< Explicit targets; kNobody where none. Empty: no row has one.
  TextValues message_ids;          ///< Empty text: derived from the sequence. No rows: all derived.
  std::vector<RunColumn> columns;  ///< By ascending id; only those with a value in some row.
  TimeMs first = 0;                ///< The earliest time of the run.
  TimeMs last = 0;                 ///< The latest.

  [[nodiscard]] std::size_t size() const { return customers.size(); }
  [[nodiscard]] TimeMs time(std::size_t row) const {
    return static_cast<TimeMs>(times.at(row) ^ kSignBit);
  }
  /// nullptr: null in every row.
  [[nodiscard]] const RunColumn* column(ColumnId id) const;

  /// Times are kept with the sign bit flipped, so that unsigned order is the order of time.
  static constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
};

/// An immutable piece of the events: a run for each event name in it, by ascending EventNameId.
/// Any number of threads may read.
struct Part {
  std::vector<Run> runs;
  std::size_t rows = 0;
  TimeMs first = 0;
  TimeMs last = 0;

  /// nullptr: the part has no such event.
  [[nodiscard]] const Run* run(EventNameId event) const;
  [[nodiscard]] std::size_t bytes() const;
};

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <limits>

#include "kernels/segment/value_test.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// One interval of numbers, for each type in which they may be kept.
struct NumberBounds {
  Range<std::int64_t> whole{std::numeric_limits<std::int64_t>::min(),
                            std::numeric_limits<std::int64_t>::max()};
  Range<double> real{-std::numeric_limits<double>::infinity(),
                     std::numeric_limits<double>::infinity()};
  Range<float> real32{-std::numeric_limits<float>::infinity(),
                      std::numeric_limits<float>::infinity()};
  /// The interval itself: a long double holds every int64 and every double.
  Range<long double> exact{-std::numeric_limits<long double>::infinity(),
                           std::numeric_limits<long double>::infinity()};
};
static_assert(std::numeric_limits<long double>::digits >= 64);

/// What is measured of a customer's selected events, and which results are meant.
///
/// Nothing  Of no row, or no row with a value, Count, Distinct and Sum are 0; Avg, Min and Max are
///          nothing, which no bounds have.
struct Measure {
  enum class Kind : std::uint8_t {
    Count,     ///< Rows.
    Sum,       ///< Exact, rounded once to the nearest double.
    Avg,       ///< The exact sum over the number of values, rounded once to the nearest double.
    Min,       ///< The least number.
    Max,       ///< The greatest number.
    Distinct,  ///< How many different values.
  };
  Kind kind = Kind::Count;
  /// The column that is measured; of Count none. Numbers, except for Distinct.
  ColumnId of{};
  bool of_target = false;  ///< Distinct: not `of`, but the customers at whom events are directed.
  /// Count and Distinct: `whole`. Sum and Avg: `real`. Min and Max: of the type of each value.
  NumberBounds bounds;

  /// At least one row.
  static Measure at_least_once() {
    Measure measure;
    measure.bounds.whole.least = 1;
    return measure;
  }
};

/// Which of a customer's rows are looked at, before anything else of them is asked.
enum class RowChoice : std::uint8_t {
  Any,
  First,  ///< The earliest; of several at the same time the one that arrived first.
  Last,   ///< The latest until a moment; of several at the same time the one that arrived last.
};

}  // namespace grapevine

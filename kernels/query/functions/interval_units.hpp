#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

/// "day", "days", "dd", "d", ... in any case: what dateDiff and the like take.
std::optional<IntervalUnit> interval_unit_of(std::string_view name);

/// Seconds of a unit that always has as many; 0: of less than a second, or a day and longer.
constexpr std::int64_t seconds_of(IntervalUnit unit) {
  switch (unit) {
    case IntervalUnit::Second: return 1;
    case IntervalUnit::Minute: return 60;
    case IntervalUnit::Hour: return 3600;
    default: return 0;
  }
}

constexpr bool is_below_second(IntervalUnit unit) { return unit < IntervalUnit::Second; }

/// Digits of a second that a unit below it needs: 9, 6 or 3; 0 for others.
constexpr int digits_of(IntervalUnit unit) {
  switch (unit) {
    case IntervalUnit::Nanosecond: return 9;
    case IntervalUnit::Microsecond: return 6;
    case IntervalUnit::Millisecond: return 3;
    default: return 0;
  }
}

/// "day".
std::string_view name_of(IntervalUnit unit);

}  // namespace grapevine::sql

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/grouped_values.hpp"

namespace grapevine::sql {

/// A row as funnels and sequences see it: when it was, and which conditions hold, by bits.
struct TimedConditions {
  std::uint64_t time;
  std::uint32_t holds;

  friend bool operator<(const TimedConditions& a, const TimedConditions& b) {
    return a.time < b.time;
  }
};

/// Adds rows of a time and conditions, those that none holds for where `also_others` is set.
void add_timed_conditions(std::span<const std::uint32_t> groups,
                          std::span<const ColumnPtr> arguments, std::span<const std::uint8_t> mask,
                          bool also_others, GroupedValues<TimedConditions>& rows);

/// A bit a row and condition: bit i is the condition arguments[first + i].
void gather_conditions(std::span<const ColumnPtr> arguments, std::size_t first,
                       std::vector<std::uint32_t>& holds);

/// That the first argument is a date, a time or an unsigned number, and 1 to 32 others conditions.
absl::Status check_timed_conditions(const AggregateRequest& request, std::size_t conditions_least);
/// That arguments from `first` on are conditions.
absl::Status check_conditions(const AggregateRequest& request, std::size_t first);

inline constexpr std::size_t kConditionsMax = 32;

}  // namespace grapevine::sql

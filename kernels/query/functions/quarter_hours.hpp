#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"
#include "kernels/query/functions/call.hpp"
#include "kernels/query/functions/zone.hpp"

namespace grapevine::sql {

/// The quarters of an hour that the moments of a block are in: what depends on nothing finer is worked
/// out once a quarter. Quarters are those of UTC.
struct QuarterHours {
  ColumnPtr beginnings;              ///< Of every quarter from the first to the last.
  std::vector<std::uint32_t> index;  ///< Of each row.
};

/// nullopt: the column is no DateTime64 of milliseconds after 1970, or has too few rows for the time
/// that it spans. Cost  a pass over the column.
std::optional<QuarterHours> quarter_hours(const Column& moments);

/// Whether the clocks of a zone have been, since 1970, whole quarters of an hour ahead of UTC, and were
/// changed at the beginning of one.
bool keeps_quarter_hours(const Zone& zone);

/// Says of a function of (time, ...) that its results do not change within a quarter of an hour, where
/// the zone keeps those.
Resolved of_quarter_hours(Resolved resolved, const Zone& zone);

}  // namespace grapevine::sql

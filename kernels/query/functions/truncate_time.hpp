#pragma once

#include <cstdint>

#include "kernels/query/functions/zone.hpp"

namespace grapevine::sql {

/// Whether a zone's offsets since 1970 are whole multiples of a number of seconds.
bool is_offset_multiple(const Zone& zone, std::int64_t seconds);

/// The first moment of a local day.
inline std::int64_t start_of_day(ZoneCursor& cursor, std::int64_t utc) {
  const std::int64_t local = cursor.local_of(utc);
  const std::int64_t into_day = local - local / 86'400 * 86'400;
  return cursor.utc_of(local - (into_day < 0 ? into_day + 86'400 : into_day));
}

/// The hours of a day in groups of `hours`, from midnight: where the clocks change, a group is longer or
/// shorter, as ClickHouse has it.
std::int64_t start_of_hours(ZoneCursor& cursor, std::int64_t utc, std::int64_t hours);

}  // namespace grapevine::sql

#include "kernels/query/functions/truncate_time.hpp"

#include <algorithm>
#include <limits>

#include "kernels/query/functions/civil.hpp"

namespace grapevine::sql {

bool is_offset_multiple(const Zone& zone, std::int64_t seconds) {
  return std::all_of(zone.stretches().begin(), zone.stretches().end(),
                     [seconds](const Zone::Stretch& stretch) {
                       return stretch.end <= 0 || stretch.offset % seconds == 0;
                     });
}

std::int64_t start_of_hours(ZoneCursor& cursor, std::int64_t utc, std::int64_t hours) {
  const std::int64_t unit = hours * 3600;
  const std::int64_t day = start_of_day(cursor, utc);
  std::int64_t time = utc - day;
  // Single hours go on from midnight, also where the clocks change by half of one.
  if (hours == 1) return day + time / unit * unit;
  const std::int64_t change = cursor.offset_of(utc) - cursor.offset_of(day);
  if (change == 0) return day + time / unit * unit;
  // When the clocks changed, in seconds since the day began.
  const std::int64_t change_at = cursor.zone().stretch_of(utc).begin - day;
  time = (time + change) / unit * unit;
  if (time >= change_at) time = std::max(time - change, change_at);
  return day + time;
}

}  // namespace grapevine::sql

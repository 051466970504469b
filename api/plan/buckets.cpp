#include "api/plan/buckets.hpp"

#include <absl/time/time.h>

namespace grapevine {
namespace {

constexpr TimeMs kDay = 86'400'000;

absl::TimeZone zone_of(std::string_view timezone) {
  absl::TimeZone zone;
  const bool known = absl::LoadTimeZone({timezone.data(), timezone.size()}, &zone);
  return known ? zone : absl::UTCTimeZone();
}

TimeMs midnight(absl::CivilDay day, const absl::TimeZone& zone) {
  return absl::ToUnixMillis(absl::FromCivil(day, zone));
}

}  // namespace

bool is_bucket_width(TimeMs every, TimeMs least) {
  if (every >= kDay) return every % kDay == 0;
  return every > 0 && every % least == 0 && kDay % every == 0;
}

std::vector<TimeMs> bucket_bounds(TimeMs from, TimeMs to, TimeMs every, std::string_view timezone,
                                  std::size_t buckets_max) {
  if ((to - from) / every > static_cast<TimeMs>(buckets_max)) return {};
  const absl::TimeZone zone = zone_of(timezone);
  absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMillis(from), zone);
  const TimeMs days = every / kDay;
  if (days > 0 && days % 7 == 0) day = absl::PrevWeekday(day + 1, absl::Weekday::monday);
  std::vector<TimeMs> bounds{midnight(day, zone)};
  const auto next = [&] {
    if (days == 0) return bounds.back() + every;
    day += days;
    return midnight(day, zone);
  };
  if (days == 0) bounds.back() += (from - bounds.back()) / every * every;
  while (bounds.back() < to) bounds.push_back(next());
  if (bounds.size() > buckets_max + 1) return {};
  return bounds;
}

}  // namespace grapevine

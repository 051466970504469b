#include "kernels/query/functions/zone.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

#include <absl/time/time.h>

#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
// 2550-01-01: rules repeat beyond it, but nobody asks.
constexpr std::int64_t kLastTransition = 18'302'976'000;

std::vector<Zone::Stretch> stretches_of(const absl::TimeZone& zone) {
  const auto offset_at = [&](std::int64_t utc) {
    return std::int64_t{zone.At(absl::FromUnixSeconds(utc)).offset};
  };
  constexpr std::int64_t kYear0 = -62'167'219'200;
  std::vector<Zone::Stretch> stretches = {
      {std::numeric_limits<std::int64_t>::min(), kForever, offset_at(kYear0)}};
  absl::Time time = absl::FromUnixSeconds(kYear0);
  absl::TimeZone::CivilTransition transition;
  while (zone.NextTransition(time, &transition)) {
    // What the clocks are set to is read at that moment for the first time since: where they are set
    // back, `from` is not read before an hour later.
    time = zone.At(transition.to).trans;
    const std::int64_t utc = absl::ToUnixSeconds(time);
    if (utc <= stretches.back().begin || utc > kLastTransition) break;
    const std::int64_t offset = offset_at(utc);
    if (offset == stretches.back().offset) continue;
    stretches.back().end = utc;
    stretches.push_back({utc, kForever, offset});
  }
  return stretches;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Zone>> Zone::named(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, ZonePtr>& zones = *new std::map<std::string, ZonePtr>();
  const std::lock_guard lock(mutex);
  if (const auto found = zones.find(name); found != zones.end()) return found->second;
  absl::TimeZone zone;
  // Names are paths to the loader: only those of the database are let through.
  const bool is_name = !name.empty() && name.size() <= 64 && name[0] != '/' &&
                       name.find("..") == std::string::npos && name[0] != ':';
  if (!is_name || !absl::LoadTimeZone(name, &zone)) {
    return query_error(QueryErrorCode::BadArguments, "Cannot load time zone " + name);
  }
  auto made = std::make_shared<const Zone>(stretches_of(zone));
  zones.emplace(name, made);
  return made;
}

const Zone::Stretch& Zone::stretch_of(std::int64_t utc) const {
  const auto after =
      std::upper_bound(stretches_.begin(), stretches_.end(), utc,
                       [](std::int64_t time, const Stretch& s) { return time < s.begin; });
  return *(after - 1);
}

std::int64_t Zone::utc_of(std::int64_t local) const {
  // No clock is more than a day from UTC.
  const Stretch* stretch = &stretch_of(local - 86'400);
  while (local - stretch->offset >= stretch->end) ++stretch;
  return local - stretch->offset;
}

absl::StatusOr<ZonePtr> zone_of(const DataType& type, const SessionFacts& facts) {
  return Zone::named(type.timezone.empty() ? facts.timezone : type.timezone);
}

}  // namespace grapevine::sql

#include "kernels/segment/clock_test.hpp"

#include <algorithm>

namespace grapevine {

std::size_t ZoneOffsets::stretch_of(TimeMs time) const {
  const auto after = std::upper_bound(stretches.begin(), stretches.end(), time,
                                      [](TimeMs t, const Stretch& s) { return t < s.from; });
  return static_cast<std::size_t>(after - stretches.begin()) - 1;
}

bool ClockTest::accepts(TimeMs time) const {
  return accepts_local(time + zone->stretches[zone->stretch_of(time)].offset_ms);
}

}  // namespace grapevine

#include <random>
#include <string>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "api/plan/calendar.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kBegin = -2'208'988'800'000;  // 1900-01-01.
constexpr TimeMs kEnd = 7'258'118'400'000;     // 2200-01-01.

// What the calendar of the zone says, one moment at a time.
void expect_civil_time(const ClockTest& one_hour, absl::TimeZone zone, TimeMs time) {
  ClockTest test = one_hour;
  const absl::Time moment = absl::FromUnixMillis(time);
  const absl::CivilSecond civil = absl::ToCivilSecond(moment, zone);
  const auto weekday = static_cast<int>(absl::GetWeekday(civil));  // Monday is 0.
  test.hours = std::uint32_t{1} << civil.hour();
  test.weekdays = static_cast<std::uint8_t>(1 << weekday);
  EXPECT_TRUE(test.accepts(time)) << absl::FormatTime(moment, zone);
  test.hours ^= 0xFF'FFFF;
  EXPECT_FALSE(test.accepts(time)) << absl::FormatTime(moment, zone);
  test.hours ^= 0xFF'FFFF;
  test.weekdays ^= 0x7F;
  EXPECT_FALSE(test.accepts(time)) << absl::FormatTime(moment, zone);
}

TEST(ZoneOffsets, AreThoseOfTheCalendar) {
  std::mt19937_64 random(41);
  for (const std::string name :
       {"UTC", "Asia/Seoul", "America/New_York", "Europe/London", "Asia/Kolkata",
        "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo"}) {
    SCOPED_TRACE(name);
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone));
    ClockTest test;
    test.zone = zone_offsets(name);
    for (int i = 0; i < 3000; ++i) {
      const auto span = static_cast<std::uint64_t>(kEnd - kBegin);
      expect_civil_time(test, zone, kBegin + static_cast<TimeMs>(random() % span));
    }
    for (const ZoneOffsets::Stretch& stretch : test.zone->stretches) {
      if (stretch.from < kBegin) continue;
      for (const TimeMs by : {-1, 0, 1}) expect_civil_time(test, zone, stretch.from + by);
    }
  }
}

TEST(ZoneOffsets, KnowDaylightSaving) {
  // 2024-03-31 01:00 UTC: the clocks of Berlin go from 2 to 3.
  ClockTest test;
  test.zone = zone_offsets("Europe/Berlin");
  test.hours = 1U << 2;
  EXPECT_FALSE(test.accepts(1'711'846'800'000));      // 03:00.
  EXPECT_FALSE(test.accepts(1'711'846'800'000 - 1));  // 01:59:59.999.
  // 2024-10-27 01:00 UTC: from 3 back to 2, so that 2 o'clock comes twice.
  EXPECT_TRUE(test.accepts(1'729'987'200'000));               // 02:00, the first time.
  EXPECT_TRUE(test.accepts(1'729'990'800'000));               // 02:00 again.
  EXPECT_FALSE(test.accepts(1'729'990'800'000 + 3'600'000));  // 03:00.
}

}  // namespace
}  // namespace grapevine

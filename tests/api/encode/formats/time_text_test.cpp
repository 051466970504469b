#include "api/encode/formats/time_text.hpp"

#include <array>
#include <random>
#include <string>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

namespace grapevine::sql {
namespace {

constexpr const char* kZones[] = {"UTC",
                                  "Europe/Berlin",
                                  "America/New_York",
                                  "Asia/Seoul",
                                  "Australia/Lord_Howe",
                                  "Africa/Casablanca",
                                  "America/St_Johns",
                                  "Pacific/Apia",
                                  "nowhere"};

std::string written(TimeText& text, std::int64_t time) {
  std::array<char, kTimeBytesMax> bytes;
  return {bytes.data(), text.write(bytes.data(), time)};
}

// By the calendar's own formatting; a name that is no zone is UTC.
std::string reference(std::int64_t second, const char* name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name, &zone)) zone = absl::UTCTimeZone();
  return absl::FormatTime("%E4Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(second), zone);
}

TEST(TimeText, SameAsTheCalendarInAnyOrder) {
  for (const char* zone : kZones) {
    SCOPED_TRACE(zone);
    TimeText text(TimeStyle::Simple, zone, 0);
    std::mt19937_64 random(1);
    for (int i = 0; i < 20'000; ++i) {
      // The years 1900 to 2299.
      const std::int64_t second =
          -2'208'988'800 + static_cast<std::int64_t>(random() % 12'622'780'800);
      ASSERT_EQ(written(text, second), reference(second, zone)) << second;
    }
  }
}

TEST(TimeText, SameAsTheCalendarAroundEachChangeOfClocks) {
  for (const char* name : kZones) {
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(name, &zone)) continue;
    SCOPED_TRACE(name);
    TimeText text(TimeStyle::Simple, name, 0);
    absl::Time time = absl::FromCivil(absl::CivilYear(1900), zone);
    absl::TimeZone::CivilTransition change;
    for (int i = 0; i < 400 && zone.NextTransition(time, &change); ++i) {
      time = zone.At(change.to).trans;
      const std::int64_t second = absl::ToUnixSeconds(time);
      for (const std::int64_t near : {second - 1, second, second + 1, second - 3600}) {
        ASSERT_EQ(written(text, near), reference(near, name)) << near;
      }
    }
  }
}

TEST(TimeText, SecondsBefore1970HaveFractions) {
  TimeText simple(TimeStyle::Simple, "UTC", 3);
  EXPECT_EQ(written(simple, -1), "1969-12-31 23:59:59.999");
  EXPECT_EQ(written(simple, -1000), "1969-12-31 23:59:59.000");
  TimeText unix_time(TimeStyle::Unix, "Asia/Seoul", 3);
  EXPECT_EQ(written(unix_time, -1), "-0.001");
  EXPECT_EQ(written(unix_time, -500), "-0.500");
  EXPECT_EQ(written(unix_time, -1000), "-1.000");
  EXPECT_EQ(written(unix_time, -1500), "-1.500");
  EXPECT_EQ(written(unix_time, 1500), "1.500");
  TimeText iso(TimeStyle::Iso, "Asia/Seoul", 9);
  EXPECT_EQ(written(iso, 1), "1970-01-01T00:00:00.000000001Z");
}

TEST(DateText, EveryDayFollowsTheOneBefore) {
  DateText text;
  absl::CivilDay day(1970, 1, 1);
  for (std::int64_t i = 0; i < 65'536; ++i, ++day) {
    std::array<char, kTimeBytesMax> bytes;
    ASSERT_EQ(std::string(bytes.data(), text.write(bytes.data(), i)), absl::FormatCivilTime(day));
  }
}

}  // namespace
}  // namespace grapevine::sql

#include "api/parse/time.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

// Expected numbers: GNU date, `date -u -d TEXT +%s%3N`.
TEST(Time, ReadsDatesAndTimesOfEveryForm) {
  EXPECT_EQ(parse_time("1970-01-01"), 0);
  EXPECT_EQ(parse_time("2026-11-22"), 1795305600000);
  EXPECT_EQ(parse_time("2026-11-22T01:02:03.004Z"), 1795309323004);
  EXPECT_EQ(parse_time("2026-11-22 01:02:03.004Z"), 1795309323004);
  EXPECT_EQ(parse_time("2026-11-22T01:02:03Z"), 1795309323000);
  EXPECT_EQ(parse_time("2026-11-22T01:02:03"), 1795309323000);
  EXPECT_EQ(parse_time("2026-11-22T01:02"), 1795309320000);
  EXPECT_EQ(parse_time("2024-02-29"), 1709164800000);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59.999Z"), -1);
  EXPECT_EQ(parse_time("0001-01-01"), -62135596800000);
  EXPECT_EQ(parse_time("9999-12-31T23:59:59.999Z"), 253402300799999);
}

TEST(Time, CutsFractionsToMilliseconds) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.1Z"), 100);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.12Z"), 120);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.123456789Z"), 123);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.9999999999999999999999Z"), 999);
}

TEST(Time, ReadsOffsetsFromUtc) {
  EXPECT_EQ(parse_time("2026-11-22T10:02:03.004+09:00"), 1795309323004);
  EXPECT_EQ(parse_time("2026-11-22T10:02:03.004+0900"), 1795309323004);
  EXPECT_EQ(parse_time("2026-11-22T10:02:03.004+09"), 1795309323004);
  EXPECT_EQ(parse_time("2026-11-21T21:32:03.004-03:30"), 1795309323004);
  EXPECT_EQ(parse_time("2026-11-22T01:02-00:00"), 1795309320000);
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2026",
                           "2026-11",
                           "2026-11-",
                           "2026-1-22",
                           "26-11-22",
                           "0000-01-01",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-11-31",
                           "2026-02-29",
                           "1900-02-29",
                           "2026-11-00",
                           "2026-11-22T",
                           "2026-11-22T1:02",
                           "2026-11-22T01",
                           "2026-11-22T24:00",
                           "2026-11-22T01:60",
                           "2026-11-22T01:02:60",
                           "2026-11-22T01:02:03.",
                           "2026-11-22T01:02:03.Z",
                           "2026-11-22T01:02:03+",
                           "2026-11-22T01:02:03+9",
                           "2026-11-22T01:02:03+24:00",
                           "2026-11-22T01:02:03+09:",
                           "2026-11-22T01:02:03+09:60",
                           "2026-11-22T01:02:03 Z",
                           "2026-11-22Z",
                           "2026-11-22T01:02:03ZZ",
                           "2026-11-22T01:02:03UTC",
                           " 2026-11-22",
                           "2026-11-22 ",
                           "2026/11/22",
                           "+2026-11-22",
                           "-001-11-22",
                           "tomorrow",
                           "1795309323004",
                           "2026-11-22T01:02:03\xEF\xBC\x90"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace grapevine

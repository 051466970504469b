// What rules mean to the last digit and the last millisecond.

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "api/parse/json_mistake.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/time.hpp"
#include "api/plan/calendar.hpp"
#include "api/plan/number_interval.hpp"

namespace grapevine {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(NumberInterval, ComparesIntegersAndDoublesWithoutRounding) {
  const auto at_least = [](long double n) { return interval_of(Operator::Gte, n, n); };
  const auto below = [](long double n) { return interval_of(Operator::Lt, n, n); };
  const auto equal = [](long double n) { return interval_of(Operator::Eq, n, n); };
  EXPECT_EQ(at_least(27.5L).whole(), (Range<std::int64_t>{28, kMost}));
  EXPECT_EQ(below(28.0L).whole(), (Range<std::int64_t>{kLeast, 27}));
  EXPECT_EQ(below(28.5L).whole(), (Range<std::int64_t>{kLeast, 28}));
  EXPECT_GT(equal(28.5L).whole().least, equal(28.5L).whole().most);
  EXPECT_EQ(equal(static_cast<long double>(kMost)).whole(), (Range<std::int64_t>{kMost, kMost}));
  EXPECT_GT(at_least(1e19L).whole().least, at_least(1e19L).whole().most);
  EXPECT_EQ(below(1e300L).whole(), (Range<std::int64_t>{kLeast, kMost}));
  // 2^53 + 1 is no double: nothing equals it, and the least above it is 2^53 + 2.
  const long double odd = 9007199254740993.0L;
  EXPECT_GT(equal(odd).real().least, equal(odd).real().most);
  EXPECT_EQ(at_least(odd).real().least, 9007199254740994.0);
  EXPECT_EQ(below(odd).real().most, 9007199254740992.0);
}

TEST(NumberInterval, RoundsItsEndsForColumnsOfFloats) {
  const long double sent = static_cast<long double>(4.3);
  EXPECT_TRUE(interval_of(Operator::Eq, sent, sent).real32().has(4.3F));
  EXPECT_TRUE(interval_of(Operator::Gte, sent, sent).real32().has(4.3F));
  EXPECT_FALSE(interval_of(Operator::Gt, sent, sent).real32().has(4.3F));
  EXPECT_FALSE(interval_of(Operator::Lt, sent, sent).real32().has(4.3F));
}

TEST(Calendar, WordsFollowTheZone) {
  const TimeMs as_of = *parse_time("2026-11-22T15:30:00Z");  // A Sunday; Monday in Seoul.
  const auto window = [&](CalendarWord word, const char* zone) {
    return resolve_within(word, as_of, zone);
  };
  EXPECT_EQ(window(CalendarWord::ThisWeek, "UTC").from, *parse_time("2026-11-16"));
  EXPECT_EQ(window(CalendarWord::ThisWeek, "Asia/Seoul").from,
            *parse_time("2026-11-23T00:00+09:00"));
  EXPECT_EQ(window(CalendarWord::LastQuarter, "UTC").from, *parse_time("2026-07-01"));
  EXPECT_EQ(window(CalendarWord::LastQuarter, "UTC").to, *parse_time("2026-10-01"));
  EXPECT_EQ(window(CalendarWord::ThisYear, "Asia/Seoul").to, *parse_time("2027-01-01T00:00+09:00"));
}

TEST(Calendar, DaysOfDaylightSavingAreShorterAndLonger) {
  constexpr TimeMs kHour = 3'600'000;
  const auto hours = [&](const char* as_of) {
    const TimeWindow day =
        resolve_within(CalendarWord::Today, *parse_time(as_of), "America/New_York");
    return (day.to - day.from) / kHour;
  };
  EXPECT_EQ(hours("2026-03-08T12:00-04:00"), 23);
  EXPECT_EQ(hours("2026-11-01T12:00-05:00"), 25);
  EXPECT_EQ(hours("2026-11-02T12:00-05:00"), 24);
}

TEST(Calendar, EveryoneHasAnAnniversaryEveryYear) {
  const auto days = [](const char* from, const char* to) {
    return days_of({*parse_time(from), *parse_time(to)}, "UTC");
  };
  EXPECT_TRUE(days("2026-02-28", "2026-03-01").test(2 * 32 + 29));
  EXPECT_FALSE(days("2028-02-28", "2028-02-29").test(2 * 32 + 29));
  EXPECT_TRUE(days("2028-02-29", "2028-03-01").test(2 * 32 + 29));
  EXPECT_EQ(days("2026-12-30", "2027-01-03").count(), 4U);
  EXPECT_EQ(days("2020-01-01", "2030-01-01").count(), 366U);
}

// The slow reader exists for messages, so it must refuse what the fast one refuses, and no more.
TEST(JsonMistake, IsFoundWhereTheReaderFindsOne) {
  const std::string sound =
      R"({"a": [1, -2.5e3, "x\n\u00e9\ud83d\ude00é", true, null], "b": {"c": {}}, "d": 0.5})";
  EXPECT_EQ(find_json_mistake(sound, 100).detail, "");
  const std::string_view letters = "{}[],:\"\\0159.eE+-tfnu \xC3\x01";
  std::uint64_t state = 1;
  const auto draw = [&](std::size_t bound) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state >> 33) % bound;
  };
  for (int round = 0; round < 20'000; ++round) {
    std::string text = sound;
    for (std::size_t changes = 1 + draw(2); changes > 0; --changes) {
      text[draw(text.size())] = letters[draw(letters.size())];
    }
    const bool refused = !read_json(text).ok();
    EXPECT_EQ(refused, !find_json_mistake(text, kJsonLevelsMax).detail.empty()) << text;
  }
}

}  // namespace
}  // namespace grapevine

// Functions of time that are worked out once a quarter of an hour say of many rows what they say of each.

#include "kernels/query/functions/quarter_hours.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/function.hpp"
#include "kernels/query/group_table.hpp"
#include "kernels/query/value_bytes.hpp"
#include "tests/kernels/query/random_columns.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kRows = 6000;

// Moments of some days around one.
ColumnPtr moments(std::int64_t from_ms, std::int64_t days, const std::string& zone,
                  std::uint64_t seed) {
  RandomColumns random(seed);
  DataType type = plain(TypeId::DateTime64);
  type.scale = 3;
  type.timezone = zone;
  auto column = new_fixed(type, kRows);
  for (std::int64_t& value : column->fixed<std::int64_t>()) {
    value = from_ms +
            static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(days) * 86'400'000));
  }
  return column;
}

std::string bytes_at(const ColumnPtr& column, std::size_t row) {
  std::string bytes;
  append_value(*column, row, bytes);
  return bytes;
}

void expect_same(const std::string& name, const ColumnPtr& times) {
  const std::vector<Argument> arguments{{times->type, nullptr}};
  const auto function = make_function(name, arguments, SessionFacts{});
  ASSERT_TRUE(function.ok()) << name << ": " << function.status();
  const auto all = (*function)->apply(std::vector{times}, kRows);
  ASSERT_TRUE(all.ok()) << name << ": " << all.status();
  for (std::size_t row = 0; row < kRows; row += 7) {
    const auto one = (*function)->apply(std::vector{value_at(times, row)}, 1);
    ASSERT_TRUE(one.ok()) << name;
    ASSERT_EQ(bytes_at(*all, row), bytes_at(*one, 0))
        << name << " of " << times->fixed<std::int64_t>()[row] << " in " << times->type.timezone;
  }
}

TEST(QuarterHours, SayWhatEachRowSays) {
  const std::int64_t kStarts[] = {0, 1'679'770'000'123, 1'698'500'000'000, 4'102'000'000'000};
  for (const std::string zone : {"UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu",
                                 "Australia/Lord_Howe", "Africa/Monrovia", "America/St_Johns"}) {
    for (const std::int64_t start : kStarts) {
      const ColumnPtr times = moments(start, 20, zone, static_cast<std::uint64_t>(start) + 1);
      for (const std::string name : {"toDate",
                                     "toStartOfHour",
                                     "toStartOfDay",
                                     "toStartOfFifteenMinutes",
                                     "timeSlot",
                                     "toMonday",
                                     "toStartOfWeek",
                                     "toStartOfMonth",
                                     "toHour",
                                     "toDayOfWeek",
                                     "toISOWeek",
                                     "toYYYYMM",
                                     "toRelativeWeekNum",
                                     "toRelativeDayNum",
                                     "toMinute",
                                     "toSecond",
                                     "toStartOfMinute",
                                     "toYYYYMMDDhhmmss",
                                     "toRelativeHourNum",
                                     "toUnixTimestamp"}) {
        expect_same(name, times);
      }
    }
  }
}

TEST(QuarterHours, AreThoseOfTheRows) {
  const ColumnPtr times = moments(1'600'000'000'000, 15, "UTC", 3);
  const auto found = quarter_hours(*times);
  ASSERT_TRUE(found.has_value());
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::int64_t begins = found->beginnings->fixed<std::int64_t>()[found->index[row]];
    EXPECT_EQ(begins, times->fixed<std::int64_t>()[row] / 900'000 * 900'000);
  }
  EXPECT_FALSE(quarter_hours(*moments(-5'000'000, 15, "UTC", 3)).has_value()) << "before 1970";
  EXPECT_FALSE(quarter_hours(*moments(0, 100, "UTC", 3)).has_value()) << "too few rows";
  EXPECT_FALSE(quarter_hours(*value_at(times, 0, kRows)).has_value()) << "a constant";
}

// Groups of whole hours are looked up in an array until a moment comes that is none.
TEST(QuarterHours, AsKeysOfGroups) {
  RandomColumns random(5);
  DataType type = nullable(plain(TypeId::DateTime));
  GroupTable table({type, plain(TypeId::UInt8)});
  std::vector<std::pair<std::string, std::uint32_t>> seen;
  for (std::size_t block = 0; block < 12; ++block) {
    const std::uint32_t unit = block < 6 ? 3600 : block == 6 ? 1 : 900;
    auto times = new_fixed(type, 500);
    auto others = new_fixed(plain(TypeId::UInt8), 500);
    times->nulls.resize(500);
    for (std::size_t i = 0; i < 500; ++i) {
      times->fixed<std::uint32_t>()[i] =
          1'600'000'200 / unit * unit +
          unit * static_cast<std::uint32_t>(random.below(200 * block + 9));
      times->nulls[i] = random.below(20) == 0 ? 1 : 0;
      others->fixed<std::uint8_t>()[i] = static_cast<std::uint8_t>(random.below(3));
    }
    const std::vector<ColumnPtr> keys{times, others};
    std::vector<std::uint32_t> groups(500);
    std::vector<std::uint32_t> found(500);
    table.assign(keys, 500, groups);
    table.find(keys, 500, found);
    EXPECT_EQ(groups, found);
    for (std::size_t i = 0; i < 500; ++i) {
      seen.emplace_back((times->is_null(i) ? "NULL" : bytes_at(times, i)) + bytes_at(others, i),
                        groups[i]);
    }
  }
  std::map<std::string, std::uint32_t> group_of;
  for (const auto& [key, group] : seen) {
    EXPECT_EQ(group_of.emplace(key, group).first->second, group);
  }
  EXPECT_EQ(group_of.size(), table.size());
}

}  // namespace
}  // namespace grapevine::sql

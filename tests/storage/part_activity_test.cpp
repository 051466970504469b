#include "storage/part_activity.hpp"

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/part_rows.hpp"
#include "storage/part_tiers.hpp"
#include "storage/store_state.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using Parts = std::vector<std::shared_ptr<const Part>>;
// Events by customer and the begin of a quarter hour.
using Visits = std::map<std::pair<std::uint32_t, TimeMs>, std::set<std::uint32_t>>;

constexpr TimeMs kQuarterHour = PartActivity::kQuarterHourMs;

TimeMs quarter_hour_begin(TimeMs time) {
  TimeMs begin = time - time % kQuarterHour;
  if (begin > time) begin -= kQuarterHour;
  return begin;
}

Visits visits_of_rows(const Part& part) {
  Visits visits;
  for (const LiveRun& run : part.runs) {
    for (std::size_t row = 0; row < run->size(); ++row) {
      if (run.is_dead(row)) continue;
      visits[{index(run->customers[row]), quarter_hour_begin(run->time(row))}].insert(
          index(run->event));
    }
  }
  return visits;
}

std::set<std::uint32_t> events_of(const PartActivity& activity, std::uint32_t set) {
  std::set<std::uint32_t> events;
  for (; set != 0; set = activity.event_sets()[set].others) {
    EXPECT_TRUE(events.insert(index(activity.event_sets()[set].event)).second);
  }
  return events;
}

Visits visits_of_activity(const PartActivity& activity, std::uint32_t blocks) {
  Visits visits;
  std::size_t seen = 0;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const auto [begin, end] = activity.of_block(block);
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t mark = activity.marks()[i];
      EXPECT_TRUE(i == begin || activity.marks()[i - 1] < mark);
      const std::pair visit{block << 16 | mark >> 16,
                            activity.from() + TimeMs{mark & 0xFFFF} * kQuarterHour};
      const auto set = static_cast<std::uint32_t>(activity.sets().at(i));
      EXPECT_TRUE(visits.emplace(visit, events_of(activity, set)).second);
    }
    seen += end - begin;
  }
  EXPECT_EQ(seen, activity.size());
  return visits;
}

// Rows of up to 20 events of some weeks before and after 1970, in sessions.
Parts parts_of(std::size_t customers, std::size_t names, TimeMs begin, TimeMs span) {
  StoreState state(StoreOptions{}, ErasedIds::Key{});
  std::mt19937_64 random(customers + names);
  testing::BatchOf batch;
  for (std::size_t sessions = 4000; sessions > 0; --sessions) {
    const std::string id = "c" + std::to_string(random() % customers);
    TimeMs time = begin + static_cast<TimeMs>(random() % static_cast<std::uint64_t>(span));
    for (std::size_t events = 1 + random() % 5; events > 0; --events) {
      batch.event(time, "e" + std::to_string(random() % names), id);
      time += static_cast<TimeMs>(random() % 8) * 60'000;
    }
  }
  state.apply(batch.batch, 1);
  const auto snapshot = state.publish();
  return {snapshot->parts().begin(), snapshot->parts().end()};
}

TEST(PartActivity, HasWhatTheRowsSay) {
  constexpr TimeMs kWeek = 7 * 86'400'000;
  for (const auto& [customers, names, begin, span] :
       {std::tuple<std::size_t, std::size_t, TimeMs, TimeMs>{5, 3, 1'700'000'000'000, kWeek},
        {300, 20, 1'700'000'000'000, kWeek},
        {70'000, 1, -kWeek, 2 * kWeek},
        {3000, 90, 1'700'000'000'123, 50 * kWeek}}) {
    for (const auto& part : parts_of(customers, names, begin, span)) {
      const PartActivity* const activity = part->activity();
      ASSERT_NE(activity, nullptr);
      EXPECT_EQ(visits_of_activity(*activity, 2), visits_of_rows(*part));
      EXPECT_EQ(part->activity(), activity) << "made once";
    }
  }
}

TEST(PartActivity, LeavesOutDeadRowsAndIsNoCopysOwn) {
  for (const auto& part : parts_of(300, 3, 1'700'000'000'000, 7 * 86'400'000)) {
    const std::size_t bytes = part->bytes();
    ASSERT_NE(part->activity(), nullptr);
    EXPECT_EQ(part->bytes(), bytes + part->activity()->bytes());
    const auto left = without_rows(*part, rows_before(*part, part->first + 3 * 86'400'000));
    ASSERT_NE(left, nullptr);
    EXPECT_LT(left->rows, part->rows);
    EXPECT_EQ(visits_of_activity(*left->activity(), 1), visits_of_rows(*left));
    const Part copy = *part;
    EXPECT_LE(copy.bytes(), bytes) << "with the activity of another part";
    EXPECT_EQ(visits_of_activity(*copy.activity(), 1), visits_of_rows(copy));
  }
}

TEST(PartActivity, IsNotMadeOfDecades) {
  std::size_t wide = 0;
  for (const auto& part : parts_of(10, 2, 0, TimeMs{30} * 365 * 86'400'000)) {
    if (part->last - part->first < 65'536 * kQuarterHour) continue;
    ++wide;
    EXPECT_EQ(part->activity(), nullptr);
  }
  EXPECT_GT(wide, 0U);
}

}  // namespace
}  // namespace grapevine

#include <memory>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/cohort/active_people.hpp"
#include "kernels/cohort/cohort_reference.hpp"
#include "kernels/cohort/last_touch.hpp"
#include "kernels/cohort/lookalikes.hpp"
#include "kernels/cohort/retention.hpp"
#include "kernels/cohort/rfm.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/seen.hpp"
#include "kernels/segment/window_reference.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kDay = 24 * kHour;
constexpr TimeMs kEnd = RandomWorld::kBegin + RandomWorld::kSpan;

// On both sides of the blocks that kernels work by; many events at the same time; some rows dead.
std::vector<testing::WorldShape> shapes() {
  std::vector<testing::WorldShape> all;
  for (const std::size_t customers : {1, 63, 64, 65, 4095, 4096, 4097, 8193, 32'769, 65'537}) {
    all.push_back({.customers = customers,
                   .events = 6000,
                   .batches = 6,
                   .seed = customers,
                   .tick_ms = 600'000,
                   .erased = customers > 60 ? 5U : 0U});
  }
  return all;
}

EventSelection events(const Snapshot& snapshot, std::initializer_list<const char*> names,
                      TimeMs from = INT64_MIN, TimeMs to = INT64_MAX) {
  EventSelection selection;
  for (const char* name : names) selection.events.push_back(snapshot.find_event(name));
  selection.from = from;
  selection.to = to;
  return selection;
}

// All rows; some names; a window that cuts runs; a rule.
std::vector<EventSelection> selections(const Snapshot& snapshot) {
  constexpr auto kThird = RandomWorld::kSpan / 3;
  std::vector<EventSelection> all{
      events(snapshot, {"Order Completed", "Page Viewed", "Something Else"}),
      events(snapshot, {"Page Viewed"}, RandomWorld::kBegin + kThird, kEnd - kThird),
      events(snapshot, {})};
  ColumnId channel{};
  EXPECT_NE(snapshot.find_column("channel", channel), nullptr);
  ValueTest web;
  web.texts = {"web"};
  web.as_text = true;
  all.push_back(events(snapshot, {"Order Completed", "Page Viewed"}));
  all.back().where.push_back({channel, web, false});
  return all;
}

CustomerSet every_third(const Snapshot& snapshot) {
  CustomerSet set(snapshot.customers().count());
  for (std::uint32_t i = 0; i < set.customers(); i += 3) set.add(CustomerId(i));
  return set;
}

ColumnId column(const Snapshot& snapshot, const char* name) {
  ColumnId id{};
  EXPECT_NE(snapshot.find_column(name, id), nullptr) << name;
  return id;
}

// Weeks; days and hours that begin inside and end before the rows; one odd width; one of everything.
const std::vector<TimeBuckets>& buckets() {
  static const std::vector<TimeBuckets> all{{RandomWorld::kBegin - 3 * kDay, 7 * kDay, 6},
                                            {RandomWorld::kBegin + kDay, kDay, 20},
                                            {RandomWorld::kBegin / kHour * kHour, kHour, 600},
                                            {RandomWorld::kBegin + 5, 1'234'567, 50},
                                            {RandomWorld::kBegin, 1, 1},
                                            {RandomWorld::kBegin - 400 * kDay, 400 * kDay, 2}};
  return all;
}

TEST(Retention, AgreesWithASetOfPeriodsForEachCustomer) {
  for (const auto& shape : shapes()) {
    SCOPED_TRACE(::testing::Message() << "customers=" << shape.customers);
    RandomWorld world(shape);
    const auto snapshot = world.snapshot();
    for (const EventSelection& selection : selections(*snapshot)) {
      for (const TimeBuckets& periods : buckets()) {
        if (periods.count > Retention::kPeriodsMax) continue;
        const auto found = count_retention(*snapshot, selection, periods, Stop());
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_EQ(found->people, count_retention_reference(*snapshot, selection, periods).people);
      }
    }
  }
}

// A store whose batches are of one week each, so that a run lies in few periods, as those of a store that
// grew do; and of one batch of late events of all weeks, some of which the same customer had at the
// same time. Some customers are erased.
class WeeklyWorld {
 public:
  explicit WeeklyWorld(std::size_t customers) : customers_(customers) {
    auto opened = Store::open({});
    EXPECT_TRUE(opened.ok());
    store_ = *std::move(opened);
    constexpr TimeMs kWeeks = 5;
    for (TimeMs week = 0; week < kWeeks; ++week) append(week * 7 * kDay, 7 * kDay, 2000);
    append(0, kWeeks * 7 * kDay, 500);
    for (const std::string& id : erased_) EXPECT_TRUE(store_->erase(id, kEnd).ok());
  }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return store_->snapshot(); }

 private:
  // Sessions of a customer: events soon after one another, often in the same hour.
  void append(TimeMs begin, TimeMs span, std::size_t sessions) {
    constexpr const char* kNames[] = {"Order Completed", "Page Viewed", "Something Else"};
    constexpr const char* kChannels[] = {"web", "app", "store"};
    testing::BatchOf batch;
    for (std::size_t i = 0; i < sessions; ++i) {
      const std::string id = "c" + std::to_string(random_() % customers_);
      if (i == 0) erased_.insert(id);
      TimeMs time =
          RandomWorld::kBegin + begin +
          static_cast<TimeMs>(random_() % static_cast<std::uint64_t>(span / kHour)) * kHour;
      for (std::size_t events = 1 + random_() % 3; events > 0; --events) {
        batch.event(time, kNames[random_() % 3], id);
        if (random_() % 3 != 0) batch.with("channel", kChannels[random_() % 3]);
        if (random_() % 3 != 0) batch.with("value", static_cast<double>(random_() % 1000) / 8);
        time += static_cast<TimeMs>(random_() % 3) * 1'200'000;
      }
    }
    ASSERT_TRUE(store_->append(std::move(batch.batch)).ok());
  }

  std::size_t customers_;
  std::set<std::string> erased_;
  std::mt19937_64 random_{17};
  std::unique_ptr<Store> store_;
};

constexpr std::size_t kWeeklySizes[] = {50, 8193, 70'000};

TEST(Retention, AgreesWherePartsAreOfWeeksAndSomeEventsCameLate) {
  for (const std::size_t customers : kWeeklySizes) {
    WeeklyWorld world(customers);
    const auto snapshot = world.snapshot();
    for (const EventSelection& selection : selections(*snapshot)) {
      for (const TimeBuckets& periods :
           {TimeBuckets{RandomWorld::kBegin - 3 * kDay, 7 * kDay, 7},
            TimeBuckets{RandomWorld::kBegin + 10 * kDay, 7 * kDay, 2},  // Begins and ends in weeks.
            TimeBuckets{RandomWorld::kBegin + 9 * kDay, 2 * kDay, 3},
            TimeBuckets{RandomWorld::kBegin, 100 * kDay, 1}}) {
        const auto found = count_retention(*snapshot, selection, periods, Stop());
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_EQ(found->people, count_retention_reference(*snapshot, selection, periods).people);
      }
    }
  }
}

TEST(ActivePeople, AgreeWherePartsAreOfWeeksAndSomeEventsCameLate) {
  for (const std::size_t customers : kWeeklySizes) {
    WeeklyWorld world(customers);
    const auto snapshot = world.snapshot();
    const CustomerSet some = every_third(*snapshot);
    for (const EventSelection& selection : selections(*snapshot)) {
      for (const TimeBuckets& each :
           {TimeBuckets{RandomWorld::kBegin / kHour * kHour, kHour, 35 * 24},
            TimeBuckets{RandomWorld::kBegin + 777, kHour, 200},
            TimeBuckets{RandomWorld::kBegin + 8 * kDay, 7 * kDay, 3}}) {
        for (const CustomerSet* among : {static_cast<const CustomerSet*>(nullptr), &some}) {
          const auto found = count_active_people(*snapshot, selection, each, among, Stop());
          ASSERT_TRUE(found.ok()) << found.status();
          EXPECT_EQ(*found, count_active_people_reference(*snapshot, selection, each, among));
        }
      }
    }
  }
}

TEST(LastTouch, AgreesWherePartsAreOfWeeksAndSomeEventsCameLate) {
  for (const std::size_t customers : kWeeklySizes) {
    WeeklyWorld world(customers);
    const auto snapshot = world.snapshot();
    const ColumnId channel = column(*snapshot, "channel");
    for (const EventSelection& goals :
         {events(*snapshot, {"Order Completed"}),
          events(*snapshot, {"Order Completed"}, RandomWorld::kBegin + 8 * kDay,
                 RandomWorld::kBegin + 12 * kDay)}) {
      for (const EventSelection& touches : selections(*snapshot)) {
        for (const TimeMs within : {TimeMs{0}, kHour, 7 * kDay, 1000 * kDay}) {
          const auto found = count_last_touches(*snapshot, goals, touches, channel, within, Stop());
          ASSERT_TRUE(found.ok()) << found.status();
          const auto expected =
              count_last_touches_reference(*snapshot, goals, touches, channel, within);
          EXPECT_EQ(found->goals_by_code, expected.goals_by_code);
          EXPECT_EQ(found->goals_without_value, expected.goals_without_value);
          EXPECT_EQ(found->goals_without_touch, expected.goals_without_touch);
        }
      }
    }
  }
}

TEST(Retention, RefusesPeriodsThatItCannotKeep) {
  RandomWorld world({.customers = 10, .events = 10, .batches = 1});
  const auto snapshot = world.snapshot();
  const EventSelection all = events(*snapshot, {"Page Viewed"});
  for (const TimeBuckets& periods :
       {TimeBuckets{0, kDay, 65}, TimeBuckets{0, kDay, 0}, TimeBuckets{0, 0, 5},
        TimeBuckets{0, -1, 5}, TimeBuckets{INT64_MAX, kDay, 5}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(count_retention(*snapshot, all, periods, Stop()).status()));
  }
}

TEST(ActivePeople, AgreeWithASetOfPairs) {
  for (const auto& shape : shapes()) {
    SCOPED_TRACE(::testing::Message() << "customers=" << shape.customers);
    RandomWorld world(shape);
    const auto snapshot = world.snapshot();
    const CustomerSet some = every_third(*snapshot);
    for (const EventSelection& selection : selections(*snapshot)) {
      for (const TimeBuckets& each : buckets()) {
        for (const CustomerSet* among : {static_cast<const CustomerSet*>(nullptr), &some}) {
          const auto found = count_active_people(*snapshot, selection, each, among, Stop());
          ASSERT_TRUE(found.ok()) << found.status();
          EXPECT_EQ(*found, count_active_people_reference(*snapshot, selection, each, among));
        }
      }
    }
  }
}

TEST(Rfm, AgreesWithCountingWhoIsBelow) {
  for (const auto& shape : shapes()) {
    SCOPED_TRACE(::testing::Message() << "customers=" << shape.customers);
    RandomWorld world(shape);
    const auto snapshot = world.snapshot();
    const ColumnId value = column(*snapshot, "value");
    for (const EventSelection& selection : selections(*snapshot)) {
      for (const std::size_t groups : {1, 5, 100}) {
        const auto found = group_by_rfm(*snapshot, selection, value, groups, Stop());
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_EQ(*found, group_by_rfm_reference(*snapshot, selection, value, groups));
      }
    }
  }
}

TEST(LastTouch, AgreesWithLookingAtAllTouchesOfEachGoal) {
  for (const auto& shape : shapes()) {
    SCOPED_TRACE(::testing::Message() << "customers=" << shape.customers);
    RandomWorld world(shape);
    const auto snapshot = world.snapshot();
    const ColumnId channel = column(*snapshot, "channel");
    const EventSelection orders =
        events(*snapshot, {"Order Completed"}, RandomWorld::kBegin + 2 * kDay, kEnd - kDay);
    std::vector<EventSelection> touches = selections(*snapshot);  // Some are goals themselves.
    for (const EventSelection& selection : touches) {
      for (const TimeMs within : {TimeMs{0}, kHour, 7 * kDay, 1000 * kDay}) {
        const auto found =
            count_last_touches(*snapshot, orders, selection, channel, within, Stop());
        ASSERT_TRUE(found.ok()) << found.status();
        const auto expected =
            count_last_touches_reference(*snapshot, orders, selection, channel, within);
        EXPECT_EQ(found->goals_by_code, expected.goals_by_code);
        EXPECT_EQ(found->goals_without_value, expected.goals_without_value);
        EXPECT_EQ(found->goals_without_touch, expected.goals_without_touch);
      }
    }
  }
}

TEST(LastTouch, RefusesAColumnOfNumbers) {
  RandomWorld world({.customers = 10, .events = 100, .batches = 1});
  const auto snapshot = world.snapshot();
  const EventSelection all = events(*snapshot, {"Order Completed"});
  const auto by_value =
      count_last_touches(*snapshot, all, all, column(*snapshot, "value"), kDay, Stop());
  EXPECT_TRUE(absl::IsInvalidArgument(by_value.status())) << by_value.status();
}

TEST(Lookalikes, AgreeWithSortingEveryone) {
  for (const std::size_t customers : {64, 65, 8191, 8193, 20'000, 140'000}) {
    SCOPED_TRACE(::testing::Message() << "customers=" << customers);
    RandomWorld world({.customers = customers, .events = 0, .batches = 1, .seed = 9});
    const auto snapshot = world.snapshot();
    const CustomerTable& table = snapshot->customers();
    const std::vector<LikenessTrait> traits{{table.attribute("age"), 10},
                                            {table.attribute("region")},
                                            {table.attribute("vip")},
                                            {table.attribute("email")}};
    CustomerSet members(table.count());
    for (std::uint32_t i = 0; i < table.count(); i += 7) members.add(CustomerId(i));
    CustomerSet population = people(table);
    for (std::uint32_t i = 0; i < table.count(); i += 11) population.remove(CustomerId(i));
    for (const std::size_t most : {0, 1, 100, 50'000}) {
      const auto found = find_lookalikes(traits, members, population, most, Stop());
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_EQ(*found, find_lookalikes_reference(traits, members, population, most));
    }
  }
}

TEST(Lookalikes, RefuseWhatTheyCannotCompare) {
  RandomWorld world({.customers = 100, .events = 0, .batches = 1});
  const auto snapshot = world.snapshot();
  const CustomerTable& table = snapshot->customers();
  const CustomerSet all = people(table);
  const auto status_of = [&](const std::vector<LikenessTrait>& traits) {
    return find_lookalikes(traits, all, all, 1, Stop()).status();
  };
  EXPECT_TRUE(absl::IsInvalidArgument(status_of({{table.attribute("spend")}})));
  EXPECT_TRUE(absl::IsInvalidArgument(status_of({{table.attribute("age"), 0}})));
  EXPECT_TRUE(
      absl::IsInvalidArgument(status_of(std::vector<LikenessTrait>(65, {table.attribute("vip")}))));
  EXPECT_TRUE(status_of({}).ok());
}

TEST(LastTimes, AreThoseOfEveryRow) {
  bool read_less = false;
  for (const auto& shape : shapes()) {
    RandomWorld world(shape);
    const auto snapshot = world.snapshot();
    const CustomerSet some = every_third(*snapshot);
    for (const TimeMs as_of : {TimeMs{0}, RandomWorld::kBegin + RandomWorld::kSpan / 2, kEnd}) {
      const auto found = last_times(*snapshot, some, as_of, some.count(), Stop());
      ASSERT_TRUE(found.ok());
      std::vector<TimeMs> expected = seen_times_reference(*snapshot, as_of).last;
      for (std::uint32_t i = 0; i < expected.size(); ++i) {
        if (!some.has(CustomerId(i))) expected[i] = kNever;
      }
      expected.resize(found->times.size(), kNever);
      EXPECT_EQ(found->times, expected);
      EXPECT_EQ(found->exact_after, kNever);
      for (const std::size_t most : {std::size_t{0}, std::size_t{1}, some.count() / 3}) {
        const auto latest = last_times(*snapshot, some, as_of, most, Stop());
        ASSERT_TRUE(latest.ok());
        std::size_t exact = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
          exact += expected[i] > latest->exact_after ? 1 : 0;
          if (expected[i] > latest->exact_after) {
            ASSERT_EQ(latest->times[i], expected[i]) << i;
          } else {
            ASSERT_LE(latest->times[i], latest->exact_after) << i;
          }
        }
        EXPECT_EQ(latest->exact, exact);
        EXPECT_TRUE(exact >= most || latest->exact_after == kNever);
        read_less = read_less || (most > 0 && latest->exact_after != kNever);
      }
    }
  }
  EXPECT_TRUE(read_less);  // Or nothing was tried.
}

TEST(Cohorts, SameBitsForAnyNumberOfThreads) {
  const auto answers = [](std::size_t batches, std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    RandomWorld world({.customers = 40'000, .events = 20'000, .batches = batches, .seed = 5});
    const auto snapshot = world.snapshot();
    const EventSelection all = selections(*snapshot).front();
    const EventSelection orders = events(*snapshot, {"Order Completed"});
    const CustomerSet everyone = people(snapshot->customers());
    const auto touches =
        count_last_touches(*snapshot, orders, all, column(*snapshot, "channel"), kDay, Stop());
    const std::vector<LikenessTrait> traits{{snapshot->customers().attribute("region")}};
    return std::tuple(count_retention(*snapshot, all, buckets()[0], Stop())->people,
                      *count_active_people(*snapshot, all, buckets()[2], nullptr, Stop()),
                      *group_by_rfm(*snapshot, orders, column(*snapshot, "value"), 5, Stop()),
                      touches->goals_without_touch,
                      *find_lookalikes(traits, every_third(*snapshot), everyone, 100, Stop()));
  };
  const auto expected = answers(4, 1);
  EXPECT_EQ(answers(4, 2), expected);
  EXPECT_EQ(answers(4, 8), expected);
}

TEST(TimeBuckets, FindABucketAsDividingDoes) {
  for (const TimeBuckets& each :
       {TimeBuckets{0, 1, 5}, TimeBuckets{0, 2, 9}, TimeBuckets{0, 3, 7},
        TimeBuckets{-17, 3'600'000, 4320}, TimeBuckets{5, TimeBuckets::kWidthMax, 1U << 20}}) {
    ASSERT_TRUE(each.valid().ok());
    const BucketFinder finder(each);
    const auto width = static_cast<std::uint64_t>(each.width_ms);
    for (std::uint64_t bucket = 0; bucket < each.count; bucket += 1 + each.count / 64) {
      for (const std::uint64_t elapsed :
           {bucket * width, bucket * width + width / 2, bucket * width + width - 1}) {
        EXPECT_EQ(finder.of(elapsed), bucket) << each.width_ms << " " << elapsed;
      }
    }
  }
}

}  // namespace
}  // namespace grapevine

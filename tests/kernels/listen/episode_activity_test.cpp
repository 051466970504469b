#include "kernels/listen/episode_activity.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/listen/case_groups.hpp"
#include "kernels/listen/episode_activity_reference.hpp"
#include "kernels/listen/row_groups_reference.hpp"
#include "kernels/listen/service_numbers.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kDay = TimeMs{24} * 3'600'000;
constexpr TimeMs kBegin = 1'700'000'000'000 / kDay * kDay;

// What 80 people do in 300 days, arriving in no order; one of them is erased.
std::shared_ptr<const Snapshot> random_world(std::size_t events, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) { return random() % bound; };
  constexpr const char* kNames[] = {"Post Created",   "Post Liked",        "Order Completed",
                                    "Product Shared", "Product Reviewed",  "Page Viewed",
                                    "Ticket Opened",  "Customer Mentioned"};
  auto store = Store::open({}).value();
  for (std::size_t batch = 0; batch < 3; ++batch) {
    testing::BatchOf rows;
    for (std::size_t i = 0; i < events / 3; ++i) {
      const TimeMs time = kBegin + static_cast<TimeMs>(below(1200)) * kDay / 4;
      rows.event(time, kNames[below(8)], "c" + std::to_string(below(80)));
      if (below(4) != 0) rows.with("brand", ("b" + std::to_string(below(4))).c_str());
      if (below(3) != 0) rows.with("sentiment", static_cast<double>(below(31)) / 10 - 1.5);
    }
    EXPECT_TRUE(store->append(std::move(rows.batch)).ok());
  }
  if (events > 100) {
    EXPECT_TRUE(store->erase("c7", kBegin + 400 * kDay).ok());
  }
  return store->snapshot();
}

std::vector<Episode> random_episodes(const Snapshot& snapshot, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Episode> episodes;
  for (std::uint32_t person = 0; person < snapshot.customers().count(); ++person) {
    if (random() % 3 == 0) continue;
    const auto day = static_cast<TimeMs>(random() % 300);
    episodes.push_back({CustomerId(person), kBegin + day * kDay});
  }
  return episodes;
}

std::vector<GroupDimension> about_two_brands(const Snapshot& snapshot) {
  GroupDimension brands{.groups = 1, .column = column_id(CoreColumn::Brand)};
  const Dictionary& values = *snapshot.columns()[index(column_id(CoreColumn::Brand))].dictionary;
  for (std::uint32_t code = 0; code < values.size(); ++code) {
    brands.of_code.push_back(code < 2 ? 0 : kNoGroup);
  }
  return {brands};
}

TEST(EpisodeActivity, AgreesWithEachRowHeldAgainstEachEpisode) {
  for (const std::size_t events : {0, 3, 90, 6000}) {
    const auto snapshot = random_world(events, events + 1);
    const auto episodes = random_episodes(*snapshot, 3);
    const TimeMs until = kBegin + 250 * kDay;
    for (const auto& about : {std::vector<GroupDimension>{}, about_two_brands(*snapshot)}) {
      SCOPED_TRACE(::testing::Message() << events << " events, " << about.size() << " filters");
      const auto activity = read_episode_activity(*snapshot, episodes, about, until, {});
      ASSERT_TRUE(activity.ok());
      EXPECT_EQ(*activity, episode_activity_reference(*snapshot, episodes, about, until));
    }
  }
}

TEST(EpisodeActivity, SameBitsForAnyNumberOfThreads) {
  const auto snapshot = random_world(9000, 5);
  const auto episodes = random_episodes(*snapshot, 5);
  const auto with_threads = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return read_episode_activity(*snapshot, episodes, {}, INT64_MAX, {}).value();
  };
  const EpisodeActivity one = with_threads(1);
  EXPECT_FALSE(one.advocacies.empty());
  EXPECT_EQ(one, with_threads(2));
  EXPECT_EQ(one, with_threads(8));
}

TEST(EpisodeActivity, CountsAfterAMomentAndUntilAnother) {
  EpisodeActivity activity;
  activity.offsets = {0, 0, 4};
  activity.advocacies = {10, 20, 20, 30};
  EXPECT_EQ(activity.count(0, 0, 100), 0U);
  EXPECT_EQ(activity.count(1, 10, 20), 3U);  // Not the moment itself, but the end.
  EXPECT_EQ(activity.count(1, 9, 11), 3U);
  EXPECT_EQ(activity.count(1, 30, 5), 0U);
}

TEST(EpisodeActivity, StopsWhenNobodyWaits) {
  const auto snapshot = random_world(90, 1);
  const auto episodes = random_episodes(*snapshot, 3);
  Stop stop;
  stop.request();
  EXPECT_TRUE(
      absl::IsCancelled(read_episode_activity(*snapshot, episodes, {}, INT64_MAX, stop).status()));
}

TEST(CaseGroups, AreTheGroupsOfTheirRows) {
  const auto snapshot = random_world(6000, 2);
  std::mt19937_64 random(1);
  std::vector<ServiceCase> cases;
  for (const auto& part : snapshot->parts()) {
    for (const LiveRun& live : part->runs) {
      for (std::uint32_t row = 0; row < live->size(); ++row) {
        if (random() % 3 != 0) continue;
        ServiceCase one;
        one.run = &*live;
        one.row = row;
        cases.push_back(one);
      }
    }
  }
  GroupDimension people{.groups = 3};
  for (std::uint32_t i = 0; i < snapshot->customers().count(); ++i) {
    people.of_customer.push_back(i % 4 == 3 ? kNoGroup : i % 4);
  }
  auto dimensions = about_two_brands(*snapshot);
  dimensions.push_back(people);
  std::vector<GroupedCase> expected;
  for (std::uint32_t i = 0; i < cases.size(); ++i) {
    for (const std::size_t group :
         row_groups_reference(*cases[i].run, cases[i].row, dimensions, 0, 2)) {
      expected.push_back({i, static_cast<std::uint32_t>(group)});
    }
  }
  EXPECT_GT(expected.size(), 100U);
  EXPECT_EQ(group_cases(cases, dimensions, {}).value(), expected);
  EXPECT_EQ(group_cases(cases, {}, {}).value().size(), cases.size());
  EXPECT_TRUE(group_cases({}, dimensions, {}).value().empty());
}

TEST(ServiceNumbers, CountWhoStillWaits) {
  const auto ticket = [](TimeMs opened, TimeMs answered, TimeMs resolved) {
    ServiceCase one;
    one.is_ticket = true;
    one.opened = opened;
    one.answered = answered;
    one.resolved = resolved;
    return one;
  };
  ServiceCase post;
  post.opened = 60;
  const std::vector<ServiceCase> cases{ticket(0, 10, 30), ticket(5, 25, kNotYet),
                                       ticket(90, kNotYet, kNotYet), post};
  std::vector<const ServiceCase*> all;
  for (const ServiceCase& one : cases) all.push_back(&one);
  const ServiceNumbers numbers = count_service(all, 100, 15);
  EXPECT_EQ(numbers.opened, 4U);
  EXPECT_EQ(numbers.tickets, 3U);
  EXPECT_EQ(numbers.answered, 2U);
  EXPECT_EQ(numbers.resolved, 1U);
  EXPECT_EQ(numbers.open, 3U);
  EXPECT_EQ(numbers.within_target, 1U);
  EXPECT_EQ(numbers.missed_target, 2U);  // One answered after 20, one waiting for 40.
  EXPECT_EQ(numbers.answer.of_ended[0], 10);
  EXPECT_EQ(numbers.answer.of_ended[1], 20);
  EXPECT_EQ(numbers.answer.waiting, 2U);
  // At 10 one of four ends (one is lost then), at 20 one of two.
  EXPECT_EQ(numbers.answer.estimated[0].value, 20);
  EXPECT_EQ(numbers.answer.estimated[1].value, std::nullopt);
  EXPECT_DOUBLE_EQ(numbers.longer_than_target->share, 0.75);
  const ServiceNumbers none = count_service({}, 100, 15);
  EXPECT_EQ(none.longer_than_target.has_value(), false);
  EXPECT_EQ(none.answer, WaitNumbers{});
}

}  // namespace
}  // namespace grapevine

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/sequence.hpp"
#include "kernels/segment/sequence_matcher.hpp"
#include "kernels/segment/sequence_reference.hpp"
#include "storage/time_span.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;

constexpr TimeMs kDay = 86'400'000;
const std::vector<std::vector<bool>> kShapes{
    {false},
    {false, false},
    {false, false, false},
    {false, true},
    {false, true, true},
    {false, true, false},
    {false, false, true},
    {false, true, false, true},
    {false, true, true, false, false, true},
    {false, false, true, false, true},
};

TEST(SequenceMatcher, AgreesWithEveryChoiceOfEvents) {
  std::mt19937_64 random(21);
  std::size_t complete = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::vector<bool>& negated = kShapes[random() % kShapes.size()];
    std::optional<TimeMs> window;
    if (negated.back() || random() % 2 == 0) window = static_cast<TimeMs>(random() % 12);
    const auto as_of = static_cast<TimeMs>(random() % 30);
    std::vector<StepEvent> events;
    for (std::size_t i = random() % 10; i > 0; --i) {
      events.push_back({static_cast<TimeMs>(random() % 20),
                        static_cast<std::uint32_t>(random() % negated.size())});
    }
    std::sort(events.begin(), events.end(), precedes);
    SequenceMatcher matcher(negated, window, as_of);
    const std::uint8_t level = matcher.level(events);
    ASSERT_EQ(level, sequence_level_reference(negated, window, as_of, events)) << round;
    ASSERT_EQ(matcher.level(events), level) << "asked again";
    complete += level == matcher.levels() ? 1 : 0;
  }
  EXPECT_GT(complete, 1000) << "the test would say little";
}

TEST(SequenceMatcher, ReadsTheContractToTheMillisecond) {
  const auto level = [](std::vector<bool> negated, std::optional<TimeMs> window, TimeMs as_of,
                        std::vector<StepEvent> events) {
    return int{SequenceMatcher(std::move(negated), window, as_of).level(events)};
  };
  // Strictly later; the window's last moment is inside.
  EXPECT_EQ(level({false, false}, 10, 99, {{5, 1}, {5, 0}}), 1);
  EXPECT_EQ(level({false, false}, 10, 99, {{5, 0}, {15, 1}}), 2);
  EXPECT_EQ(level({false, false}, 10, 99, {{5, 0}, {16, 1}}), 1);
  // An event at the same moment as the second step hides no earlier first one.
  EXPECT_EQ(level({false, false}, 10, 99, {{5, 0}, {7, 1}, {7, 0}}), 2);
  // In between: both moments are not between.
  EXPECT_EQ(level({false, true, false}, 10, 99, {{5, 0}, {6, 1}, {7, 2}}), 1);
  EXPECT_EQ(level({false, true, false}, 10, 99, {{5, 1}, {5, 0}, {7, 2}, {7, 1}}), 2);
  // At the end: until before first + window, which must have come.
  EXPECT_EQ(level({false, true}, 10, 15, {{5, 0}}), 2);
  EXPECT_EQ(level({false, true}, 10, 14, {{5, 0}}), 1);
  EXPECT_EQ(level({false, true}, 10, 99, {{5, 0}, {14, 1}}), 1);
  EXPECT_EQ(level({false, true}, 10, 99, {{5, 0}, {15, 1}}), 2);
  // An earlier first event may do where a later one does not.
  EXPECT_EQ(level({false, false, true}, 10, 99, {{0, 0}, {5, 1}, {6, 0}, {9, 1}, {12, 2}}), 3);
}

// Sequences of several kinds of steps, over thirty days.
std::vector<Sequence> sequences(const Snapshot& snapshot) {
  const auto named = [&](const char* name) {
    return EventSelection{.events = {snapshot.find_event(name)}, .where = {}, .targets = {}};
  };
  const EventSelection page = named("Page Viewed");
  EventSelection order = named("Order Completed");
  const EventSelection other = named("Something Else");
  EventSelection early = page;
  early.from = RandomWorld::kBegin + 3 * kDay;
  early.to = RandomWorld::kBegin + 20 * kDay;
  ColumnId channel{};
  EXPECT_NE(snapshot.find_column("channel", channel), nullptr);
  ValueTest web;
  web.texts = {"app", "web"};
  web.as_text = true;
  EventSelection on_web = order;
  on_web.where.push_back({channel, web, false});
  const TimeMs end = RandomWorld::kBegin + RandomWorld::kSpan;
  return {
      {{{page, false}, {order, false}}, 2 * kDay, end},
      {{{early, false}, {on_web, false}, {other, false}}, 7 * kDay, end},
      {{{page, false}, {page, false}, {page, false}}, std::nullopt, end},
      {{{early, false}, {order, true}, {other, false}}, std::nullopt, end},
      {{{early, false}, {other, false}, {order, true}}, 9 * kDay, end},
      {{{early, false}, {on_web, true}}, 4 * kDay, RandomWorld::kBegin + 10 * kDay},
  };
}

void agree(const testing::WorldShape& shape) {
  RandomWorld world(shape);
  const auto snapshot = world.snapshot();
  std::size_t number = 0;
  for (const Sequence& sequence : sequences(*snapshot)) {
    SCOPED_TRACE(::testing::Message() << "sequence " << number++ << " of " << shape.customers);
    const auto expected = sequence_levels_reference(*snapshot, sequence);
    const auto levels = sequence_levels(*snapshot, sequence, {}, Stop());
    ASSERT_TRUE(levels.ok());
    EXPECT_EQ(*levels, expected);
    int complete = 0;
    for (const Sequence::Step& step : sequence.steps) complete += step.negated ? 0 : 1;
    complete += sequence.steps.back().negated ? 1 : 0;
    CustomerSet completed(expected.size());
    for (std::uint32_t i = 0; i < expected.size(); ++i) {
      if (expected[i] == complete) completed.add(CustomerId(i));
    }
    const auto found = customers_by_sequence(*snapshot, sequence, {}, Stop());
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(*found, completed);
    if (shape.customers > 1000) {
      EXPECT_FALSE(completed.empty()) << "the test would say little";
    }
  }
}

TEST(Sequences, AgreeWithEveryChoiceOfEvents) {
  for (const std::size_t customers : {1, 63, 64, 65}) {
    agree({.customers = customers, .events = customers * 15, .batches = 3, .seed = 22});
  }
  for (const std::size_t customers : {4095, 4096, 4097}) {
    agree({.customers = customers, .events = 20'000, .batches = 6, .seed = 23});
  }
}

TEST(Sequences, AgreeWhereTimesAreTheSameAndRowsAreDead) {
  agree(
      {.customers = 500, .events = 6000, .batches = 5, .seed = 24, .tick_ms = kDay, .erased = 50});
}

// A store whose batches are of one week each, as large parts are; of two weeks that overlap those;
// and of late events of all weeks. Times are often the same, some at the edges of weeks.
class WeeklyWorld {
 public:
  explicit WeeklyWorld(std::size_t customers) : customers_(customers) {
    auto opened = Store::open({});
    EXPECT_TRUE(opened.ok());
    store_ = *std::move(opened);
    for (TimeMs week = 0; week < 5; ++week) append(week, 1, customers * 2);
    append(1, 2, customers);
    append(0, 5, customers);
    for (std::size_t i = 0; i < customers; i += 50) {
      EXPECT_TRUE(store_->erase("c" + std::to_string(i), RandomWorld::kBegin).ok());
    }
  }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return store_->snapshot(); }

  void append_at(TimeMs time, const char* name, const char* customer) {
    testing::BatchOf batch;
    batch.event(time, name, customer);
    ASSERT_TRUE(store_->append(std::move(batch.batch)).ok());
  }

 private:
  void append(TimeMs week, TimeMs weeks, std::size_t events) {
    constexpr const char* kNames[] = {"Order Completed", "Page Viewed", "Something Else"};
    constexpr TimeMs kTick = 6 * 3'600'000;
    const auto ticks = static_cast<std::uint64_t>(weeks * kTimeSpanMs / kTick);
    const TimeMs begin = (RandomWorld::kBegin / kTimeSpanMs + week) * kTimeSpanMs;
    testing::BatchOf batch;
    for (std::size_t i = 0; i < events; ++i) {
      const TimeMs time = begin + static_cast<TimeMs>(random_() % ticks) * kTick;
      batch.event(time, kNames[random_() % 3], "c" + std::to_string(random_() % customers_));
      if (random_() % 3 != 0) batch.with("channel", random_() % 2 == 0 ? "web" : "store");
    }
    ASSERT_TRUE(store_->append(std::move(batch.batch)).ok());
  }

  std::size_t customers_;
  std::mt19937_64 random_{26};
  std::unique_ptr<Store> store_;
};

void agree_in_weeks(const Snapshot& snapshot) {
  for (Sequence& sequence : sequences(snapshot)) {
    // Within a day, shorter and longer than a part, and without end where nothing is negated.
    for (const std::optional<TimeMs> window : {std::optional<TimeMs>(kDay),
                                               {5 * kDay},
                                               {7 * kDay},
                                               {16 * kDay},
                                               std::optional<TimeMs>()}) {
      if (!window && sequence.steps.back().negated) continue;
      sequence.window_ms = window;
      const auto expected = sequence_levels_reference(snapshot, sequence);
      for (const std::size_t threads : {1, 2, 8}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        const auto levels = sequence_levels(snapshot, sequence, {}, Stop());
        ASSERT_TRUE(levels.ok());
        EXPECT_EQ(*levels, expected);
      }
      const std::uint8_t most = *std::max_element(expected.begin(), expected.end());
      if (!sequence.steps.back().negated || *window < 7 * kDay) {  // Others may not have ended.
        EXPECT_GT(most, 1) << "the test would say little";
      }
    }
  }
}

TEST(Sequences, AgreeWherePartsAreOfWeeksOverlapAndHaveLateEvents) {
  for (const std::size_t customers : {60, 3000, 33'000}) {
    WeeklyWorld world(customers);
    agree_in_weeks(*world.snapshot());
  }
}

TEST(Sequences, AgreeWhereTimesHaveNoDate) {
  WeeklyWorld world(60);
  for (const TimeMs time : {-(TimeMs{1} << 60), (TimeMs{1} << 60)}) {
    world.append_at(time, "Page Viewed", "c1");
    world.append_at(time + kDay, "Order Completed", "c1");
  }
  agree_in_weeks(*world.snapshot());
}

TEST(Sequences, SameBitsForAnyNumberOfThreadsAndAnyOrderOfRows) {
  const auto all_levels = [](std::size_t batches, std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    RandomWorld world({.customers = 9000, .events = 30'000, .batches = batches, .seed = 25});
    const auto snapshot = world.snapshot();
    std::vector<std::vector<std::uint8_t>> levels;
    for (const Sequence& sequence : sequences(*snapshot)) {
      levels.push_back(*sequence_levels(*snapshot, sequence, {}, Stop()));
    }
    return levels;
  };
  const auto expected = all_levels(4, 1);
  EXPECT_EQ(all_levels(4, 2), expected);
  EXPECT_EQ(all_levels(1, 8), expected);
}

}  // namespace
}  // namespace grapevine

#include "kernels/influence/technographics.hpp"

#include <limits>
#include <set>

#include <gmock/gmock.h>

#include "kernels/segment/people.hpp"
#include "kernels/segment/window_reference.hpp"
#include "tests/kernels/random_graph.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::BatchOf;
using testing::RandomWorld;
using enum Rung;

constexpr TimeMs kDay = 86'400'000;

std::vector<RungEvent> random_rungs() {
  return {{"Order Completed", Creator},    {"Page Viewed", Spectator},
          {"Something Else", Spectator},   {"Something Else", Conversationalist},
          {"Order Completed", Inactive},   {"Order Completed", Creator},
          {"Nobody Ever Did This", Joiner}};
}

// One row at a time: in which spans of each cadence it lies.
std::vector<std::uint8_t> masks_reference(const Snapshot& snapshot, TimeMs as_of,
                                          const TechnographicsOptions& options) {
  std::vector<std::array<std::set<TimeMs>, kActiveRungs + 1>> periods(snapshot.customers().count());
  const auto cadence = [&](Rung rung) {
    return rung == Conversationalist ? options.conversation_cadence : options.cadence;
  };
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const TimeMs age = as_of - run.time(row);
    for (const RungEvent& event : random_rungs()) {
      if (snapshot.find_event(event.event) != run.event || age < 0) continue;
      const TimeMs period = age / cadence(event.rung).period_ms;
      if (period >= static_cast<TimeMs>(cadence(event.rung).periods)) continue;
      periods[index(run.customers[row])][static_cast<std::size_t>(event.rung)].insert(period);
    }
  });
  std::vector<std::uint8_t> masks;
  for (const auto& of_customer : periods) {
    std::uint8_t mask = 0;
    for (const Rung rung : {Spectator, Joiner, Collector, Critic, Conversationalist, Creator}) {
      if (rung == Conversationalist && !options.conversationalists) continue;
      if (of_customer[static_cast<std::size_t>(rung)].size() == cadence(rung).periods) {
        mask = static_cast<std::uint8_t>(mask | rung_bit(rung));
      }
    }
    masks.push_back(mask);
  }
  return masks;
}

TEST(Technographics, AgreeWithOneRowAtATime) {
  for (const std::size_t customers : {1, 63, 64, 65, 300}) {
    const RandomWorld world({.customers = customers,
                             .events = 12 * customers,
                             .seed = customers,
                             .erased = customers / 20});
    const auto snapshot = world.snapshot();
    for (const bool seven : {true, false}) {
      for (const TimeMs as_of : {RandomWorld::kBegin + RandomWorld::kSpan,
                                 RandomWorld::kBegin + 12 * kDay, RandomWorld::kBegin - 1}) {
        const TechnographicsOptions options{.conversationalists = seven,
                                            .cadence = {9 * kDay, 1},
                                            .conversation_cadence = {3 * kDay, 2}};
        const auto sets = rung_sets(*snapshot, random_rungs(), as_of, options, Stop()).value();
        const CustomerSet everyone = people(snapshot->customers());
        const auto ladder = technographics(sets, everyone).value();
        const auto expected = masks_reference(*snapshot, as_of, options);
        EXPECT_EQ(ladder.masks, expected);
        std::array<std::size_t, kActiveRungs + 1> on_rung{};
        std::array<std::size_t, kActiveRungs + 1> highest{};
        everyone.for_each_member([&](CustomerId customer) {
          const std::uint8_t mask = expected[index(customer)];
          if (mask == 0) ++on_rung[0];
          std::size_t top = 0;
          for (std::size_t i = 0; i != kActiveRungs; ++i) {
            if ((mask >> i & 1) == 0) continue;
            ++on_rung[i + 1];
            top = i + 1;
          }
          ++highest[top];
        });
        EXPECT_EQ(ladder.on_rung, on_rung);
        EXPECT_EQ(ladder.highest, highest);
      }
    }
  }
}

TEST(Technographics, OfStandardEventsByHand) {
  auto store = Store::open({}).value();
  constexpr TimeMs kNow = 1'700'000'000'000;
  BatchOf batch;
  batch.event(kNow, "Post Created", "author");
  batch.event(kNow - 30 * kDay + 1, "Product Reviewed", "critic");
  batch.event(kNow - 30 * kDay, "Product Reviewed", "late critic");
  for (int week = 0; week != 4; ++week) {
    batch.event(kNow - week * 7 * kDay, "Post Shared", "talker");
    if (week != 2) batch.event(kNow - week * 7 * kDay, "Post Shared", "quiet talker");
  }
  batch.event(kNow + 1, "Post Created", "of tomorrow");
  batch.event(kNow - 1, "Post Liked", "author");
  ASSERT_TRUE(store->append(std::move(batch.batch)).ok());
  const auto snapshot = store->snapshot();
  const auto sets = rung_sets(*snapshot, default_rung_events(), kNow, {}, Stop()).value();
  const auto ladder = technographics(sets, people(snapshot->customers())).value();
  const auto mask = [&](std::string_view name) {
    const auto customer = snapshot->customers().find(name);
    return ladder.masks[index(customer)];
  };
  EXPECT_EQ(mask("author"), rung_bit(Creator) | rung_bit(Collector));
  EXPECT_EQ(highest_rung(mask("author")), Creator);
  EXPECT_EQ(mask("critic"), rung_bit(Critic));
  EXPECT_EQ(mask("late critic"), 0);
  EXPECT_EQ(mask("talker"), rung_bit(Conversationalist));
  EXPECT_EQ(mask("quiet talker"), 0);
  EXPECT_EQ(highest_rung(mask("of tomorrow")), Inactive);
  EXPECT_EQ(rung_name(highest_rung(mask("talker"))), "conversationalist");
}

TEST(Technographics, AtTheEndsOfTime) {
  const RandomWorld world({.customers = 20, .events = 100});
  for (const TimeMs as_of :
       {std::numeric_limits<TimeMs>::min(), TimeMs{0}, std::numeric_limits<TimeMs>::max()}) {
    EXPECT_TRUE(rung_sets(*world.snapshot(), random_rungs(), as_of, {}, Stop()).ok());
  }
}

TEST(Technographics, RefuseWhatMakesNoSense) {
  const RandomWorld world({.customers = 20, .events = 100});
  const auto code = [&](const TechnographicsOptions& options) {
    return rung_sets(*world.snapshot(), {}, 0, options, Stop()).status().code();
  };
  EXPECT_EQ(code({.cadence = {0, 1}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.cadence = {kDay, 0}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.conversation_cadence = {kDay, 54}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(technographics(RungSets{}, CustomerSet(3)).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(technographics(RungSets{}, CustomerSet()).ok());
}

TEST(Technographics, SameForAnyNumberOfThreads) {
  const RandomWorld world({.customers = 20'000, .events = 60'000});
  const auto answer = [&] {
    const auto sets = rung_sets(*world.snapshot(), random_rungs(),
                                RandomWorld::kBegin + RandomWorld::kSpan, {}, Stop())
                          .value();
    return technographics(sets, CustomerSet::everyone(20'000)).value().masks;
  };
  EXPECT_EQ(with_threads(1, answer), with_threads(8, answer));
}

}  // namespace
}  // namespace grapevine

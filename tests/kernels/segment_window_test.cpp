#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/exact_sum.hpp"
#include "kernels/segment/scan.hpp"
#include "kernels/segment/window.hpp"
#include "kernels/segment/window_reference.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;

// Selections of every kind of rule, window and column.
std::vector<EventSelection> selections(const Snapshot& snapshot) {
  const auto column = [&](const char* name) {
    ColumnId id{};
    EXPECT_NE(snapshot.find_column(name, id), nullptr) << name;
    return id;
  };
  const EventNameId order = snapshot.find_event("Order Completed");
  const EventNameId page = snapshot.find_event("Page Viewed");
  const auto with = [&](ColumnRule rule) {
    EventSelection selection{.events = {order}, .where = {}, .targets = {}};
    selection.where.push_back(std::move(rule));
    return selection;
  };
  ValueTest web;
  web.texts = {"store", "web"};
  web.as_text = true;
  ValueTest cheap;
  cheap.real = {{-1000.0, 99.5}};
  ValueTest rated;
  rated.real32 = {{4.3F, 5.0F}};
  ValueTest died;
  died.text = [](std::string_view text) { return text.ends_with("died"); };
  died.as_text = true;
  ValueTest few;
  few.whole = {{0, 0}, {2, 3}};
  ValueTest gift;
  gift.accepts_true = true;
  ValueTest three;
  three.texts = {"3"};
  three.as_text = true;
  ValueTest soon;
  soon.whole = {{RandomWorld::kBegin, RandomWorld::kBegin + RandomWorld::kSpan / 4}};
  ValueTest at_night;
  at_night.text = [](std::string_view text) { return text.find("T22:") != text.npos; };
  at_night.as_text = true;
  ValueTest exists;
  exists.any = true;
  std::vector<EventSelection> all{
      {.events = {order}, .where = {}, .targets = {}},
      {.events = {order, page}, .where = {}, .targets = {}},
      {.events = {}, .where = {}, .targets = {}},
      {.events = {order},
       .where = {},
       .targets = {},
       .from = RandomWorld::kBegin + RandomWorld::kSpan / 3,
       .to = RandomWorld::kBegin + RandomWorld::kSpan / 2},
      {.events = {order}, .where = {}, .targets = {}, .from = 5, .to = 5}};
  for (const bool negated : {false, true}) {
    all.push_back(with({column("channel"), web, negated}));
    all.push_back(with({column("value"), cheap, negated}));
    all.push_back(with({column("rating"), rated, negated}));
    all.push_back(with({column("properties.starts"), soon, negated}));
    all.push_back(with({column("properties.starts"), at_night, negated}));
    all.push_back(with({column("properties.ends"), at_night, negated}));
    all.push_back(with({column("text"), died, negated}));
    all.push_back(with({column("properties.quantity"), few, negated}));
    all.push_back(with({column("properties.gift"), gift, negated}));
    all.push_back(with({column("properties.size"), three, negated}));
    all.push_back(with({column("channel"), exists, negated}));
    all.push_back(with({column("order_id"), exists, negated}));
    CustomerSet targets(snapshot.customers().count());
    for (std::uint32_t i = 0; i < targets.customers(); i += 3) targets.add(CustomerId(i));
    EventSelection directed{.events = {order}, .where = {}, .targets = {}};
    directed.where.push_back({column("channel"), web, false});
    directed.targets.push_back({targets, negated});
    all.push_back(directed);
  }
  return all;
}

TEST(CountEvents, AgreesWithLookingAtEachRow) {
  for (const std::size_t customers : {1, 64, 4095, 4096, 4097, 9000}) {
    RandomWorld world({.customers = customers, .events = 20'000, .batches = 6, .seed = 3});
    const auto snapshot = world.snapshot();
    std::size_t number = 0;
    for (const EventSelection& selection : selections(*snapshot)) {
      SCOPED_TRACE(::testing::Message() << "selection " << number++ << " of " << customers);
      const auto counts = count_events_reference(*snapshot, selection);
      for (const Range<std::int64_t> bounds :
           {Range<std::int64_t>{1, 1000}, {0, 0}, {2, 3}, {5, 4}}) {
        const auto found = customers_by_count(*snapshot, selection, bounds, Stop());
        ASSERT_TRUE(found.ok());
        CustomerSet expected(counts.size());
        for (std::uint32_t i = 0; i < counts.size(); ++i) {
          if (bounds.has(counts[i])) expected.add(CustomerId(i));
        }
        EXPECT_EQ(*found, expected);
      }
    }
  }
}

TEST(SumEvents, AgreesWithExactSums) {
  RandomWorld world({.customers = 700, .events = 20'000, .batches = 6, .seed = 4});
  const auto snapshot = world.snapshot();
  for (const char* name : {"value", "rating", "properties.quantity"}) {
    ColumnId of{};
    ASSERT_NE(snapshot->find_column(name, of), nullptr);
    for (const EventSelection& selection : selections(*snapshot)) {
      const auto sums = sum_events_reference(*snapshot, selection, of);
      // Each customer's own sum as bounds: only the very same double is inside.
      for (std::size_t i = 0; i < sums.size(); i += 97) {
        const Range<double> bounds{sums[i], sums[i]};
        const auto found = customers_by_sum(*snapshot, selection, of, bounds, Stop());
        ASSERT_TRUE(found.ok());
        CustomerSet expected(sums.size());
        for (std::uint32_t c = 0; c < sums.size(); ++c) {
          if (bounds.has(sums[c])) expected.add(CustomerId(c));
        }
        EXPECT_EQ(*found, expected) << name;
      }
    }
  }
}

TEST(SumEvents, SameBitsForAnyNumberOfThreadsAndAnyOrderOfRows) {
  const auto sets = [](std::size_t batches, std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    RandomWorld world({.customers = 9000, .events = 20'000, .batches = batches, .seed = 5});
    const auto snapshot = world.snapshot();
    std::vector<CustomerSet> found;
    ColumnId value{};
    EXPECT_NE(snapshot->find_column("value", value), nullptr);
    for (const EventSelection& selection : selections(*snapshot)) {
      found.push_back(customers_by_count(*snapshot, selection, {2, 9}, Stop()).value());
      found.push_back(customers_by_sum(*snapshot, selection, value, {0.1, 500.3}, Stop()).value());
    }
    return found;
  };
  const auto expected = sets(4, 1);
  EXPECT_EQ(sets(4, 2), expected);
  EXPECT_EQ(sets(1, 8), expected);
  EXPECT_EQ(sets(20, 2), expected);
}

TEST(SeenTimes, AgreeWithLookingAtEachRow) {
  RandomWorld world({.customers = 5000, .events = 20'000, .batches = 5, .seed = 6});
  const auto snapshot = world.snapshot();
  for (const TimeMs as_of :
       {TimeMs{0}, RandomWorld::kBegin + RandomWorld::kSpan / 2, TimeMs{4'000'000'000'000}}) {
    auto seen = seen_times(*snapshot, as_of, Stop());
    ASSERT_TRUE(seen.ok());
    seen->first.resize(snapshot->customers().count());
    seen->last.resize(snapshot->customers().count());
    const SeenTimes expected = seen_times_reference(*snapshot, as_of);
    EXPECT_EQ(seen->first, expected.first);
    EXPECT_EQ(seen->last, expected.last);
  }
}

TEST(WideSum, IsTheExactSumRoundedOnce) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<double> numbers;
    const auto spread = static_cast<int>(random() % 300);
    for (std::size_t i = random() % 40; i > 0; --i) {
      const auto mantissa = static_cast<double>(static_cast<std::int64_t>(random()));
      const int exponent =
          spread == 0 ? 0 : static_cast<int>(random() % (2U * unsigned(spread))) - spread;
      numbers.push_back(std::ldexp(mantissa, exponent));
      if (random() % 3 == 0) numbers.push_back(-numbers[random() % numbers.size()]);
    }
    WideSum sum;
    for (const double number : numbers) sum.add(number);
    EXPECT_EQ(sum.rounded(), exact_sum_reference(numbers));
  }
}

TEST(WideSum, RoundsTiesToEvenAndKnowsTheEnds) {
  const auto sum_of = [](std::vector<double> numbers) {
    WideSum sum;
    for (const double number : numbers) sum.add(number);
    return sum.rounded();
  };
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  constexpr double kHuge = std::numeric_limits<double>::max();
  EXPECT_EQ(sum_of({1.0, 0x1p-53}), 1.0);
  EXPECT_EQ(sum_of({1.0, 0x1p-53, kTiny}), 1.0 + 0x1p-52);
  EXPECT_EQ(sum_of({1.0 + 0x1p-52, 0x1p-53}), 1.0 + 0x1p-51);
  EXPECT_EQ(sum_of({-1.0, -0x1p-53, -kTiny}), -1.0 - 0x1p-52);
  EXPECT_EQ(sum_of({kTiny, kTiny, -3 * kTiny}), -kTiny);
  EXPECT_EQ(sum_of({kHuge, kHuge, -kHuge, -kHuge, 1.5}), 1.5);
  EXPECT_EQ(sum_of({kHuge, kHuge}), std::numeric_limits<double>::infinity());
  EXPECT_EQ(sum_of({}), 0.0);
  EXPECT_EQ(sum_of({5.0, -5.0}), 0.0);
}

}  // namespace
}  // namespace grapevine

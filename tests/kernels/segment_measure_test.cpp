#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/exact_sum.hpp"
#include "kernels/segment/measure_reference.hpp"
#include "kernels/segment/window.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;
using testing::WorldShape;

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kMiddle = RandomWorld::kBegin + RandomWorld::kSpan / 2;

ColumnId column(const Snapshot& snapshot, const char* name) {
  ColumnId id{};
  EXPECT_NE(snapshot.find_column(name, id), nullptr) << name;
  return id;
}

// Every measure of every type of column, with bounds that some customers satisfy.
std::vector<Measure> measures(const Snapshot& snapshot) {
  using enum Measure::Kind;
  std::vector<Measure> all;
  const auto add = [&](Measure::Kind kind, const char* of, double least, double most) {
    Measure measure;
    measure.kind = kind;
    if (std::string(of) == "target_id") {
      measure.of_target = true;
    } else if (kind != Count) {
      measure.of = column(snapshot, of);
    }
    measure.bounds.whole = {std::int64_t(std::ceil(least)), std::int64_t(std::floor(most))};
    measure.bounds.real = {least, most};
    measure.bounds.real32 = {float(least), float(most)};
    measure.bounds.exact = {least, most};
    all.push_back(measure);
  };
  const auto at_least = [&](const char* of, double least) {
    add(Distinct, of, least, 1e6);
    all.back().bounds.whole.most = std::numeric_limits<std::int64_t>::max();
  };
  add(Count, "", 0, 0);
  add(Count, "", 2, 3);
  add(Count, "", -5, 1e12);
  for (const Measure::Kind kind : {Sum, Avg, Min, Max}) {
    add(kind, "value", -50.25, 300.5);
    add(kind, "properties.quantity", 0, 2.5);
    add(kind, "order_id", 0, 1);
  }
  add(Min, "rating", 0.7, 2.3);
  add(Max, "rating", 4.3, 4.3);
  for (const char* of : {"value", "properties.quantity", "channel", "rating", "text", "order_id",
                         "properties.gift", "properties.size", "target_id"}) {
    add(Distinct, of, 0, 0);
    add(Distinct, of, 2, 2);
    for (const double least : {1, 3, 8, 9}) at_least(of, least);
  }
  return all;
}

std::vector<EventSelection> selections(const Snapshot& snapshot) {
  const EventNameId order = snapshot.find_event("Order Completed");
  const EventNameId page = snapshot.find_event("Page Viewed");
  const EventSelection orders{.events = {order}, .where = {}, .targets = {}};
  std::vector<EventSelection> all(4, orders);
  all[1].events = {page, order};
  all[1].from = RandomWorld::kBegin + 5 * 24 * kHour;
  all[1].to = kMiddle;
  ValueTest web;
  web.texts = {"store", "web"};
  web.as_text = true;
  all[2].where.push_back({column(snapshot, "channel"), web, false});
  auto zone = std::make_shared<ZoneOffsets>();
  zone->stretches = {{INT64_MIN, 9 * kHour}, {kMiddle, -5 * kHour - kHour / 2}};
  all[3].clock = ClockTest{0b1100'0000'0000'0000'0111'1111, 0b0010101, zone};
  return all;
}

std::vector<RowPick> picks() {
  return {{}, {RowChoice::First, INT64_MAX}, {RowChoice::Last, kMiddle}};
}

void agree(const WorldShape& shape) {
  RandomWorld world(shape);
  const auto snapshot = world.snapshot();
  std::size_t number = 0;
  for (const EventSelection& selection : selections(*snapshot)) {
    for (const RowPick& pick : picks()) {
      for (const Measure& measure : measures(*snapshot)) {
        SCOPED_TRACE(::testing::Message() << "question " << number++ << " of " << shape.customers);
        const auto found = customers_by_measure(*snapshot, selection, pick, measure, {}, Stop());
        ASSERT_TRUE(found.ok());
        ASSERT_EQ(*found, customers_by_measure_reference(*snapshot, selection, pick, measure));
      }
    }
  }
}

TEST(MeasureEvents, AgreesWithLookingAtEachRow) {
  for (const std::size_t customers : {1, 63, 64, 65}) {
    agree({.customers = customers, .events = 600, .batches = 3, .seed = 11});
  }
  for (const std::size_t customers : {4095, 4096, 4097, 16'385}) {
    agree({.customers = customers, .events = 9000, .batches = 3, .seed = 12});
  }
}

TEST(MeasureEvents, AgreesWhereTimesAreTheSameAndRowsAreDead) {
  agree({.customers = 300,
         .events = 6000,
         .batches = 5,
         .seed = 13,
         .tick_ms = 24 * kHour,
         .erased = 40});
}

TEST(MeasureEvents, NobodyIsFoundAmongNobody) {
  auto store = *Store::open({});
  const auto snapshot = store->snapshot();
  const EventSelection selection{
      .events = {snapshot->find_event("Order Completed")}, .where = {}, .targets = {}};
  EXPECT_EQ(customers_by_measure(*snapshot, selection, {}, Measure(), {}, Stop())->customers(), 0);
}

TEST(MeasureEvents, AnswersForThoseItIsAskedAbout) {
  RandomWorld world({.customers = 9000, .events = 20'000, .batches = 4, .seed = 14});
  const auto snapshot = world.snapshot();
  for (const std::uint32_t step : {1U, 97U, 5000U, 10'000U}) {
    CustomerSet among(snapshot->customers().count());
    for (std::uint32_t i = step / 2; i < among.customers(); i += step) among.add(CustomerId(i));
    for (const EventSelection& selection : selections(*snapshot)) {
      for (const Measure& measure : measures(*snapshot)) {
        ReadCounts reads;
        const auto all = customers_by_measure(*snapshot, selection, {}, measure, {}, Stop());
        const auto some =
            customers_by_measure(*snapshot, selection, {}, measure, {&among, &reads}, Stop());
        among.for_each_member(
            [&](CustomerId customer) { ASSERT_EQ(some->has(customer), all->has(customer)); });
        if (step == 10'000) {
          EXPECT_LT(reads.rows, 3000);
        }
        EXPECT_EQ(reads.parts + reads.parts_skipped, snapshot->parts().size());
      }
    }
  }
}

TEST(MeasureEvents, SameBitsForAnyNumberOfThreadsAndAnyOrderOfRows) {
  const auto sets = [](std::size_t batches, std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    RandomWorld world({.customers = 9000, .events = 20'000, .batches = batches, .seed = 15});
    const auto snapshot = world.snapshot();
    std::vector<CustomerSet> found;
    for (const EventSelection& selection : selections(*snapshot)) {
      for (const RowPick& pick : picks()) {
        for (const Measure& measure : measures(*snapshot)) {
          found.push_back(*customers_by_measure(*snapshot, selection, pick, measure, {}, Stop()));
        }
      }
    }
    return found;
  };
  const auto expected = sets(4, 1);
  EXPECT_EQ(sets(4, 2), expected);
  EXPECT_EQ(sets(1, 8), expected);
}

TEST(WideSum, QuotientsAreTheNearestDoubles) {
  std::mt19937_64 random(8);
  for (int round = 0; round < 2000; ++round) {
    WideSum sum;
    std::vector<double> numbers;
    for (std::size_t i = 1 + random() % 20; i > 0; --i) {
      const auto mantissa = static_cast<double>(static_cast<std::int64_t>(random()));
      numbers.push_back(std::ldexp(mantissa, static_cast<int>(random() % 200) - 100));
      sum.add(numbers.back());
    }
    const auto divisor = static_cast<std::uint32_t>(1 + random() % 40);
    const double quotient = sum.divided_by(divisor);
    // How far divisor × candidate is from the sum, without rounding until the end.
    const auto distance = [&](double candidate) {
      WideSum rest = sum;
      for (std::uint32_t i = 0; i < divisor; ++i) rest.add(-candidate);
      return std::abs(rest.rounded());
    };
    EXPECT_LE(distance(quotient), distance(std::nextafter(quotient, INFINITY)));
    EXPECT_LE(distance(quotient), distance(std::nextafter(quotient, -INFINITY)));
  }
}

TEST(WideSum, QuotientsKnowTheEnds) {
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  const auto quotient = [](double number, std::uint32_t divisor) {
    WideSum sum;
    sum.add(number);
    return sum.divided_by(divisor);
  };
  EXPECT_EQ(quotient(0.0, 3), 0.0);
  EXPECT_EQ(quotient(kTiny, 2), 0.0);  // A tie: to even.
  EXPECT_EQ(quotient(3 * kTiny, 2), 2 * kTiny);
  EXPECT_EQ(quotient(-5 * kTiny, 3), -2 * kTiny);
  EXPECT_EQ(quotient(1.0, 3), 1.0 / 3);
  EXPECT_EQ(quotient(std::numeric_limits<double>::max(), 4'000'000'000U),
            std::numeric_limits<double>::max() / 4'000'000'000U);
}

}  // namespace
}  // namespace grapevine

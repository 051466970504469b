#include <algorithm>
#include <bit>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/aggregate.hpp"
#include "kernels/segment/derived_column.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/window_reference.hpp"
#include "storage/canonical_text.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using ::grapevine::testing::RandomWorld;

// A value of a row or a column, as text: "" where there is none. Numbers are written with all bits.
std::string shown(double number) {
  return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(number));
}
std::string shown(std::int64_t number) { return std::to_string(number); }
std::string shown(DateTime time) { return std::to_string(time.ms); }

std::string shown(const AttributeColumn& column, std::size_t customer) {
  const CustomerId id{static_cast<std::uint32_t>(customer)};
  const AttributeChunk* chunk = column.chunk_of(id);
  const std::size_t slot = customer % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return "";
  return std::visit(
      [&](const auto& values) -> std::string {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (sizeof(Value) == 1) return values[slot] != 0 ? "true" : "false";
        if constexpr (sizeof(Value) == 4) return std::string(column.dictionary->at(values[slot]));
        if constexpr (sizeof(Value) == 8) return shown(values[slot]);
      },
      chunk->values);
}

// A row as the reference sees it: every one is looked at alone, whatever run it stands in.
struct Row {
  TimeMs ts;
  std::uint64_t sequence;
  std::optional<std::int64_t> whole;
  std::optional<double> real;
  std::string text;  // Of any type.
  std::string target;
};

std::vector<std::vector<Row>> rows_by_customer(const Snapshot& snapshot,
                                               const EventSelection& selection, ColumnId of) {
  std::vector<std::vector<Row>> rows(snapshot.customers().count());
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      if (std::find(selection.events.begin(), selection.events.end(), run->event) ==
          selection.events.end()) {
        continue;
      }
      run->customers.for_each(0, run->size(), [&](std::size_t i, CustomerId customer) {
        Row row{run->time(i), run->sequences.at(i), {}, {}, {}, {}};
        if (run.is_dead(i) || row.ts < selection.from || row.ts >= selection.to) return;
        if (const CustomerId target = snapshot.target(*run, i); target != kNobody) {
          row.target = snapshot.customers().external_id(target);
        }
        const RunColumn* column = run->column(of);
        if (column != nullptr && column->has(i)) {
          if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
            row.whole = whole->at(i);
            row.real = static_cast<double>(whole->at(i));
            row.text = shown(whole->at(i));
          } else if (const auto* real = std::get_if<RealValues>(&column->values)) {
            row.real = real->at(i);
            row.text = shown(real->at(i));
          } else if (const auto* truth = std::get_if<BoolValues>(&column->values)) {
            row.text = truth->at(i) ? "true" : "false";
          } else if (const auto* codes = std::get_if<CodeValues>(&column->values)) {
            const auto code = static_cast<std::uint32_t>(codes->codes.at(i));
            row.text = snapshot.columns()[index(of)].dictionary->at(code);
          } else {
            row.text = TextReader(std::get<TextValues>(column->values)).at(i);
          }
        }
        rows[index(customer)].push_back(row);
      });
    }
  }
  return rows;
}

std::string measured(const std::vector<Row>& rows, Measure::Kind kind) {
  std::vector<double> numbers;
  std::set<std::string> texts;
  for (const Row& row : rows) {
    if (row.real) numbers.push_back(*row.real);
    if (!row.text.empty()) texts.insert(row.text);
  }
  using enum Measure::Kind;
  if (kind == Count) return std::to_string(rows.size());
  if (kind == Distinct) return std::to_string(texts.size());
  if (kind == Sum) return shown(exact_sum_reference(numbers));
  if (numbers.empty()) return "";
  if (kind == Avg) {
    // Values are multiples of 1/100 below 1000: their sum in hundredths is exact as an integer.
    long double sum = 0.0L;
    for (const double number : numbers) sum += static_cast<long double>(number);
    return shown(static_cast<double>(sum / static_cast<long double>(numbers.size())));
  }
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  const double extreme = kind == Min ? *least : *most;
  const bool is_whole = std::all_of(rows.begin(), rows.end(), [](const Row& row) {
    return row.whole.has_value() || !row.real.has_value();
  });
  return is_whole ? shown(static_cast<std::int64_t>(extreme)) : shown(extreme);
}

EventSelection two_names(const Snapshot& snapshot) {
  EventSelection selection;
  selection.events = {snapshot.find_event("Order Completed"), snapshot.find_event("Page Viewed")};
  selection.from = RandomWorld::kBegin + RandomWorld::kSpan / 10;
  selection.to = RandomWorld::kBegin + RandomWorld::kSpan / 10 * 9;
  return selection;
}

TEST(MeasurePeople, AgreesWithOneRowAtATime) {
  const Stop stop;
  using enum Measure::Kind;
  for (const std::size_t customers : {1, 63, 64, 65, 4095, 4096, 4097, 9000}) {
    const RandomWorld world({.customers = customers, .events = 5000, .seed = customers});
    const auto snapshot = world.snapshot();
    const EventSelection selection = two_names(*snapshot);
    for (const char* name : {"value", "properties.quantity"}) {
      ColumnId of{};
      ASSERT_NE(snapshot->find_column(name, of), nullptr);
      const auto rows = rows_by_customer(*snapshot, selection, of);
      for (const Measure::Kind kind : {Count, Sum, Avg, Min, Max, Distinct}) {
        Measure measure;
        measure.kind = kind;
        measure.of = of;
        const auto column = measure_people(*snapshot, selection, {}, measure, stop).value();
        for (std::size_t c = 0; c < rows.size(); ++c) {
          const std::string expected = measured(rows[c], kind);
          if (kind == Avg && !expected.empty()) {
            // The reference rounds twice, so the last bit may differ.
            EXPECT_DOUBLE_EQ(std::stod(shown(*column, c)), std::stod(expected));
          } else {
            ASSERT_EQ(shown(*column, c), expected)
                << name << " kind " << int(kind) << " customer " << c << " of " << customers;
          }
        }
      }
    }
  }
}

TEST(LatestValues, AgreeWithSortingRows) {
  const Stop stop;
  for (const std::size_t customers : {1, 64, 4097}) {
    const RandomWorld world({.customers = customers, .events = 5000, .seed = customers + 7});
    const auto snapshot = world.snapshot();
    const EventSelection selection = two_names(*snapshot);
    for (const char* name : {"value", "channel", "text", "properties.quantity", "properties.gift",
                             "properties.size"}) {
      ColumnId of{};
      ASSERT_NE(snapshot->find_column(name, of), nullptr);
      const auto column =
          latest_values(*snapshot, selection, {}, {EventValue::Of::Column, of}, stop).value();
      const auto targets =
          latest_values(*snapshot, selection, {}, {EventValue::Of::Target, {}}, stop).value();
      const auto times =
          latest_values(*snapshot, selection, {}, {EventValue::Of::Time, {}}, stop).value();
      auto rows = rows_by_customer(*snapshot, selection, of);
      for (std::size_t c = 0; c < rows.size(); ++c) {
        std::sort(rows[c].begin(), rows[c].end(), [](const Row& a, const Row& b) {
          return std::tie(a.ts, a.sequence) < std::tie(b.ts, b.sequence);
        });
        std::string value;
        std::string target;
        for (const Row& row : rows[c]) {
          if (!row.text.empty()) value = row.text;
          if (!row.target.empty()) target = row.target;
        }
        ASSERT_EQ(shown(*column, c), value) << name << " of customer " << c;
        ASSERT_EQ(shown(*targets, c), target);
        ASSERT_EQ(shown(*times, c), rows[c].empty() ? "" : shown(rows[c].back().ts));
      }
    }
  }
}

TEST(LatestValues, WhatWasSentAs43Is43) {
  const Stop stop;
  const RandomWorld world({.customers = 100, .events = 1000, .seed = 3});
  const auto snapshot = world.snapshot();
  ColumnId rating{};
  ASSERT_NE(snapshot->find_column("rating", rating), nullptr);  // Kept in 32 bits.
  EventSelection selection;
  selection.events = {snapshot->find_event("Page Viewed")};
  const auto column =
      latest_values(*snapshot, selection, {}, {EventValue::Of::Column, rating}, stop).value();
  std::size_t present = 0;
  for (std::size_t c = 0; c < snapshot->customers().count(); ++c) {
    const std::string text = shown(*column, c);
    EXPECT_LE(text.size(), 3U) << text;  // "4.3" or "4".
    present += text.empty() ? 0 : 1;
  }
  EXPECT_GT(present, 50U);
}

TEST(DerivedColumn, CombinesWhereBothOperandsAre) {
  const Stop stop;
  const RandomWorld world({.customers = 5000, .events = 10, .seed = 4});
  const auto snapshot = world.snapshot();
  const CustomerSet everyone = people(snapshot->customers());
  const AttributeColumn* age = snapshot->customers().attribute("age");
  const AttributeColumn* spend = snapshot->customers().attribute("spend");
  const auto sum = combine_columns(Arithmetic::Add, {{age, spend, age}}, everyone);
  const auto difference = combine_columns(Arithmetic::Subtract, {{age, spend}}, everyone);
  const auto quotient = combine_columns(Arithmetic::Divide, {{spend, age}}, everyone);
  std::size_t by_zero = 0;
  for (std::size_t c = 0; c < everyone.customers(); ++c) {
    const std::string a = shown(*age, c);
    const std::string s = shown(*spend, c);
    if (a.empty() || s.empty()) {
      EXPECT_EQ(shown(*sum, c) + shown(*difference, c) + shown(*quotient, c), "");
      continue;
    }
    EXPECT_EQ(shown(*sum, c), shown(std::stod(a) + std::stod(s) + std::stod(a)));
    EXPECT_EQ(shown(*difference, c), shown(std::stod(a) - std::stod(s)));
    by_zero += a == "0" ? 1 : 0;
    EXPECT_EQ(shown(*quotient, c), a == "0" ? "" : shown(std::stod(s) / std::stod(a) + 0.0));
  }
  EXPECT_GT(by_zero, 10U);
}

TEST(DerivedColumn, GroupsAreTheRuleToTheLetter) {
  const RandomWorld world({.customers = 1000, .events = 10, .seed = 5});
  const auto snapshot = world.snapshot();
  const CustomerSet everyone = people(snapshot->customers());
  const AttributeColumn* age = snapshot->customers().attribute("age");
  const auto groups = group_column(*age, everyone, 5);
  std::vector<long> ages;
  for (std::size_t c = 0; c < everyone.customers(); ++c) {
    if (!shown(*age, c).empty()) ages.push_back(std::stol(shown(*age, c)));
  }
  for (std::size_t c = 0; c < everyone.customers(); ++c) {
    if (shown(*age, c).empty()) {
      EXPECT_EQ(shown(*groups, c), "");
      continue;
    }
    const long mine = std::stol(shown(*age, c));
    const auto below = std::count_if(ages.begin(), ages.end(), [&](long a) { return a < mine; });
    EXPECT_EQ(shown(*groups, c), std::to_string(1 + 5 * below / static_cast<long>(ages.size())));
  }
}

TEST(MeasurePeople, OnlyPeopleHaveValues) {
  RandomWorld world({.customers = 100, .events = 1000, .seed = 8});
  ASSERT_TRUE(world.store().erase("c7", RandomWorld::kBegin + 2 * RandomWorld::kSpan).ok());
  const auto snapshot = world.snapshot();
  EventSelection selection;
  selection.events = {snapshot->find_event("Page Viewed")};
  const Stop stop;
  const auto counts = measure_people(*snapshot, selection, {}, {}, stop).value();
  const CustomerSet everyone = people(snapshot->customers());
  ASSERT_LT(everyone.count(), everyone.customers());
  for (std::size_t c = 0; c < everyone.customers(); ++c) {
    EXPECT_EQ(shown(*counts, c).empty(), !everyone.has(CustomerId{static_cast<std::uint32_t>(c)}));
  }
}

TEST(MeasurePeople, SameBitsForAnyNumberOfThreads) {
  const Stop stop;
  const RandomWorld world({.customers = 20'000, .events = 60'000, .seed = 9});
  const auto snapshot = world.snapshot();
  const EventSelection selection = two_names(*snapshot);
  Measure measure;
  measure.kind = Measure::Kind::Avg;
  ASSERT_NE(snapshot->find_column("value", measure.of), nullptr);
  const auto with_threads = [&](std::size_t threads) {
    tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    const auto column = measure_people(*snapshot, selection, {}, measure, stop).value();
    std::string all;
    for (std::size_t c = 0; c < snapshot->customers().count(); ++c) all += shown(*column, c) + ' ';
    return all;
  };
  const std::string alone = with_threads(1);
  EXPECT_EQ(alone, with_threads(2));
  EXPECT_EQ(alone, with_threads(8));
}

}  // namespace
}  // namespace grapevine

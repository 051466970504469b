#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <variant>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/column_summary.hpp"
#include "kernels/segment/member_order.hpp"
#include "kernels/segment/scan.hpp"
#include "kernels/segment/scan_reference.hpp"
#include "kernels/segment/seen.hpp"
#include "kernels/segment/window.hpp"
#include "kernels/segment/window_reference.hpp"
#include "storage/schema.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using benchmark::Counter;

constexpr std::size_t kCustomers = 1'000'000;
constexpr std::size_t kEvents = 2'000'000;

const Snapshot& world() {
  static testing::RandomWorld made(
      {.customers = kCustomers, .events = kEvents, .batches = 40, .seed = 42});
  static const auto snapshot = made.snapshot();
  return *snapshot;
}

// One predicate over each kind of column.
struct Question {
  const char* attribute;
  ValueTest test;
};

const std::vector<Question>& questions() {
  static const std::vector<Question> all = [] {
    ValueTest between;
    between.whole = {{28, 35}};
    ValueTest above;
    above.real = {{20.0, 1e9}};
    ValueTest one;
    one.texts = {"Seoul"};
    one.as_text = true;
    ValueTest some;
    for (int i = 100; i < 200; ++i) some.texts.push_back("m" + std::to_string(i) + "@x");
    some.as_text = true;
    ValueTest truth;
    truth.accepts_true = true;
    ValueTest sevens;
    for (int i = 0; i < 700; ++i) sevens.texts.push_back("p" + std::to_string(i * 10 + 7));
    std::sort(sevens.texts.begin(), sevens.texts.end());
    sevens.as_text = true;
    return std::vector<Question>{{"age", between}, {"spend", above}, {"region", one},
                                 {"email", some},  {"vip", truth},   {"phone", sevens}};
  }();
  return all;
}

// What reading a column costs at least: every value is added up, a chunk to a task.
std::uint64_t read_column(const AttributeColumn& column) {
  std::vector<std::uint64_t> sums(column.chunks.size());
  for_each(sums.size(), [&](std::size_t c) {
    sums[c] = std::visit(
        [](const auto& values) {
          using Value = typename std::decay_t<decltype(values)>::value_type;
          if constexpr (std::is_arithmetic_v<Value>) {
            // Eight sums at a time, so that reading is what takes the time.
            Value lanes[8] = {};
            for (std::size_t i = 0; i + 8 <= values.size(); i += 8) {
              for (std::size_t lane = 0; lane < 8; ++lane) {
                lanes[lane] = static_cast<Value>(lanes[lane] + values[i + lane]);
              }
            }
            Value sum{};
            for (const Value lane : lanes) sum = static_cast<Value>(sum + lane);
            return static_cast<std::uint64_t>(sum != Value{});
          } else {
            return std::uint64_t{0};  // No question is about times.
          }
        },
        column.chunks[c]->values);
  });
  return std::reduce(sums.begin(), sums.end());
}

void count_customers(benchmark::State& state) {
  state.counters["customers/s"] =
      Counter(static_cast<double>(kCustomers), Counter::kIsIterationInvariantRate);
}

void BM_ReadColumn(benchmark::State& state) {
  const Question& question = questions()[static_cast<std::size_t>(state.range(0))];
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const AttributeColumn* column = world().customers().attribute(question.attribute);
  for (auto _ : state) benchmark::DoNotOptimize(read_column(*column));
  state.SetLabel(question.attribute);
  count_customers(state);
}

// The bar: at most 3 times BM_ReadColumn of the same column and threads.
void BM_ScanAttribute(benchmark::State& state) {
  const Question& question = questions()[static_cast<std::size_t>(state.range(0))];
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const AttributeColumn* column = world().customers().attribute(question.attribute);
  const Stop stop;
  const auto found = scan_attribute(*column, kCustomers, question.test, stop);
  if (!found.ok() || *found != scan_attribute_reference(*column, kCustomers, question.test)) {
    return state.SkipWithError("not what testing each customer alone gives");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(scan_attribute(*column, kCustomers, question.test, stop));
  }
  state.SetLabel(question.attribute);
  count_customers(state);
}

EventSelection orders_of_ten_days() {
  EventSelection selection;
  selection.events = {world().find_event("Order Completed")};
  selection.from = testing::RandomWorld::kBegin + testing::RandomWorld::kSpan / 3;
  selection.to = testing::RandomWorld::kBegin + testing::RandomWorld::kSpan * 2 / 3;
  return selection;
}

// "events/s" counts the rows of the selected name, inside the window or not.
void count_orders(benchmark::State& state) {
  const auto order = world().find_event("Order Completed");
  state.counters["events/s"] = Counter(static_cast<double>(world().event_counts()[index(order)]),
                                       Counter::kIsIterationInvariantRate);
}

void BM_CountEvents(benchmark::State& state) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(0)));
  const EventSelection selection = orders_of_ten_days();
  const Stop stop;
  const auto found = customers_by_count(world(), selection, {2, 1000}, stop);
  std::size_t expected = 0;
  for (const std::int64_t n : count_events_reference(world(), selection)) expected += n >= 2;
  if (!found.ok() || found->count() != expected) {
    return state.SkipWithError("not what looking at each row gives");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(customers_by_count(world(), selection, {2, 1000}, stop));
  }
  count_orders(state);
}

void BM_SumEvents(benchmark::State& state) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(0)));
  const EventSelection selection = orders_of_ten_days();
  const Stop stop;
  const ColumnId value = column_id(CoreColumn::Value);
  const auto found = customers_by_sum(world(), selection, value, {300.0, 1e9}, stop);
  std::size_t expected = 0;
  for (const double sum : sum_events_reference(world(), selection, value)) expected += sum >= 300.0;
  if (!found.ok() || found->count() != expected) {
    return state.SkipWithError("not what exact sums give");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(customers_by_sum(world(), selection, value, {300.0, 1e9}, stop));
  }
  count_orders(state);
}

// The first 100 of a million members, by a number and by a text.
void BM_FirstPage(benchmark::State& state) {
  const char* name = state.range(0) == 0 ? "spend" : "email";
  const CustomerSet all = CustomerSet::everyone(kCustomers);
  const OrderBy order_by{.key = world().customers().attribute(name), .descending = true};
  for (auto _ : state) {
    MemberOrder order(world().customers(), all, order_by);
    benchmark::DoNotOptimize(order.page(0, 100));
  }
  state.SetLabel(name);
  count_customers(state);
}

void BM_SummarizeColumns(benchmark::State& state) {
  const Stop stop;
  for (auto _ : state) {
    benchmark::DoNotOptimize(summarize_attributes(world().customers(), 10, stop));
    benchmark::DoNotOptimize(summarize_event_columns(world(), stop));
    benchmark::DoNotOptimize(seen_times(world(), INT64_MAX, stop));
  }
  count_customers(state);
}

BENCHMARK(BM_ReadColumn)
    ->ArgNames({"column", "threads"})
    ->ArgsProduct({{0, 1, 2, 3, 4, 5}, {1, 2}})
    ->UseRealTime();
BENCHMARK(BM_ScanAttribute)
    ->ArgNames({"column", "threads"})
    ->ArgsProduct({{0, 1, 2, 3, 4, 5}, {1, 2}})
    ->UseRealTime();
BENCHMARK(BM_CountEvents)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(BM_SumEvents)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(BM_FirstPage)->ArgName("by_text")->Arg(0)->Arg(1)->UseRealTime();
BENCHMARK(BM_SummarizeColumns)->UseRealTime();

}  // namespace
}  // namespace grapevine

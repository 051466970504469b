// How long complaints wait, and who speaks well afterwards. "complaints/s" counts each once.

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "kernels/listen/advocacy.hpp"
#include "kernels/listen/episode_activity_reference.hpp"
#include "kernels/listen/kaplan_meier_reference.hpp"
#include "kernels/listen/service_numbers.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kDay = TimeMs{24} * 3'600'000;
constexpr TimeMs kBegin = 1'700'000'000'000;
constexpr std::uint32_t kPeople = 100'000;

// Complaints of 180 days; half of them were answered after a day on average, most of these
// resolved.
std::vector<ServiceCase> complaints(std::size_t count) {
  std::mt19937_64 random(1);
  std::vector<ServiceCase> cases(count);
  for (ServiceCase& one : cases) {
    one.person = CustomerId(static_cast<std::uint32_t>(random() % kPeople));
    one.is_ticket = random() % 2 == 0;
    one.opened = kBegin + static_cast<TimeMs>(random() % (180 * kDay));
    if (random() % 2 == 0) continue;
    one.answered = one.opened + static_cast<TimeMs>(random() % (2 * kDay));
    if (one.is_ticket && random() % 5 != 0) {
      one.resolved = one.answered + static_cast<TimeMs>(random() % (5 * kDay));
    }
  }
  return cases;
}

void BM_CountService(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<ServiceCase> cases = complaints(count);
  const TimeMs as_of = kBegin + 190 * kDay;
  std::vector<const ServiceCase*> all;
  std::vector<Wait> some;
  for (const ServiceCase& one : cases) {
    all.push_back(&one);
    const bool ended = one.answered != kNotYet;
    if (some.size() < 500) some.push_back({(ended ? one.answered : as_of) - one.opened, ended});
  }
  const KaplanMeier curve(some);
  const auto expected = kaplan_meier_reference(some);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double error = curve.steps()[i].share - expected[i].share;
    if (error > 1e-9 || error < -1e-9) return state.SkipWithError("the shares are wrong");
  }
  for (auto _ : state) benchmark::DoNotOptimize(count_service(all, as_of, kDay));
  state.counters["complaints/s"] =
      benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_CountService)
    ->ArgNames({"complaints"})
    ->Arg(25'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);

// What people do in a year, a tenth of it praise.
std::shared_ptr<const Snapshot> year(std::size_t events) {
  static const auto store = Store::open({}).value();
  std::mt19937_64 random(1);
  constexpr const char* kNames[] = {"Page Viewed", "Product Viewed", "Order Completed",
                                    "Post Created"};
  while (store->snapshot()->rows() < events) {
    testing::BatchOf rows;
    for (int i = 0; i < 100'000; ++i) {
      const auto time = kBegin + static_cast<TimeMs>(random() % (365 * kDay)) - 120 * kDay;
      const auto name = random() % 4;
      rows.event(time, kNames[name], "c" + std::to_string(random() % kPeople));
      if (name == 3) rows.with("sentiment", static_cast<double>(random() % 21) / 10 - 1.0);
    }
    if (!store->append(std::move(rows.batch)).ok()) std::abort();
  }
  return store->snapshot();
}

void BM_CompareAdvocacy(benchmark::State& state) {
  const auto snapshot = year(static_cast<std::size_t>(state.range(0)));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const std::vector<ServiceCase> cases = complaints(100'000);
  const AdvocacyQuestion question{
      .as_of = kBegin + 240 * kDay, .after_ms = 30 * kDay, .target = {}, .about = {}};
  const std::vector<Episode> some{{CustomerId(7), kBegin}, {CustomerId(8), kBegin + 90 * kDay}};
  if (read_episode_activity(*snapshot, some, {}, question.as_of, Stop()).value() !=
      episode_activity_reference(*snapshot, some, {}, question.as_of)) {
    return state.SkipWithError("the counts are wrong");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(compare_advocacy(*snapshot, cases, question, Stop()));
  }
  state.counters["complaints/s"] = benchmark::Counter(
      static_cast<double>(cases.size()), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_CompareAdvocacy)
    ->ArgNames({"events", "threads"})
    ->ArgsProduct({{5'000'000}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace grapevine

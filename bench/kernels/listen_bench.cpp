#include <cmath>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "kernels/listen/burst_detector.hpp"
#include "kernels/listen/seismic.hpp"

namespace grapevine {
namespace {

// One thread; each series has an event in each bucket, in an order by chance. "series/s" counts a
// series once for each bucket of five minutes: 100,000 of them make 333 a second.
void BM_WatchSeries(benchmark::State& state) {
  const auto series = static_cast<std::size_t>(state.range(0));
  const BurstDetector detector(1000 * BurstDetector::kBucketMs);
  std::vector<BurstState> states(series);
  std::vector<std::uint32_t> order(series);
  std::mt19937_64 draw(1);
  for (std::uint32_t& one : order) one = static_cast<std::uint32_t>(draw() % series);
  BurstState quiet;  // Of one event a bucket.
  bool alarm = false;
  for (std::int64_t bucket = 1000; bucket < 2000; ++bucket) alarm |= detector.add(quiet, bucket, 1);
  if (alarm || !detector.add(quiet, 2000, 1000)) return state.SkipWithError("misjudges a burst");
  std::int64_t bucket = 1000;
  for (auto _ : state) {
    for (const std::uint32_t one : order) {
      benchmark::DoNotOptimize(detector.add(states[one], bucket, 1));
    }
    ++bucket;
  }
  state.counters["series/s"] = benchmark::Counter(static_cast<double>(series),
                                                  benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_WatchSeries)->ArgName("series")->Arg(1'000)->Arg(100'000);

// One thread.
void BM_ForecastShares(benchmark::State& state) {
  std::vector<Share> shares{{0.0, 1000.0}};
  for (std::int64_t i = 1; i < state.range(0); ++i) {
    shares.push_back({static_cast<double>(i), static_cast<double>(i % 50)});
  }
  const double now = static_cast<double>(state.range(0)) + 3600.0;
  const auto found = forecast_shares(shares, now);
  if (!found.ok() || !(found->infectiousness > 0.0)) return state.SkipWithError("no forecast");
  for (auto _ : state) benchmark::DoNotOptimize(forecast_shares(shares, now));
  state.counters["shares/s"] = benchmark::Counter(static_cast<double>(state.range(0)),
                                                  benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ForecastShares)->ArgName("shares")->Arg(10)->Arg(10'000);

}  // namespace
}  // namespace grapevine

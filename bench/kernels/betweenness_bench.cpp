#include <algorithm>
#include <cmath>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/influence/betweenness.hpp"

namespace grapevine {
namespace {

using benchmark::Counter;

// Samples until the bound on every error is at most one in so many; "samples/s" of pairs.
void BM_Betweenness(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(2)));
  const BetweennessOptions options{.error = 1.0 / static_cast<double>(state.range(1))};
  const auto found = betweenness(*graph, options, Stop()).value();
  // Other pairs: both may be off by their bounds.
  BetweennessOptions others = options;
  others.random_seed = 2;
  const auto again = betweenness(*graph, others, Stop()).value();
  for (std::size_t v = 0; v != found.scores.size(); ++v) {
    if (std::abs(found.scores[v] - again.scores[v]) > found.error_bound + again.error_bound) {
      return state.SkipWithError("two samples differ by more than their bounds");
    }
  }
  if (found.error_bound > options.error) return state.SkipWithError("the bound was not reached");
  for (auto _ : state) benchmark::DoNotOptimize(betweenness(*graph, options, Stop()));
  state.counters["bound"] = found.error_bound;
  state.counters["largest"] = *std::ranges::max_element(found.scores);
  state.counters["samples/s"] =
      Counter(static_cast<double>(found.samples), Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Betweenness)
    ->ArgNames({"graph", "one_in", "threads"})
    ->ArgsProduct({{0}, {100, 1000, 3000}, {1, 2}})
    ->Args({16, 100, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

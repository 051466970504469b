#include <algorithm>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/propagation/choose_seeds.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/simulate.hpp"

namespace grapevine {
namespace {

// Fifty seeds with a certificate, epsilon = 0.1, weighted cascade.
void BM_ChooseSeeds(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const ChooseSeedsOptions options{.k = 50};
  SeedChoice choice = choose_seeds(*graph, pass.from_influencers, options, Stop()).value();
  std::vector<Vertex> seeds;
  for (const ChosenSeed& seed : choice.seeds) seeds.push_back(seed.person);
  const auto spread =
      simulate(*graph, pass.to_listeners, seeds, {.simulations = 1000}, Stop()).value();
  if (choice.approximation_ratio < 0.632 - options.epsilon ||
      choice.lower_bound > spread.mean + 3.0 * spread.standard_error ||
      choice.optimum_upper_bound < spread.mean - 3.0 * spread.standard_error) {
    return state.SkipWithError("simulations contradict the certificate");
  }
  for (auto _ : state) {
    choice = choose_seeds(*graph, pass.from_influencers, options, Stop()).value();
  }
  state.counters["spread"] = spread.mean;
  state.counters["lower_bound"] = choice.lower_bound;
  state.counters["upper_bound"] = choice.optimum_upper_bound;
  state.counters["ratio"] = choice.approximation_ratio;
  state.counters["samples"] = static_cast<double>(choice.samples);
  state.counters["samples/s"] = benchmark::Counter(static_cast<double>(choice.samples),
                                                   benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ChooseSeeds)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{0, 16, 18}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// Of choices with a hundred random seeds, those whose lower bound an independent simulation
// confirms: at least 99, though delta allows for far less. "highest" is the best spread seen: it
// must not exceed an upper bound.
void BM_SeedsKeepTheirBounds(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  std::size_t held = 0;
  double highest = 0.0;
  double lowest_bound = static_cast<double>(graph->vertices());
  double ratio_sum = 0.0;
  for (auto _ : state) {
    for (std::uint64_t random_seed = 1; random_seed != 101; ++random_seed) {
      const ChooseSeedsOptions options{.k = 50, .random_seed = random_seed};
      const auto choice = choose_seeds(*graph, pass.from_influencers, options, Stop()).value();
      std::vector<Vertex> seeds;
      for (const ChosenSeed& seed : choice.seeds) seeds.push_back(seed.person);
      const auto spread = simulate(*graph, pass.to_listeners, seeds,
                                   {.simulations = 256, .random_seed = 1000 + random_seed}, Stop())
                              .value();
      held += spread.mean >= choice.lower_bound ? 1 : 0;
      highest = std::max(highest, spread.mean);
      lowest_bound = std::min(lowest_bound, choice.optimum_upper_bound);
      ratio_sum += choice.lower_bound / spread.mean;
    }
  }
  if (held < 99 || highest > lowest_bound) return state.SkipWithError("bounds do not hold");
  state.counters["held"] = static_cast<double>(held);
  state.counters["highest"] = highest;
  state.counters["lowest_upper_bound"] = lowest_bound;
  state.counters["bound_of_spread"] = ratio_sum / 100.0;
}
BENCHMARK(BM_SeedsKeepTheirBounds)
    ->ArgNames({"graph"})
    ->Arg(0)
    ->Arg(16)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

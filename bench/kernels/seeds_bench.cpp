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

}  // namespace
}  // namespace grapevine

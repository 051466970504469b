#include <cmath>
#include <cstring>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/choose_seeds.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/simulate.hpp"

namespace grapevine {
namespace {

using benchmark::Counter;

std::vector<Vertex> fifty_seeds(const ListenGraph& graph, const PassProbabilities& pass) {
  std::vector<Vertex> seeds;
  const auto choice = choose_seeds(graph, pass.from_influencers, {.k = 50}, Stop()).value();
  for (const ChosenSeed& seed : choice.seeds) seeds.push_back(seed.person);
  return seeds;
}

// One run at a time with the same coins, over plain arrays: the mean spread of the first `runs`
// runs.
double spread_plainly(const ListenGraph& graph, std::span<const float> probabilities,
                      std::span<const Vertex> seeds, std::size_t runs, std::uint64_t& edge_trials) {
  std::vector<std::uint32_t> reached_in(graph.vertices());
  std::vector<Vertex> queue;
  std::uint64_t sum = 0;
  edge_trials = 0;
  for (std::uint32_t run = 0; run != runs; ++run) {
    queue.assign(seeds.begin(), seeds.end());
    for (const Vertex seed : seeds) reached_in[seed] = run + 1;
    for (std::size_t i = 0; i != queue.size(); ++i) {
      const std::size_t end = graph.listeners.offsets[queue[i] + 1];
      edge_trials += end - graph.listeners.offsets[queue[i]];
      for (std::size_t e = graph.listeners.offsets[queue[i]]; e != end; ++e) {
        const Vertex listener = graph.listeners.neighbors[e];
        if (reached_in[listener] == run + 1) continue;
        if (!word_passes_in_run(1, run, queue[i], listener, probabilities[e])) continue;
        reached_in[listener] = run + 1;
        queue.push_back(listener);
      }
    }
    sum += queue.size();
  }
  return static_cast<double>(sum) / static_cast<double>(runs);
}

void BM_SimulatePlainly(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const auto seeds = fifty_seeds(*graph, pass);
  std::uint64_t trials = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(spread_plainly(*graph, pass.to_listeners, seeds, 64, trials));
  }
  state.counters["edge_trials/s"] =
      Counter(static_cast<double>(trials), Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_SimulatePlainly)
    ->ArgNames({"graph"})
    ->Arg(0)
    ->Arg(16)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// Ten thousand runs from fifty good seeds under weighted cascade. An edge trial is a pair of a run
// and an edge whose influencer was reached in it; coin and bookkeeping are in the time.
void BM_Simulate(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const auto seeds = fifty_seeds(*graph, pass);
  const auto few = simulate(*graph, pass.to_listeners, seeds, {.simulations = 100}, Stop()).value();
  std::uint64_t trials = 0;
  if (few.mean != spread_plainly(*graph, pass.to_listeners, seeds, 100, trials) ||
      few.edge_trials != trials) {
    return state.SkipWithError("differs from one run at a time");
  }
  SpreadEstimate estimate;
  for (auto _ : state) {
    estimate = simulate(*graph, pass.to_listeners, seeds, {}, Stop()).value();
  }
  state.counters["spread"] = estimate.mean;
  state.counters["trials"] = static_cast<double>(estimate.edge_trials);
  state.counters["edge_trials/s"] =
      Counter(static_cast<double>(estimate.edge_trials), Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Simulate)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{0, 16, 18}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

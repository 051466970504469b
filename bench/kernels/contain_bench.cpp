#include <cmath>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/propagation/contain.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/reach_risk.hpp"
#include "kernels/propagation/simulate.hpp"

namespace grapevine {
namespace {

// Whoever has most listeners.
Vertex loudest(const ListenGraph& graph) {
  Vertex best = 0;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    if (graph.listeners.degree(v) > graph.listeners.degree(best)) best = v;
  }
  return best;
}

// Ten people against a complaint of whoever has most listeners, weighted cascade.
void BM_Contain(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const std::vector<Vertex> spreading{loudest(*graph)};
  const ContainOptions options{.k = 10, .samples = 200, .evaluations = 1000};
  Containment answer;
  for (auto _ : state) {
    answer = contain(*graph, pass.to_listeners, spreading, options, Stop()).value();
  }
  const auto spread =
      simulate(*graph, pass.to_listeners, spreading, {.simulations = options.evaluations}, Stop())
          .value();
  if (std::abs(answer.spread_without.mean - spread.mean) > 1e-6 * spread.mean) {
    return state.SkipWithError("the complaint spreads otherwise than in simulations");
  }
  state.counters["without"] = answer.spread_without.mean;
  state.counters["with"] = answer.spread_with.mean;
  state.counters["error"] = answer.prevented.standard_error;
}
BENCHMARK(BM_Contain)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{0, 16}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// The risk of everybody, 10,000 runs.
void BM_ReachRisk(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const std::vector<Vertex> spreading{loudest(*graph)};
  ReachRisk risk;
  for (auto _ : state) {
    risk = reach_risk(*graph, pass.to_listeners, spreading, {}, Stop()).value();
  }
  const auto spread = simulate(*graph, pass.to_listeners, spreading, {}, Stop()).value();
  double sum = 1.0;
  for (Vertex v = 0; v != graph->vertices(); ++v) sum += risk.probability(v);
  if (std::abs(sum - spread.mean) > 1e-6 * sum) {
    return state.SkipWithError("the risks do not add up to the spread");
  }
  state.counters["edge_trials/s"] = benchmark::Counter(
      static_cast<double>(spread.edge_trials), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ReachRisk)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{0, 16}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

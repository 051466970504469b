#include <algorithm>
#include <cmath>
#include <numeric>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/spread_of_all.hpp"

namespace grapevine {
namespace {

std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> rank(values.size());
  for (std::size_t begin = 0; begin != order.size();) {
    std::size_t end = begin;  // Equal values share their mean rank.
    while (end != order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i != end; ++i)
      rank[order[i]] = static_cast<double>(begin + end - 1) / 2.0;
    begin = end;
  }
  return rank;
}

struct Comparison {
  double rank_correlation = 0.0;
  double relative_error = 0.0;  // Root mean square.
};

// Holds the answer against simulations from people with listeners, taken at even distances.
Comparison compare(const ListenGraph& graph, std::span<const float> probabilities,
                   std::span<const double> spread, CascadeModel model, std::size_t people,
                   std::size_t runs) {
  std::vector<Vertex> heard;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    if (graph.listeners.degree(v) != 0) heard.push_back(v);
  }
  std::vector<double> estimated;
  std::vector<double> simulated;
  Comparison comparison;
  for (std::size_t i = 0; i != people; ++i) {
    const Vertex v = heard[i * heard.size() / people];
    const SimulateOptions options{.model = model, .simulations = runs};
    estimated.push_back(spread[v]);
    simulated.push_back(
        simulate(graph, probabilities, std::span(&v, 1), options, Stop()).value().mean);
    const double off = estimated.back() / simulated.back() - 1.0;
    comparison.relative_error += off * off / static_cast<double>(people);
  }
  comparison.relative_error = std::sqrt(comparison.relative_error);
  const std::vector<double> x = ranks_of(estimated);
  const std::vector<double> y = ranks_of(simulated);
  const double middle = (static_cast<double>(people) - 1.0) / 2.0;
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i != people; ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) * (x[i] - middle);
    yy += (y[i] - middle) * (y[i] - middle);
  }
  comparison.rank_correlation = xy / std::sqrt(xx * yy);
  return comparison;
}

// The spread of everyone, weighted cascade, to 5 %. `error` is what the answer says of itself,
// `off` what 2,000 simulations of 50 people say, whose error is not small either.
void BM_SpreadOfAll(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(2)));
  const SpreadOfAllOptions options{.model = static_cast<CascadeModel>(state.range(1))};
  const auto weights = pass_probabilities(*graph, WeightedCascade()).value().to_listeners;
  SpreadOfAll all = spread_of_all(*graph, weights, options, Stop()).value();
  const Comparison off = compare(*graph, weights, all.spread, options.model, 50, 2000);
  if (all.relative_error > 0.05 || off.rank_correlation < 0.97) {
    return state.SkipWithError("differs from simulations");
  }
  for (auto _ : state) all = spread_of_all(*graph, weights, options, Stop()).value();
  state.counters["error"] = all.relative_error;
  state.counters["off"] = off.relative_error;
  state.counters["samples"] = static_cast<double>(all.samples);
  state.counters["samples/s"] = benchmark::Counter(static_cast<double>(all.samples),
                                                   benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_SpreadOfAll)
    ->ArgNames({"graph", "threshold", "threads"})
    ->ArgsProduct({{0, 16}, {0, 1}, {1, 2}})
    ->Args({18, 0, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// How good the answer is, at length: minutes of simulations on all processors, timed once.
void BM_SpreadOfAllIsRight(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const auto model = static_cast<CascadeModel>(state.range(1));
  const auto weights = pass_probabilities(*graph, WeightedCascade()).value().to_listeners;
  const auto all = spread_of_all(*graph, weights, {.model = model}, Stop()).value();
  Comparison off;
  for (auto _ : state) {
    off = compare(*graph, weights, all.spread, model, static_cast<std::size_t>(state.range(2)),
                  static_cast<std::size_t>(state.range(3)));
  }
  state.counters["error"] = all.relative_error;
  state.counters["off"] = off.relative_error;
  state.counters["rank_correlation"] = off.rank_correlation;
  if (off.rank_correlation < 0.99) state.SkipWithError("ranks people unlike simulations");
}
BENCHMARK(BM_SpreadOfAllIsRight)
    ->ArgNames({"graph", "threshold", "people", "runs"})
    ->Args({0, 0, 1000, 100'000})
    ->Args({0, 1, 1000, 100'000})
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace grapevine

#include <cmath>
#include <numeric>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/influence/core_number.hpp"
#include "kernels/influence/pagerank.hpp"

namespace grapevine {
namespace {

using benchmark::Counter;

// A tight scalar pull loop: what one thread gets from the same arrays without any of our machinery.
double sweep_plainly(const ListenGraph& graph, const std::vector<double>& per_weight,
                     std::vector<double>& vote, std::vector<double>& next_vote,
                     std::vector<double>& score, double& idle) {
  const auto n = static_cast<double>(graph.vertices());
  const double base = (0.15 + 0.85 * idle) / n;
  double change = 0.0;
  idle = 0.0;
  for (std::size_t v = 0; v != score.size(); ++v) {
    double heard = 0.0;
    for (std::size_t e = graph.listeners.offsets[v]; e != graph.listeners.offsets[v + 1]; ++e) {
      heard += static_cast<double>(graph.listeners.weights[e]) * vote[graph.listeners.neighbors[e]];
    }
    const double now = base + 0.85 * heard;
    change += std::abs(now - score[v]);
    score[v] = now;
    if (per_weight[v] == 0.0) idle += now;
    next_vote[v] = now * per_weight[v];
  }
  vote.swap(next_vote);
  return change;
}

std::vector<double> rank_plainly(const ListenGraph& graph, double tolerance, std::size_t& sweeps) {
  const std::size_t n = graph.vertices();
  std::vector<double> per_weight(n), score(n, 1.0 / static_cast<double>(n)), vote(n), next_vote(n);
  double idle = 0.0;
  for (Vertex v = 0; v != n; ++v) {
    double sum = 0.0;
    for (const float w : graph.influencers.weights_of(v)) sum += static_cast<double>(w);
    per_weight[v] = sum > 0.0 ? 1.0 / sum : 0.0;
    vote[v] = score[v] * per_weight[v];
    if (sum == 0.0) idle += score[v];
  }
  sweeps = 1;
  while (sweep_plainly(graph, per_weight, vote, next_vote, score, idle) >= tolerance) ++sweeps;
  return score;
}

void count_edges(benchmark::State& state, const ListenGraph& graph, std::size_t sweeps) {
  state.counters["sweeps"] = static_cast<double>(sweeps);
  state.counters["edge_sweeps/s"] =
      Counter(static_cast<double>(graph.edges() * sweeps), Counter::kIsIterationInvariantRate);
}

void BM_PagerankPlainLoop(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  std::size_t sweeps = 0;
  for (auto _ : state) benchmark::DoNotOptimize(rank_plainly(*graph, 1e-10, sweeps));
  count_edges(state, *graph, sweeps);
}
BENCHMARK(BM_PagerankPlainLoop)
    ->ArgNames({"graph"})
    ->Arg(0)
    ->Arg(16)
    ->Arg(18)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// "edge_sweeps/s" counts each edge once per sweep, the preparation's time included.
void BM_Pagerank(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto ranked = pagerank(*graph, {}, Stop()).value();
  std::size_t sweeps = 0;
  const auto plain = rank_plainly(*graph, 1e-10, sweeps);
  double off = 0.0;
  for (std::size_t v = 0; v != plain.size(); ++v) off += std::abs(plain[v] - ranked.scores[v]);
  if (off > 1e-9) return state.SkipWithError("scores differ from those of the plain loop");
  for (auto _ : state) benchmark::DoNotOptimize(pagerank(*graph, {}, Stop()));
  count_edges(state, *graph, ranked.sweeps);
}
BENCHMARK(BM_Pagerank)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{0, 16, 18}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// The loop of the GAP benchmark suite: people hear each other's new scores within a sweep, until all
// scores change by less than 1e-4 in sum. Its error is what the next benchmark has to keep below.
std::vector<double> rank_as_gap(const ListenGraph& graph) {
  const std::size_t n = graph.vertices();
  std::vector<double> per_weight(n), score(n, 1.0 / static_cast<double>(n)), vote(n);
  for (Vertex v = 0; v != n; ++v) {
    double sum = 0.0;
    for (const float w : graph.influencers.weights_of(v)) sum += static_cast<double>(w);
    per_weight[v] = sum > 0.0 ? 1.0 / sum : 0.0;
    vote[v] = score[v] * per_weight[v];
  }
  for (double change = 1.0; change >= 1e-4;) {
    change = 0.0;
    for (Vertex v = 0; v != n; ++v) {
      double heard = 0.0;
      for (std::size_t i = 0; i != graph.listeners.degree(v); ++i) {
        heard +=
            static_cast<double>(graph.listeners.weights_of(v)[i]) * vote[graph.listeners.of(v)[i]];
      }
      const double now = 0.15 / static_cast<double>(n) + 0.85 * heard;
      change += std::abs(now - score[v]);
      score[v] = now;
      vote[v] = now * per_weight[v];
    }
  }
  return score;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t v = 0; v != a.size(); ++v) sum += std::abs(a[v] - b[v]);
  return sum;
}

// "error" in L1; on a symmetric graph, where nobody listens to nobody.
void BM_PagerankCoarse(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto fine = pagerank(*graph, {.tolerance = 1e-12}, Stop()).value().scores;
  const auto ranked = pagerank(*graph, {.tolerance = 1e-4}, Stop()).value();
  const double error = distance(ranked.scores, fine);
  const double error_of_gap = distance(rank_as_gap(*graph), fine);
  if (error > error_of_gap) return state.SkipWithError("further off than the GAP loop");
  for (auto _ : state) benchmark::DoNotOptimize(pagerank(*graph, {.tolerance = 1e-4}, Stop()));
  count_edges(state, *graph, ranked.sweeps);
  state.counters["error"] = error;
  state.counters["error_of_gap"] = error_of_gap;
}
BENCHMARK(BM_PagerankCoarse)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{18, 20}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_CoreNumber(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  // No one can be in a deeper core than they have ties, and someone of the deepest has that many.
  const auto core = core_number(*graph, Stop()).value();
  for (Vertex v = 0; v != graph->vertices(); ++v) {
    if (core[v] > graph->listeners.degree(v) + graph->influencers.degree(v)) {
      return state.SkipWithError("a core number exceeds the number of ties");
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(core_number(*graph, Stop()));
  state.counters["edges/s"] =
      Counter(static_cast<double>(graph->edges()), Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_CoreNumber)
    ->ArgNames({"graph"})
    ->Arg(0)
    ->Arg(16)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// From events to both directions of the graph.
void BM_BuildListenGraph(benchmark::State& state) {
  const auto ties = state.range(0) == 0
                        ? bench::read_higgs_ties()
                        : bench::draw_rmat_ties(static_cast<unsigned>(state.range(0)), 1);
  if (ties.empty()) return state.SkipWithError("no Higgs data beside the source tree");
  const ListenGraph graph = bench::graph_of(ties);
  if (state.range(0) == 0 && (graph.vertices() != 304'691 || graph.edges() != 461'192 ||
                              graph.events != 563'069 || graph.self_events != 7'588)) {
    return state.SkipWithError("the Higgs graph is not what was counted by other means");
  }
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(bench::graph_of(ties));
  state.counters["events/s"] =
      Counter(static_cast<double>(ties.size()), Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_BuildListenGraph)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{0, 18}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

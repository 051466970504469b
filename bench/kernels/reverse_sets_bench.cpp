#include <cmath>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/propagation/max_cover.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/reverse_sets.hpp"
#include "kernels/propagation/simulate.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSets = 100'000;

std::vector<Vertex> everyone(const ListenGraph& graph) {
  std::vector<Vertex> people(graph.vertices());
  for (Vertex v = 0; v != graph.vertices(); ++v) people[v] = v;
  return people;
}

// Reverse-reachable sets at weighted cascade; the tables of the sampler are made before the clock
// starts.
void BM_ReverseSets(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto model = static_cast<CascadeModel>(state.range(2));
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const std::vector<Vertex> people = everyone(*graph);
  const ReverseSampler sampler(*graph, pass.from_influencers, model, people, {}, {});
  ReverseSets sets;
  if (!sampler.extend(sets, kSets, 1, std::size_t{8} << 30, Stop()).ok()) {
    return state.SkipWithError("refused");
  }
  if (model == CascadeModel::IndependentCascade) {
    // The sets that hold someone estimate how far word from them goes.
    const auto best = max_cover(sets, graph->vertices(), 1).chosen;
    const double share =
        static_cast<double>(count_covered(sets, graph->vertices(), best)[0]) / kSets;
    const auto n = static_cast<double>(graph->vertices());
    const auto spread =
        simulate(*graph, pass.to_listeners, best, {.simulations = 2000}, Stop()).value();
    // Chosen by the same sets, it looks a little better than it is.
    const double error = std::hypot(spread.standard_error, n * std::sqrt(share / kSets));
    if (std::abs(spread.mean - share * n) > 5.0 * error) {
      return state.SkipWithError("simulations contradict the sets");
    }
  }
  for (auto _ : state) {
    ReverseSets again;
    if (!sampler.extend(again, kSets, 1, std::size_t{8} << 30, Stop()).ok()) break;
    benchmark::DoNotOptimize(again.members.data());
  }
  using benchmark::Counter;
  state.counters["sets/s"] = Counter(kSets, Counter::kIsIterationInvariantRate);
  state.counters["members/s"] =
      Counter(static_cast<double>(sets.members.size()), Counter::kIsIterationInvariantRate);
  state.counters["members"] = static_cast<double>(sets.members.size()) / kSets;
}
BENCHMARK(BM_ReverseSets)
    ->ArgNames({"graph", "threads", "model"})
    ->ArgsProduct({{0, 18}, {1, 2}, {0, 1}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

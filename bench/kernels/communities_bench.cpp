#include <benchmark/benchmark.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/influence/communities.hpp"

namespace grapevine {
namespace {

// One thread but for the merging of both directions.
void BM_FindCommunities(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  Communities found = find_communities(*graph, {}, Stop()).value();
  const double alone = modularity(*graph, std::vector<std::uint32_t>(graph->vertices()), 1.0);
  if (found.modularity != modularity(*graph, found.of, 1.0) || found.modularity < alone + 0.1) {
    return state.SkipWithError("the communities are no better than everyone together");
  }
  for (auto _ : state) found = find_communities(*graph, {}, Stop()).value();
  state.counters["modularity"] = found.modularity;
  state.counters["communities"] = static_cast<double>(found.count());
  state.counters["iterations"] = static_cast<double>(found.iterations);
  state.counters["edges/s"] = benchmark::Counter(static_cast<double>(graph->edges()),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_FindCommunities)
    ->ArgNames({"graph"})
    ->Arg(0)
    ->Arg(16)
    ->Arg(18)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

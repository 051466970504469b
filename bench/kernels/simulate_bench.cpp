#include <cmath>
#include <cstring>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/choose_seeds.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/simulate_rivals.hpp"

namespace grapevine {
namespace {

using benchmark::Counter;

std::vector<Vertex> fifty_seeds(const ListenGraph& graph, const PassProbabilities& pass) {
  std::vector<Vertex> seeds;
  const auto choice = choose_seeds(graph, pass.from_influencers, {.k = 50}, Stop()).value();
  for (const ChosenSeed& seed : choice.seeds) seeds.push_back(seed.person);
  return seeds;
}

struct PlainSpread {
  double mean = 0.0;
  double standard_error = 0.0;
  std::uint64_t edge_trials = 0;
};

// One run at a time over plain arrays, with a coin of its own for every edge.
PlainSpread spread_plainly(const ListenGraph& graph, std::span<const float> probabilities,
                           std::span<const Vertex> seeds, std::size_t runs) {
  std::vector<std::uint32_t> reached_in(graph.vertices());
  std::vector<Vertex> queue;
  PlainSpread spread;
  double squares = 0.0;
  const std::uint64_t stream = scramble(20261122);
  std::uint64_t number = 0;
  for (std::uint32_t run = 0; run != runs; ++run) {
    queue.assign(seeds.begin(), seeds.end());
    for (const Vertex seed : seeds) reached_in[seed] = run + 1;
    for (std::size_t i = 0; i != queue.size(); ++i) {
      const std::size_t end = graph.listeners.offsets[queue[i] + 1];
      spread.edge_trials += end - graph.listeners.offsets[queue[i]];
      for (std::size_t e = graph.listeners.offsets[queue[i]]; e != end; ++e) {
        const Vertex listener = graph.listeners.neighbors[e];
        if (reached_in[listener] == run + 1) continue;
        if (draw_bits(stream, number++) >> 32 >= quantized(probabilities[e])) continue;
        reached_in[listener] = run + 1;
        queue.push_back(listener);
      }
    }
    spread.mean += static_cast<double>(queue.size());
    squares += static_cast<double>(queue.size()) * static_cast<double>(queue.size());
  }
  const auto n = static_cast<double>(runs);
  spread.mean /= n;
  spread.standard_error = std::sqrt((squares / n - spread.mean * spread.mean) / (n - 1.0));
  return spread;
}

void BM_SimulatePlainly(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const auto seeds = fifty_seeds(*graph, pass);
  std::uint64_t trials = 0;
  for (auto _ : state) {
    trials = spread_plainly(*graph, pass.to_listeners, seeds, 64).edge_trials;
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
  const auto few =
      simulate(*graph, pass.to_listeners, seeds, {.simulations = 2000}, Stop()).value();
  const PlainSpread plain = spread_plainly(*graph, pass.to_listeners, seeds, 100);
  const double trials_ratio =
      static_cast<double>(few.edge_trials) / 20.0 / static_cast<double>(plain.edge_trials);
  if (std::abs(few.mean - plain.mean) >
          4.0 * std::hypot(few.standard_error, plain.standard_error) ||
      std::abs(trials_ratio - 1.0) > 0.05) {
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

// A thousand runs, 25 of the good seeds on each side.
void BM_SimulateRivals(benchmark::State& state) {
  const ListenGraph* graph = bench::graph_named(state.range(0));
  if (graph == nullptr) return state.SkipWithError("no Higgs data beside the source tree");
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const auto pass = pass_probabilities(*graph, WeightedCascade()).value();
  const auto seeds = fifty_seeds(*graph, pass);
  const std::span<const Vertex> own = std::span(seeds).first(25);
  const std::span<const Vertex> rival = std::span(seeds).subspan(25);
  const SimulateRivalsOptions options{.simulations = 1000};
  const auto answer = [&] {
    return simulate_rivals(*graph, pass.to_listeners, own, rival, options, Stop()).value();
  };
  // Both sides together reach whom one side with all seeds would.
  const auto alone =
      simulate(*graph, pass.to_listeners, seeds, {.simulations = 1000}, Stop()).value();
  RivalSpread spread = answer();
  if (std::abs(spread.own.mean + spread.rival.mean - alone.mean) >
      8.0 * std::hypot(alone.standard_error, spread.own.standard_error)) {
    return state.SkipWithError("differs from one side alone");
  }
  for (auto _ : state) spread = answer();
  state.counters["own"] = spread.own.mean;
  state.counters["rival"] = spread.rival.mean;
  state.counters["edge_trials/s"] =
      Counter(static_cast<double>(alone.edge_trials), Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_SimulateRivals)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{0, 16}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// What the machine allows: words read at random places of a table, from one thread, as fast as the
// processor overlaps them. States of R-MAT 16 and 18 take 1 and 3 MB, the slots of
// the latter's rare listeners 80.
void BM_Gather(benchmark::State& state) {
  const auto words = static_cast<std::size_t>(state.range(0)) << 17;
  const std::vector<std::uint64_t> table(words, 1);
  constexpr std::size_t kReads = 1 << 20;
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i != kReads; ++i) sum += table[draw_bits(7, i) % words];
    if (sum != kReads) return state.SkipWithError("the table is not what was written");
  }
  state.counters["reads/s"] =
      Counter(static_cast<double>(kReads), Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Gather)->ArgNames({"MB"})->Arg(1)->Arg(4)->Arg(128)->UseRealTime();

}  // namespace
}  // namespace grapevine

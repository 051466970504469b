#include <cmath>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/influence/learned_fit.hpp"
#include "kernels/influence/learned_probabilities.hpp"
#include "kernels/influence/superusers.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

double draw_uniform(std::uint64_t stream, std::uint64_t number) {
  return static_cast<double>(draw_bits(stream, number) >> 11) * 0x1p-53;
}

// Cascades by weighted cascade, a step a minute on average, from five people a content, until there
// are so many actions.
std::vector<Action> draw_actions(const ListenGraph& graph, std::size_t count) {
  std::vector<Action> actions;
  std::vector<std::uint32_t> acted(graph.vertices(), 0xFFFF'FFFF);
  const auto n = static_cast<double>(graph.vertices());
  for (std::uint32_t content = 0; actions.size() < count; ++content) {
    const std::uint64_t stream = scramble(content + 1);
    const std::size_t begin = actions.size();
    const auto act = [&](Vertex person, double time_ms) {
      if (acted[person] == content) return;
      acted[person] = content;
      actions.push_back({person, content, static_cast<TimeMs>(time_ms)});
    };
    const double start_ms = 1.7e12 + 1e4 * content;
    for (std::uint64_t i = 0; i != 5; ++i) {
      act(static_cast<Vertex>(n * draw_uniform(stream, i)),
          start_ms + 1e5 * static_cast<double>(i));
    }
    for (std::size_t i = begin; i != actions.size() && actions.size() - begin < 10'000; ++i) {
      const Action from = actions[i];
      const std::uint64_t coins = scramble(stream ^ from.person);
      for (std::size_t edge = graph.listeners.offsets[from.person];
           edge != graph.listeners.offsets[from.person + 1]; ++edge) {
        const Vertex listener = graph.listeners.neighbors[edge];
        const auto p = static_cast<double>(graph.listeners.weights[edge]);
        if (draw_uniform(coins, 2 * edge) >= p) continue;
        const double delay_ms = -6e4 * std::log1p(-draw_uniform(coins, 2 * edge + 1));
        act(listener, static_cast<double>(from.time_ms) + 1.0 + delay_ms);
      }
    }
  }
  return actions;
}

const std::vector<Action>& ten_million_actions(const ListenGraph& graph) {
  static const std::vector<Action> actions = draw_actions(graph, 10'000'000);
  return actions;
}

void BM_LearnProbabilities(benchmark::State& state) {
  const ListenGraph& graph = *bench::graph_named(18);
  const std::vector<Action>& actions = ten_million_actions(graph);
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(0)));
  auto learned = learn_probabilities(graph, actions, {}, Stop()).value();
  if (learned.actions != actions.size() || learned.edges_succeeded == 0) {
    return state.SkipWithError("actions were lost");
  }
  for (auto _ : state) learned = learn_probabilities(graph, actions, {}, Stop()).value();
  state.counters["contents"] = static_cast<double>(learned.contents);
  state.counters["exposed"] = static_cast<double>(learned.actions_exposed);
  state.counters["edges_tried"] = static_cast<double>(learned.edges_tried);
  state.counters["edges_succeeded"] = static_cast<double>(learned.edges_succeeded);
  state.counters["actions/s"] = benchmark::Counter(static_cast<double>(actions.size()),
                                                   benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_LearnProbabilities)
    ->ArgNames({"threads"})
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

// Learning from nine tenths and judging three rules on the rest. The first tenth of the actions.
void BM_FitLearned(benchmark::State& state) {
  const ListenGraph& graph = *bench::graph_named(18);
  const std::span<const Action> actions = std::span(ten_million_actions(graph)).first(1'000'000);
  LearnedFit fit = fit_learned(graph, actions, {}, Stop()).value();
  // The actions were drawn by weighted cascade: nothing foresees them better.
  if (fit.weighted_cascade.log_loss > fit.constant.log_loss ||
      fit.learned.log_loss < fit.weighted_cascade.log_loss) {
    return state.SkipWithError("the rule that made the actions is not the best");
  }
  for (auto _ : state) fit = fit_learned(graph, actions, {}, Stop()).value();
  state.counters["auc_learned"] = fit.learned.area_under_curve;
  state.counters["auc_cascade"] = fit.weighted_cascade.area_under_curve;
  state.counters["auc_constant"] = fit.constant.area_under_curve;
  state.counters["predictions/s"] = benchmark::Counter(
      static_cast<double>(fit.predictions), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_FitLearned)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

void BM_FindSuperusers(benchmark::State& state) {
  std::vector<std::uint64_t> counts(1'000'000);
  for (std::size_t i = 0; i != counts.size(); ++i) {
    counts[i] = static_cast<std::uint64_t>(1.0 / (draw_uniform(1, i) + 1e-6));  // Zipf's law.
  }
  const auto found = find_superusers(counts, 0.01).value();
  if (found.people.size() != 10'000 || !(found.gini > 0.0 && found.gini < 1.0)) {
    return state.SkipWithError("not the top hundredth");
  }
  for (auto _ : state) benchmark::DoNotOptimize(find_superusers(counts, 0.01));
  state.counters["people/s"] = benchmark::Counter(static_cast<double>(counts.size()),
                                                  benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_FindSuperusers)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

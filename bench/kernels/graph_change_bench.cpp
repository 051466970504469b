#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "bench/kernels/graphs.hpp"
#include "kernels/graph/update_listen_graph.hpp"
#include "kernels/influence/repair_pagerank.hpp"

namespace grapevine {
namespace {

// A recursive-matrix graph, and the same with a thousand more events between the ends of random
// events, so that hubs get more of them.
struct Changed {
  ListenGraph before;
  ListenGraph after;
  std::vector<CustomerId> people;  // The listeners of these events, and all of their ties.
  std::vector<SocialTie> theirs;
  PagerankResult ranked_before;
};

const Changed& changed_graph(unsigned scale) {
  static unsigned made = 0;
  static auto changed = std::make_unique<Changed>();
  if (made == scale) return *changed;
  *changed = {};
  made = scale;
  auto ties = bench::draw_rmat_ties(scale, 1);
  const std::size_t count = ties.size();
  changed->before = bench::graph_of(ties);
  for (std::uint64_t i = 0; i != 1000; ++i) {
    const CustomerId listener = ties[draw_bits(i, 1) % count].listener;
    ties.push_back({ties[draw_bits(i, 0) % count].influencer, listener});
    changed->people.push_back(listener);
  }
  std::ranges::sort(changed->people);
  const auto [end, last] = std::ranges::unique(changed->people);
  changed->people.erase(end, last);
  std::ranges::copy_if(ties, std::back_inserter(changed->theirs), [&](const SocialTie& tie) {
    return std::ranges::binary_search(changed->people, tie.listener);
  });
  changed->after = bench::graph_of(ties);
  changed->ranked_before = pagerank(changed->before, {}, Stop()).value();
  return *changed;
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
  double largest = 0.0;
  for (std::size_t i = 0; i != a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// After a thousand events, to a tolerance of 10^-digits; "off" is the largest difference from a
// fresh run to 1e-10.
void BM_RepairPagerank(benchmark::State& state) {
  const Changed& changed = changed_graph(static_cast<unsigned>(state.range(0)));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(2)));
  const EarlierScores earlier{changed.before.people, changed.ranked_before.scores};
  const PagerankOptions options{.tolerance = std::pow(10.0, -static_cast<double>(state.range(1)))};
  const auto fresh = pagerank(changed.after, {}, Stop()).value();
  const auto repaired = repair_pagerank(changed.after, earlier, options, Stop()).value();
  const double off = largest_difference(fresh.scores, repaired.scores);
  if (!repaired.repaired || off > 1e-9) return state.SkipWithError("not as a fresh run");
  for (auto _ : state) {
    benchmark::DoNotOptimize(repair_pagerank(changed.after, earlier, options, Stop()));
  }
  state.counters["off"] = off;
  state.counters["sweeps"] = static_cast<double>(repaired.sweeps);
  state.counters["fresh_sweeps"] = static_cast<double>(fresh.sweeps);
}
BENCHMARK(BM_RepairPagerank)
    ->ArgNames({"graph", "digits", "threads"})
    ->ArgsProduct({{18, 20}, {7, 8, 10}, {2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// The same thousand events spliced in; hubs among their listeners make the given ties many.
void BM_UpdateListenGraph(benchmark::State& state) {
  const Changed& changed = changed_graph(static_cast<unsigned>(state.range(0)));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const std::span<const SocialTie> theirs(changed.theirs);
  const ListenGraphUpdate update{.people = changed.people,
                                 .ties = std::span(&theirs, 1),
                                 .events = changed.after.events,
                                 .self_events = changed.after.self_events};
  const auto spliced = update_listen_graph(changed.before, update, {}, Stop()).value();
  if (spliced.people != changed.after.people ||
      spliced.listeners.offsets != changed.after.listeners.offsets ||
      spliced.listeners.neighbors != changed.after.listeners.neighbors ||
      spliced.listeners.weights != changed.after.listeners.weights ||
      spliced.influencers.weights != changed.after.influencers.weights) {
    return state.SkipWithError("not the graph of all ties");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(update_listen_graph(changed.before, update, {}, Stop()));
  }
  state.counters["given_ties"] = static_cast<double>(changed.theirs.size());
}
BENCHMARK(BM_UpdateListenGraph)
    ->ArgNames({"graph", "threads"})
    ->ArgsProduct({{18, 20}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// What the arrays cost at least.
void BM_CopyListenGraph(benchmark::State& state) {
  const Changed& changed = changed_graph(static_cast<unsigned>(state.range(0)));
  for (auto _ : state) {
    const ListenGraph copy = changed.after;  // NOLINT(performance-unnecessary-copy-initialization)
    benchmark::DoNotOptimize(copy.listeners.weights.data());
  }
}
BENCHMARK(BM_CopyListenGraph)
    ->ArgNames({"graph"})
    ->Arg(18)
    ->Arg(20)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

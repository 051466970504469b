#include "kernels/propagation/simulate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/run_counter.hpp"
#include "kernels/propagation/speech_plan.hpp"

namespace grapevine {
namespace {

// Edges, and speakers, between asking for memory and using it: about a memory latency of work each. Most
// people have few listeners, so looking ahead along one list alone would come too late.
constexpr std::ptrdiff_t kEdgesAhead = 12;
constexpr std::size_t kSpeechesAhead = 12;
constexpr std::size_t kEdgeListsAhead = 8;
constexpr std::size_t kStatesAhead = 4;

using CountsByRun = std::array<std::uint32_t, kRunsPerBlock>;

// A person in the 64 runs of a block. Side by side, so that a coin touches one cache line.
struct State {
  std::uint64_t reached = 0;  // Runs that have reached them.
  std::uint64_t next = 0;     // Of these, the runs in which they speak in the next step.
};

// Nobody listens to them, so there is no step to wait for. All ones, so that they look as if they
// were already on the list of the next step.
constexpr std::uint64_t kNeverSpeaks = ~std::uint64_t{0};

struct Speaker {
  std::uint32_t place = 0;
  std::uint64_t runs = 0;
};

struct Scratch {
  std::vector<State> states;  // By place.
  std::vector<std::uint32_t>
      list;  // Who speaks in the next step; one place more than can be listed,
             // because whoever is on it already is written and then left.
  std::vector<Speaker> speakers;
};

struct BlockResult {
  std::vector<CountsByRun> newly_reached;  // By step.
  std::uint64_t edge_trials = 0;
};

struct Question {
  std::span<const Vertex> seeds;  // Each once.
  const SimulateOptions& options;
  SpeechPlan plan;
};

Scratch fresh_scratch(const SpeechPlan& plan) {
  Scratch scratch{std::vector<State>(plan.places), std::vector<std::uint32_t>(plan.places + 1), {}};
  for (std::size_t place = plan.speeches.size(); place != plan.places; ++place) {
    scratch.states[place].next = kNeverSpeaks;
  }
  return scratch;
}

// Notes that `runs` reach a person for the first time; returns the new length of the list.
template <bool kEveryoneCounts>
std::size_t reach(const Question& question, Scratch& scratch, std::uint32_t place, Vertex person,
                  std::uint64_t runs, RunCounter& counter, std::size_t listed) {
  State& state = scratch.states[place];
  scratch.list[listed] = place;
  listed += state.next == 0 ? 1 : 0;
  state.next |= runs;
  state.reached |= runs;
  if (kEveryoneCounts || mask_has(question.options.audience, person)) counter.add(runs);
  return listed;
}

// Asks for what the speakers after `at` will need, in three stages that depend on each other.
void look_ahead(const SpeechPlan& plan, const Scratch& scratch, std::size_t at) {
  const std::span<const Speaker> speakers = scratch.speakers;
  if (at + kSpeechesAhead < speakers.size()) {
    __builtin_prefetch(&plan.speeches[speakers[at + kSpeechesAhead].place]);
  }
  if (at + kEdgeListsAhead < speakers.size()) {
    __builtin_prefetch(plan.edges.data() +
                       plan.speeches[speakers[at + kEdgeListsAhead].place].begin);
  }
  if (at + kStatesAhead < speakers.size()) {
    const Speech& speech = plan.speeches[speakers[at + kStatesAhead].place];
    const std::size_t end = speech.begin + std::min<std::size_t>(speech.stateful, kEdgesAhead);
    for (std::size_t edge = speech.begin; edge != end; ++edge) {
      __builtin_prefetch(&scratch.states[plan.edges[edge].place], 1);
    }
  }
}

// Lets one person speak in the given runs: each listener whom a run has not reached gets one coin.
template <bool kEveryoneCounts>
std::size_t speak(const Question& question, std::uint64_t key, const Speech& speech,
                  std::uint64_t runs, Scratch& scratch, RunCounter& counter, std::size_t listed) {
  const SpeechEdge* edge = question.plan.edges.data() + speech.begin;
  for (const SpeechEdge* end = edge + speech.stateful; edge != end; ++edge) {
    if (end - edge > kEdgesAhead) __builtin_prefetch(&scratch.states[edge[kEdgesAhead].place], 1);
    const std::uint64_t asked = runs & ~scratch.states[edge->place].reached;
    if (asked == 0) continue;
    const std::uint64_t hit =
        word_passes(key, speech.speaker, edge->listener, edge->probability, asked);
    if (hit == 0) continue;
    listed = reach<kEveryoneCounts>(question, scratch, edge->place, edge->listener, hit, counter,
                                    listed);
  }
  for (const SpeechEdge* end = edge + speech.dead_ends; edge != end; ++edge) {
    counter.add(word_passes(key, speech.speaker, edge->listener, edge->probability, runs));
  }
  counter.add(runs, speech.certain);
  return listed;
}

// Takes the list of the next step: from now on the people on it can be listed anew.
void take_list(Scratch& scratch, std::size_t listed) {
  scratch.speakers.resize(listed);
  for (std::size_t i = 0; i != listed; ++i) {
    State& state = scratch.states[scratch.list[i]];
    scratch.speakers[i] = {scratch.list[i], state.next};
    state.next = 0;
  }
}

template <bool kEveryoneCounts>
BlockResult run_block(const Question& question, std::size_t block, Scratch& scratch) {
  const SimulateOptions& options = question.options;
  const std::uint64_t key = block_key(options.random_seed, block);
  const std::size_t runs_left = options.simulations - block * kRunsPerBlock;
  const std::uint64_t runs =
      ~std::uint64_t{0} >> (kRunsPerBlock - std::min(runs_left, kRunsPerBlock));

  BlockResult result;
  RunCounter counter;
  std::size_t listed = 0;
  for (State& state : scratch.states) state.reached = 0;
  for (std::size_t i = 0; i != question.seeds.size(); ++i) {
    listed = reach<kEveryoneCounts>(question, scratch, question.plan.seed_places[i],
                                    question.seeds[i], runs, counter, listed);
  }
  result.newly_reached.push_back(counter.take());
  for (std::size_t step = 1; listed != 0; ++step) {
    take_list(scratch, listed);
    if (step - 1 == options.horizon && options.horizon != 0) break;
    listed = 0;
    for (std::size_t i = 0; i != scratch.speakers.size(); ++i) {
      const auto [place, speaking] = scratch.speakers[i];
      const Speech& speech = question.plan.speeches[place];
      look_ahead(question.plan, scratch, i);
      result.edge_trials += static_cast<std::uint64_t>(std::popcount(speaking)) * speech.listeners;
      listed = speak<kEveryoneCounts>(question, key, speech, speaking, scratch, counter, listed);
    }
    if (step <= options.curve_steps_max) {
      result.newly_reached.push_back(counter.take());
    }
  }
  // What came after the curve still counts: in one step past its end.
  result.newly_reached.push_back(counter.take());
  return result;
}

double nearest_rank(std::vector<std::uint32_t>& counts, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(counts.size())));
  const auto at = counts.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(counts, at);
  return static_cast<double>(*at);
}

double mean_of(std::span<const std::uint32_t> counts) {
  std::uint64_t sum = 0;
  for (const std::uint32_t count : counts) sum += count;
  return static_cast<double>(sum) / static_cast<double>(counts.size());
}

SpreadEstimate summarize(std::span<const BlockResult> blocks, const SimulateOptions& options) {
  SpreadEstimate estimate;
  std::size_t steps = 1;
  for (const BlockResult& block : blocks) {
    steps = std::max(steps, block.newly_reached.size() - 1);
    estimate.edge_trials += block.edge_trials;
  }
  // Writes what each run reached at one step, or in all.
  const auto counts_of = [&](std::size_t first, std::size_t last) {
    std::vector<std::uint32_t> counts(options.simulations);
    for (std::size_t run = 0; run != counts.size(); ++run) {
      const auto& of_step = blocks[run / kRunsPerBlock].newly_reached;
      for (std::size_t step = first; step < std::min(last, of_step.size()); ++step) {
        counts[run] += of_step[step][run % kRunsPerBlock];
      }
    }
    return counts;
  };
  estimate.curve.resize(steps);
  for_each(steps, [&](std::size_t step) {
    std::vector<std::uint32_t> counts = counts_of(step, step + 1);
    estimate.curve[step] = {mean_of(counts), nearest_rank(counts, 0.05),
                            nearest_rank(counts, 0.95)};
  });
  // The last step is the one in which nobody was left to reach.
  while (estimate.curve.size() > 1 && estimate.curve.back().mean == 0.0) estimate.curve.pop_back();
  std::vector<std::uint32_t> spreads = counts_of(0, steps + 1);
  estimate.mean = mean_of(spreads);
  const auto runs = static_cast<double>(spreads.size());
  double squares = 0.0;
  for (const std::uint32_t spread : spreads) {
    squares += (spread - estimate.mean) * (spread - estimate.mean);
  }
  if (spreads.size() > 1) estimate.standard_error = std::sqrt(squares / (runs - 1.0) / runs);
  estimate.p05 = nearest_rank(spreads, 0.05);
  estimate.p50 = nearest_rank(spreads, 0.50);
  estimate.p95 = nearest_rank(spreads, 0.95);
  return estimate;
}

absl::Status check(const ListenGraph& graph, std::span<const float> probabilities,
                   std::span<const Vertex> seeds, const SimulateOptions& options) {
  const std::size_t n = graph.vertices();
  if (options.simulations == 0) return absl::InvalidArgumentError("simulations is 0");
  if (probabilities.size() != graph.edges()) {
    return absl::InvalidArgumentError("there is not one probability an edge");
  }
  const VertexMask audience = options.audience;
  if (!audience.empty() && audience.size() != mask_words(n)) {
    return absl::InvalidArgumentError("the audience is not of this graph");
  }
  for (const Vertex seed : seeds) {
    if (seed >= n) return absl::InvalidArgumentError("a seed is not in the graph");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SpreadEstimate> simulate(const ListenGraph& graph,
                                        std::span<const float> probabilities,
                                        std::span<const Vertex> seeds,
                                        const SimulateOptions& options, const Stop& stop) {
  if (absl::Status status = check(graph, probabilities, seeds, options); !status.ok())
    return status;
  std::vector<Vertex> distinct(seeds.begin(), seeds.end());
  std::ranges::sort(distinct);
  distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
  const Question question{distinct, options,
                          plan_speeches(graph, probabilities, distinct, options.audience)};

  std::vector<BlockResult> blocks(blocks_of(options.simulations, kRunsPerBlock));
  WorkerLocal<Scratch> scratch([&question] { return fresh_scratch(question.plan); });
  for_each(blocks.size(), [&](std::size_t block) {
    if (stop.requested()) return;
    blocks[block] = options.audience.empty() ? run_block<true>(question, block, scratch.mine())
                                             : run_block<false>(question, block, scratch.mine());
  });
  if (stop.requested()) return absl::CancelledError();
  return summarize(blocks, options);
}

}  // namespace grapevine

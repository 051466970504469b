#include "kernels/propagation/simulate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "kernels/parallel/blocks_done.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/group_counts.hpp"
#include "kernels/propagation/linear_threshold.hpp"
#include "kernels/propagation/run_counter.hpp"
#include "kernels/propagation/run_summary.hpp"
#include "kernels/propagation/speech_plan.hpp"

namespace grapevine {
namespace {

// Edges, and speakers, between asking for memory and using it: about a memory latency of work each. Most
// people have few listeners, so looking ahead along one list alone would come too late.
constexpr std::ptrdiff_t kEdgesAhead = 12;
constexpr std::size_t kSpeechesAhead = 12;
constexpr std::size_t kEdgeListsAhead = 8;
constexpr std::size_t kStatesAhead = 4;
constexpr std::size_t kPicksAhead = 16;

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

// Picks on their way to the states of listeners: memory is asked for twice before it is used.
class PickQueue {
 public:
  struct Hit {
    std::uint32_t place = 0;
    std::uint64_t run = 0;  // A bit; 0: nothing.
  };

  // Takes a pick in, if `run` is one, and gives another out that is ready, if any.
  Hit exchange(const RarePick& pick, std::uint64_t run, std::span<const State> states) {
    if (run != 0) __builtin_prefetch(pick.slot);
    const std::size_t at = next_++ % kPicksAhead;
    const Waiting chosen = std::exchange(waiting_[at], {pick, run});
    Hit hit{0, chosen.run};
    if (chosen.run != 0) {
      hit.place = chosen.pick.place();
      __builtin_prefetch(&states[hit.place], 1);
    }
    return std::exchange(hits_[at], hit);
  }

 private:
  struct Waiting {
    RarePick pick;
    std::uint64_t run = 0;
  };
  std::array<Waiting, kPicksAhead> waiting_{};
  std::array<Hit, kPicksAhead> hits_{};
  std::size_t next_ = 0;
};

struct Scratch {
  std::vector<State> states;  // By place.
  std::vector<std::uint32_t>
      list;  // Who speaks in the next step; one place more than can be listed,
             // because whoever is on it already is written and then left.
  std::vector<Speaker> speakers;
  PickQueue picks;
  std::vector<std::vector<GroupSums>> groups;  // By grouping, then by group, over all blocks.
};

struct BlockResult {
  std::vector<CountsByRun> newly_reached;  // By step.
  std::uint64_t edge_trials = 0;
};

struct Question {
  std::span<const Vertex> seeds;  // Each once.
  const SimulateOptions& options;
  SpeechPlan plan;
  std::vector<GroupCounts> groupings;
};

Scratch fresh_scratch(const Question& question) {
  const SpeechPlan& plan = question.plan;
  Scratch scratch{
      std::vector<State>(plan.places), std::vector<std::uint32_t>(plan.places + 1), {}, {}, {}};
  for (const GroupCounts& grouping : question.groupings)
    scratch.groups.emplace_back(grouping.groups());
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
    const Speech& speech = plan.speeches[speakers[at + kEdgeListsAhead].place];
    __builtin_prefetch(plan.edges.data() + speech.begin);
    if (speech.rare_chunks != 0) __builtin_prefetch(&plan.rare.chunks[speech.rare_begin]);
  }
  if (at + kStatesAhead < speakers.size()) {
    const Speech& speech = plan.speeches[speakers[at + kStatesAhead].place];
    const std::size_t end = speech.begin + std::min<std::size_t>(speech.stateful, kEdgesAhead);
    for (std::size_t edge = speech.begin; edge != end; ++edge) {
      __builtin_prefetch(&scratch.states[plan.edges[edge].place], 1);
    }
  }
}

// In which of the runs `asked` word passes along an edge of the plan.
template <CascadeModel kModel>
std::uint64_t passes(const SpeechPlan& plan, std::uint64_t key, Vertex speaker,
                     const SpeechEdge& edge, std::uint64_t asked) {
  if constexpr (kModel == CascadeModel::IndependentCascade) {
    return word_passes(key, speaker, edge.listener, edge.probability, asked);
  } else {
    const auto at = static_cast<std::size_t>(&edge - plan.edges.data());
    return word_is_drawn(key, edge.listener, plan.ranges[at], asked);
  }
}

// Lets one person speak in the given runs: each listener whom a run has not reached gets one coin.
template <CascadeModel kModel, bool kEveryoneCounts>
std::size_t speak(const Question& question, std::uint64_t key, const Speech& speech,
                  std::uint64_t runs, Scratch& scratch, RunCounter& counter, std::size_t listed) {
  const SpeechPlan& plan = question.plan;
  const SpeechEdge* edge = plan.edges.data() + speech.begin;
  for (const SpeechEdge* end = edge + speech.stateful; edge != end; ++edge) {
    if (end - edge > kEdgesAhead) __builtin_prefetch(&scratch.states[edge[kEdgesAhead].place], 1);
    const std::uint64_t asked = runs & ~scratch.states[edge->place].reached;
    if (asked == 0) continue;
    const std::uint64_t hit = passes<kModel>(plan, key, speech.speaker, *edge, asked);
    if (hit == 0) continue;
    listed = reach<kEveryoneCounts>(question, scratch, edge->place, edge->listener, hit, counter,
                                    listed);
  }
  for (const SpeechEdge* end = edge + speech.dead_ends; edge != end; ++edge) {
    counter.add(passes<kModel>(plan, key, speech.speaker, *edge, runs));
  }
  counter.add(runs, speech.certain);
  return listed;
}

// Takes a pick in and lets another that is ready reach its listener.
template <bool kEveryoneCounts>
std::size_t exchange_pick(const Question& question, const RarePick& pick, std::uint64_t run,
                          Scratch& scratch, RunCounter& counter, std::size_t listed) {
  const PickQueue::Hit hit = scratch.picks.exchange(pick, run, scratch.states);
  if (hit.run == 0 || (hit.run & scratch.states[hit.place].reached) != 0) return listed;
  return reach<kEveryoneCounts>(question, scratch, hit.place, question.plan.people[hit.place],
                                hit.run, counter, listed);
}

// Lets one person speak to those of their listeners who are drawn together, run by run.
template <bool kEveryoneCounts>
std::size_t speak_rarely(const Question& question, std::uint64_t key, const Speech& speech,
                         std::uint64_t runs, Scratch& scratch, RunCounter& counter,
                         std::size_t listed) {
  const std::span<const RareChunk> chunks = question.plan.rare_of(speech);
  for (std::uint64_t rest = runs; rest != 0; rest &= rest - 1) {
    const auto run = static_cast<std::size_t>(std::countr_zero(rest));
    const std::uint64_t stream = rare_stream(key, speech.speaker, run);
    pick_rare(question.plan.rare, chunks, stream, [&](const RarePick& pick) {
      listed = exchange_pick<kEveryoneCounts>(question, pick, std::uint64_t{1} << run, scratch,
                                              counter, listed);
    });
  }
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

template <CascadeModel kModel, bool kEveryoneCounts>
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
      listed =
          speak<kModel, kEveryoneCounts>(question, key, speech, speaking, scratch, counter, listed);
      if (speech.rare_chunks != 0) {
        listed = speak_rarely<kEveryoneCounts>(question, key, speech, speaking, scratch, counter,
                                               listed);
      }
    }
    for (std::size_t i = 0; i != 2 * kPicksAhead; ++i)
      listed = exchange_pick<kEveryoneCounts>(question, {}, 0, scratch, counter, listed);
    if (step <= options.curve_steps_max) {
      result.newly_reached.push_back(counter.take());
    }
  }
  // What came after the curve still counts: in one step past its end.
  result.newly_reached.push_back(counter.take());
  for (std::size_t i = 0; i != question.groupings.size(); ++i) {
    question.groupings[i].add([&](std::uint32_t place) { return scratch.states[place].reached; },
                              scratch.groups[i]);
  }
  return result;
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
    std::vector<std::int64_t> counts(options.simulations);
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
    const RunSummary summary = summarize_runs(counts_of(step, step + 1));
    estimate.curve[step] = {summary.mean, summary.p05, summary.p95};
  });
  // The last step is the one in which nobody was left to reach.
  while (estimate.curve.size() > 1 && estimate.curve.back().mean == 0.0) estimate.curve.pop_back();
  const RunSummary summary = summarize_runs(counts_of(0, steps + 1));
  estimate.mean = summary.mean;
  estimate.standard_error = summary.standard_error;
  estimate.p05 = summary.p05;
  estimate.p50 = summary.p50;
  estimate.p95 = summary.p95;
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
  for (const PeopleGroups& groups : options.groupings) {
    if (groups.of_vertex.size() != n) {
      return absl::InvalidArgumentError("there is not one group a person");
    }
    if (groups.count > kNoGroup) return absl::InvalidArgumentError("there are too many groups");
    for (const std::uint16_t group : groups.of_vertex) {
      if (group != kNoGroup && group >= groups.count) {
        return absl::InvalidArgumentError("a group is not below the number of groups");
      }
    }
  }
  for (const Vertex seed : seeds) {
    if (seed >= n) return absl::InvalidArgumentError("a seed is not in the graph");
  }
  if (options.model == CascadeModel::IndependentCascade) return absl::OkStatus();
  return check_threshold_weights(graph, probabilities);
}

// Adds up what the threads counted in each group.
std::vector<std::vector<GroupSpread>> groups_of(const Question& question,
                                                WorkerLocal<Scratch>& scratch) {
  std::vector<std::vector<GroupSpread>> groups;
  for (std::size_t i = 0; i != question.groupings.size(); ++i) {
    std::vector<GroupSums> sums(question.groupings[i].groups());
    scratch.for_each_made([&](const Scratch& of_thread) {
      for (std::size_t group = 0; group != sums.size(); ++group) {
        sums[group].sum += of_thread.groups[i][group].sum;
        sums[group].squares += of_thread.groups[i][group].squares;
      }
    });
    groups.push_back(GroupCounts::spreads(sums, question.options.simulations));
  }
  return groups;
}

template <CascadeModel kModel>
BlockResult run_block(const Question& question, std::size_t block, Scratch& scratch) {
  return question.options.audience.empty() ? run_block<kModel, true>(question, block, scratch)
                                           : run_block<kModel, false>(question, block, scratch);
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
  const bool threshold = options.model == CascadeModel::LinearThreshold;
  std::vector<DrawRange> ranges;
  if (threshold) ranges = draw_ranges(graph, probabilities);
  Question question{
      distinct,
      options,
      plan_speeches(
          graph, probabilities, distinct, options.audience,
          {.keep_dead_ends = !options.groupings.empty(), .draw_rarely = true, .ranges = ranges}),
      {}};
  for (const PeopleGroups& groups : options.groupings)
    question.groupings.emplace_back(groups, question.plan.people, options.audience);

  std::vector<BlockResult> blocks(blocks_of(options.simulations, kRunsPerBlock));
  WorkerLocal<Scratch> scratch([&question] { return fresh_scratch(question); });
  BlocksDone done(blocks.size(), stop);
  for_each(blocks.size(), [&](std::size_t block) {
    if (stop.requested()) return;
    blocks[block] =
        threshold ? run_block<CascadeModel::LinearThreshold>(question, block, scratch.mine())
                  : run_block<CascadeModel::IndependentCascade>(question, block, scratch.mine());
    done.add();
  });
  if (stop.requested()) return absl::CancelledError();
  SpreadEstimate estimate = summarize(blocks, options);
  estimate.groups = groups_of(question, scratch);
  return estimate;
}

}  // namespace grapevine

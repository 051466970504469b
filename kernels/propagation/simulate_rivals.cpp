#include "kernels/propagation/simulate_rivals.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "kernels/parallel/blocks_done.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/run_counter.hpp"
#include "kernels/propagation/run_summary.hpp"
#include "kernels/propagation/speech_plan.hpp"

namespace grapevine {
namespace {

constexpr std::ptrdiff_t kEdgesAhead = 12;

// A person in the 64 runs of a block.
struct State {
  std::uint64_t taken = 0;  // Runs in which they have a side.
  std::uint64_t own = 0;    // Runs in which they hear the own side in this step.
  std::uint64_t rival = 0;  // The same of the rival's.
};

struct Speaker {
  std::uint32_t place = 0;
  std::uint64_t own = 0;
  std::uint64_t rival = 0;
};

struct Scratch {
  std::vector<State> states;        // By place.
  std::vector<std::uint32_t> list;  // Who hears something in this step.
  std::vector<Speaker> speakers;
};

struct BlockResult {
  std::array<std::uint32_t, kRunsPerBlock> own;
  std::array<std::uint32_t, kRunsPerBlock> rival;
};

struct Question {
  const SimulateRivalsOptions& options;
  SpeechPlan plan;  // Of the own seeds, then of the rival's.
  std::size_t own_seeds = 0;
};

struct Counters {
  RunCounter own;
  RunCounter rival;
};

void hear(Scratch& scratch, std::uint32_t place, std::uint64_t own, std::uint64_t rival) {
  State& state = scratch.states[place];
  if ((state.own | state.rival) == 0) scratch.list.push_back(place);
  state.own |= own;
  state.rival |= rival;
}

// Runs in which a tie goes to the own side: a coin of each listener that no edge has.
std::uint64_t own_wins(RivalTie tie, std::uint64_t key, Vertex listener) {
  switch (tie) {
    case RivalTie::Own: return ~std::uint64_t{0};
    case RivalTie::Rival: return 0;
    case RivalTie::FairCoin: break;
  }
  return draw_bits(edge_stream(key, listener, listener), 0);
}

// Lets everyone who heard something take a side: they are the next to speak.
void take_sides(const Question& question, std::uint64_t key, Scratch& scratch, Counters& counters) {
  scratch.speakers.clear();
  for (const std::uint32_t place : scratch.list) {
    State& state = scratch.states[place];
    const Vertex person = question.plan.people[place];
    const std::uint64_t tied = state.own & state.rival;
    if (tied != 0) {
      const std::uint64_t own = own_wins(question.options.tie, key, person);
      state.own &= ~tied | own;
      state.rival &= ~tied | ~own;
    }
    state.taken |= state.own | state.rival;
    if (question.options.audience.empty() || mask_has(question.options.audience, person)) {
      counters.own.add(state.own);
      counters.rival.add(state.rival);
    }
    if (place < question.plan.speeches.size())
      scratch.speakers.push_back({place, state.own, state.rival});
    state.own = 0;
    state.rival = 0;
  }
  scratch.list.clear();
}

void speak(const Question& question, std::uint64_t key, const Speaker& speaker, Scratch& scratch,
           Counters& counters) {
  const Speech& speech = question.plan.speeches[speaker.place];
  const std::uint64_t runs = speaker.own | speaker.rival;
  const SpeechEdge* edge = question.plan.edges.data() + speech.begin;
  for (const SpeechEdge* end = edge + speech.stateful; edge != end; ++edge) {
    if (end - edge > kEdgesAhead) __builtin_prefetch(&scratch.states[edge[kEdgesAhead].place], 1);
    const std::uint64_t asked = runs & ~scratch.states[edge->place].taken;
    if (asked == 0) continue;
    const std::uint64_t hit =
        word_passes(key, speech.speaker, edge->listener, edge->probability, asked);
    if (hit != 0) hear(scratch, edge->place, hit & speaker.own, hit & speaker.rival);
  }
  for (const SpeechEdge* end = edge + speech.dead_ends; edge != end; ++edge) {
    const std::uint64_t hit =
        word_passes(key, speech.speaker, edge->listener, edge->probability, runs);
    counters.own.add(hit & speaker.own);
    counters.rival.add(hit & speaker.rival);
  }
  counters.own.add(speaker.own, speech.certain);
  counters.rival.add(speaker.rival, speech.certain);
}

BlockResult run_block(const Question& question, std::size_t block, Scratch& scratch) {
  const SimulateRivalsOptions& options = question.options;
  const std::uint64_t key = block_key(options.random_seed, block);
  const std::size_t runs_left = options.simulations - block * kRunsPerBlock;
  const std::uint64_t runs =
      ~std::uint64_t{0} >> (kRunsPerBlock - std::min(runs_left, kRunsPerBlock));

  Counters counters;
  std::ranges::fill(scratch.states, State());
  const std::span<const std::uint32_t> places = question.plan.seed_places;
  for (const std::uint32_t place : places.first(question.own_seeds)) hear(scratch, place, runs, 0);
  for (const std::uint32_t place : places.subspan(question.own_seeds))
    hear(scratch, place, 0, runs);
  take_sides(question, key, scratch, counters);
  for (std::size_t step = 1; !scratch.speakers.empty(); ++step) {
    for (const Speaker& speaker : scratch.speakers)
      speak(question, key, speaker, scratch, counters);
    take_sides(question, key, scratch, counters);
    if (step == options.horizon) break;
  }
  return {counters.own.take(), counters.rival.take()};
}

SideSpread side_of(std::vector<std::int64_t> counts) {
  const RunSummary summary = summarize_runs(std::move(counts));
  return {summary.mean, summary.standard_error, summary.p05, summary.p50, summary.p95};
}

RivalSpread summarize(std::span<const BlockResult> blocks, std::size_t runs) {
  std::vector<std::int64_t> own(runs);
  std::vector<std::int64_t> rival(runs);
  std::vector<std::int64_t> lead(runs);
  for (std::size_t run = 0; run != runs; ++run) {
    own[run] = blocks[run / kRunsPerBlock].own[run % kRunsPerBlock];
    rival[run] = blocks[run / kRunsPerBlock].rival[run % kRunsPerBlock];
    lead[run] = own[run] - rival[run];
  }
  return {side_of(std::move(own)), side_of(std::move(rival)), side_of(std::move(lead))};
}

absl::Status check(const ListenGraph& graph, std::span<const float> probabilities,
                   std::span<const Vertex> seeds, const SimulateRivalsOptions& options) {
  if (options.simulations == 0) return absl::InvalidArgumentError("simulations is 0");
  if (probabilities.size() != graph.edges()) {
    return absl::InvalidArgumentError("there is not one probability an edge");
  }
  if (!options.audience.empty() && options.audience.size() != mask_words(graph.vertices())) {
    return absl::InvalidArgumentError("the audience is not of this graph");
  }
  if (std::ranges::any_of(seeds, [&](Vertex seed) { return seed >= graph.vertices(); })) {
    return absl::InvalidArgumentError("a seed is not in the graph");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RivalSpread> simulate_rivals(const ListenGraph& graph,
                                            std::span<const float> probabilities,
                                            std::span<const Vertex> own_seeds,
                                            std::span<const Vertex> rival_seeds,
                                            const SimulateRivalsOptions& options,
                                            const Stop& stop) {
  for (const std::span<const Vertex> seeds : {own_seeds, rival_seeds}) {
    const absl::Status status = check(graph, probabilities, seeds, options);
    if (!status.ok()) return status;
  }
  std::vector<Vertex> seeds(own_seeds.begin(), own_seeds.end());
  seeds.insert(seeds.end(), rival_seeds.begin(), rival_seeds.end());
  const Question question{options, plan_speeches(graph, probabilities, seeds, options.audience),
                          own_seeds.size()};

  std::vector<BlockResult> blocks(blocks_of(options.simulations, kRunsPerBlock));
  WorkerLocal<Scratch> scratch([&question] {
    return Scratch{std::vector<State>(question.plan.places), {}, {}};
  });
  BlocksDone done(blocks.size(), stop);
  for_each(blocks.size(), [&](std::size_t block) {
    if (stop.requested()) return;
    blocks[block] = run_block(question, block, scratch.mine());
    done.add();
  });
  if (stop.requested()) return absl::CancelledError();
  return summarize(blocks, options.simulations);
}

}  // namespace grapevine

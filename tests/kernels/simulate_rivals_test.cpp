#include "kernels/propagation/simulate_rivals.hpp"

#include <random>

#include <gmock/gmock.h>

#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/spread_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

std::vector<float> random_probabilities(const ListenGraph& graph, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<float> probabilities(graph.edges());
  for (float& p : probabilities) p = static_cast<float>(draw() % 11) / 10.0F;
  return probabilities;
}

// Every second person.
std::vector<std::uint64_t> half_of(const ListenGraph& graph) {
  std::vector<std::uint64_t> mask(mask_words(graph.vertices()));
  for (std::size_t v = 0; v < graph.vertices(); v += 2)
    mask[v / 64] |= std::uint64_t{1} << (v % 64);
  return mask;
}

constexpr RivalTie kTies[] = {RivalTie::Own, RivalTie::Rival, RivalTie::FairCoin};

bool tie_goes_to_own(RivalTie tie, std::uint64_t seed, std::size_t run, Vertex v) {
  if (tie != RivalTie::FairCoin) return tie == RivalTie::Own;
  return (draw_bits(edge_stream(block_key(seed, run / 64), v, v), 0) >> (run % 64) & 1) != 0;
}

TEST(SimulateRivals, AgreesWithOneRunAtATimeToTheBit) {
  for (const std::size_t people : {1, 2, 3, 20, 63, 64, 200}) {
    const ListenGraph graph = random_listen_graph(people, 4 * people, people);
    const auto probabilities = random_probabilities(graph, people);
    const auto n = static_cast<Vertex>(graph.vertices());
    const std::vector<Vertex> own{0, n / 2, n / 3};
    const std::vector<Vertex> rival{n - 1, n / 2, n / 2};
    const auto mask = half_of(graph);
    for (const RivalTie tie : kTies) {
      for (const std::size_t horizon : {0, 1, 2}) {
        for (const bool everyone : {true, false}) {
          const VertexMask audience = everyone ? VertexMask() : VertexMask(mask);
          const SimulateRivalsOptions options{.simulations = 65,
                                              .horizon = horizon,
                                              .tie = tie,
                                              .random_seed = 5,
                                              .audience = audience};
          const auto spread =
              simulate_rivals(graph, probabilities, own, rival, options, Stop()).value();
          const Coin coin = [](std::size_t run, Vertex from, Vertex to, float p) {
            return word_passes_in_run(5, run, from, to, p);
          };
          double own_sum = 0.0;
          double rival_sum = 0.0;
          for (std::size_t run = 0; run != options.simulations; ++run) {
            const SidesTaken taken = rivals_reference(
                graph, probabilities, own, rival, horizon, audience, run, coin,
                [tie](std::size_t r, Vertex v) { return tie_goes_to_own(tie, 5, r, v); });
            own_sum += taken.own;
            rival_sum += taken.rival;
          }
          EXPECT_EQ(spread.own.mean, own_sum / 65.0) << people;
          EXPECT_EQ(spread.rival.mean, rival_sum / 65.0) << people;
          EXPECT_EQ(spread.lead.mean, (own_sum - rival_sum) / 65.0) << people;
        }
      }
    }
  }
}

TEST(SimulateRivals, AgreesWithEveryOutcomeOfASmallGraph) {
  for (std::uint64_t seed = 1; seed != 7; ++seed) {
    const ListenGraph graph = random_listen_graph(8, 12, seed);
    const auto probabilities = random_probabilities(graph, seed);
    const Vertex own[] = {0};
    const Vertex rival[] = {1};
    for (const RivalTie tie : {RivalTie::Own, RivalTie::Rival}) {
      double expected_own = 0.0;
      double expected_rival = 0.0;
      for (std::size_t outcome = 0; outcome != std::size_t{1} << graph.edges(); ++outcome) {
        double chance = 1.0;
        for (std::size_t i = 0; i != graph.edges(); ++i) {
          const auto p = static_cast<double>(probabilities[i]);
          chance *= (outcome >> i & 1) != 0 ? p : 1.0 - p;
        }
        if (chance == 0.0) continue;
        const Coin alive = [&](std::size_t, Vertex from, Vertex to, float) {
          const auto listeners = graph.listeners.of(from);
          const auto at =
              static_cast<std::size_t>(std::ranges::find(listeners, to) - listeners.begin());
          return (outcome >> (graph.listeners.offsets[from] + at) & 1) != 0;
        };
        const SidesTaken taken =
            rivals_reference(graph, probabilities, own, rival, 0, {}, 0, alive,
                             [tie](std::size_t, Vertex) { return tie == RivalTie::Own; });
        expected_own += chance * taken.own;
        expected_rival += chance * taken.rival;
      }
      const SimulateRivalsOptions options{.simulations = 40'000, .tie = tie, .random_seed = seed};
      const auto spread =
          simulate_rivals(graph, probabilities, own, rival, options, Stop()).value();
      EXPECT_NEAR(spread.own.mean, expected_own, 4.0 * spread.own.standard_error + 1e-12);
      EXPECT_NEAR(spread.rival.mean, expected_rival, 4.0 * spread.rival.standard_error + 1e-12);
    }
  }
}

TEST(SimulateRivals, ATieIsDecidedByTheRule) {
  // 2 hears 0 and 1 in the same step, for certain, and is heard by 3.
  const auto id = [](std::uint32_t number) { return CustomerId(number); };
  const ListenGraph graph = graph_of({{id(0), id(2)}, {id(1), id(2)}, {id(2), id(3)}});
  const std::vector<float> certain(graph.edges(), 1.0F);
  const Vertex own[] = {0};
  const Vertex rival[] = {1};
  const auto answer = [&](RivalTie tie) {
    return simulate_rivals(graph, certain, own, rival, {.simulations = 10'000, .tie = tie}, Stop())
        .value();
  };
  EXPECT_EQ(answer(RivalTie::Own).own.mean, 3.0);
  EXPECT_EQ(answer(RivalTie::Own).rival.mean, 1.0);
  EXPECT_EQ(answer(RivalTie::Rival).own.mean, 1.0);
  EXPECT_EQ(answer(RivalTie::Rival).rival.mean, 3.0);
  const RivalSpread fair = answer(RivalTie::FairCoin);
  EXPECT_NEAR(fair.own.mean, 2.0, 4.0 * fair.own.standard_error);
  EXPECT_EQ(fair.own.mean + fair.rival.mean, 4.0);
  EXPECT_EQ(fair.own.p05, 1.0);
  EXPECT_EQ(fair.own.p95, 3.0);
  EXPECT_EQ(fair.lead.p05, -2.0);
}

TEST(SimulateRivals, WithoutARivalItIsASimulation) {
  const ListenGraph graph = random_listen_graph(500, 1500, 2);
  const std::vector<float> probabilities(graph.edges(), 0.3F);  // None is drawn rarely.
  const std::vector<Vertex> seeds{1, 2, 3};
  const auto alone = simulate(graph, probabilities, seeds, {.simulations = 1000}, Stop()).value();
  const SimulateRivalsOptions options{.simulations = 1000};
  const auto own = simulate_rivals(graph, probabilities, seeds, {}, options, Stop()).value();
  EXPECT_EQ(own.own.mean, alone.mean);
  EXPECT_EQ(own.own.standard_error, alone.standard_error);
  EXPECT_EQ(own.own.p95, alone.p95);
  EXPECT_EQ(own.rival.mean, 0.0);
  const auto rival = simulate_rivals(graph, probabilities, {}, seeds, options, Stop()).value();
  EXPECT_EQ(rival.rival.mean, alone.mean);
  EXPECT_EQ(rival.lead.mean, -alone.mean);
}

TEST(SimulateRivals, SameBitsForAnyNumberOfThreads) {
  const ListenGraph graph = random_listen_graph(20'000, 60'000, 1);
  const std::vector<float> probabilities(graph.edges(), 0.2F);
  const Vertex own[] = {0, 1, 2};
  const Vertex rival[] = {3, 4, 5};
  const auto figures = [&] {
    const auto s =
        simulate_rivals(graph, probabilities, own, rival, {.simulations = 1000}, Stop()).value();
    return std::vector{s.own.mean,   s.own.standard_error,   s.own.p50,
                       s.rival.mean, s.rival.standard_error, s.lead.standard_error};
  };
  EXPECT_EQ(with_threads(1, figures), with_threads(2, figures));
  EXPECT_EQ(with_threads(1, figures), with_threads(8, figures));
}

TEST(SimulateRivals, RefusesWhatDoesNotFitTheGraphAndStops) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const std::vector<float> certain(graph.edges(), 1.0F);
  const std::uint64_t wide[] = {1, 1};
  const Vertex outside[] = {10};
  const auto code = [&](std::span<const float> p, std::span<const Vertex> own,
                        std::span<const Vertex> rival, SimulateRivalsOptions options) {
    return simulate_rivals(graph, p, own, rival, options, Stop()).status().code();
  };
  EXPECT_EQ(code(certain, {}, {}, {.simulations = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(certain, outside, {}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(certain, {}, outside, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({}, {}, {}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(certain, {}, {}, {.audience = wide}), absl::StatusCode::kInvalidArgument);
  Stop stop;
  stop.request();
  EXPECT_EQ(simulate_rivals(graph, certain, {}, {}, {}, stop).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(simulate_rivals(graph_of({}), {}, {}, {}, {}, Stop()).value().own.mean, 0.0);
}

}  // namespace
}  // namespace grapevine

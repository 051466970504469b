#include <numeric>

#include <gmock/gmock.h>

#include "kernels/propagation/linear_threshold.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/spread_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

// Shares of a listener's attention that sum to 1, or to less for every second one.
std::vector<float> random_weights(const ListenGraph& graph) {
  auto weights = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
  for (std::size_t edge = 0; edge != weights.size(); ++edge) {
    if (graph.listeners.neighbors[edge] % 2 == 0) weights[edge] *= 0.7F;
  }
  return weights;
}

// Every second person.
std::vector<std::uint64_t> half_of(const ListenGraph& graph) {
  std::vector<std::uint64_t> mask(mask_words(graph.vertices()));
  for (std::size_t v = 0; v < graph.vertices(); v += 2)
    mask[v / 64] |= std::uint64_t{1} << (v % 64);
  return mask;
}

TEST(SimulateModel, ThresholdAgreesWithOneRunAtATimeToTheBit) {
  for (const std::size_t people : {1, 2, 3, 63, 64, 65, 200}) {
    const ListenGraph graph = random_listen_graph(people, 4 * people, people);
    const auto weights = random_weights(graph);
    const auto ranges = draw_ranges(graph, weights);
    const auto mask = half_of(graph);
    const std::vector<Vertex> seeds{0, static_cast<Vertex>(graph.vertices() / 2)};
    for (const std::size_t horizon : {0, 2}) {
      for (const VertexMask audience : {VertexMask(), VertexMask(mask)}) {
        const SimulateOptions options{.model = CascadeModel::LinearThreshold,
                                      .simulations = 65,
                                      .horizon = horizon,
                                      .random_seed = 9,
                                      .audience = audience};
        const auto estimate = simulate(graph, weights, seeds, options, Stop()).value();
        const Coin coin = [&](std::size_t run, Vertex from, Vertex to, float) {
          const auto listeners = graph.listeners.of(from);
          const auto at = std::ranges::find(listeners, to) - listeners.begin();
          const DrawRange& range =
              ranges[graph.listeners.offsets[from] + static_cast<std::size_t>(at)];
          return word_is_drawn(block_key(9, run / 64), to, range, std::uint64_t{1} << (run % 64)) !=
                 0;
        };
        double sum = 0.0;
        for (std::size_t run = 0; run != options.simulations; ++run) {
          const auto steps = run_reference(graph, weights, seeds, horizon, audience, run, coin);
          sum += std::accumulate(steps.begin(), steps.end(), 0.0);
        }
        EXPECT_EQ(estimate.mean, sum / 65.0) << "people=" << people << " horizon=" << horizon;
      }
    }
  }
}

TEST(SimulateModel, ThresholdAgreesWithEveryOutcomeOfASmallGraph) {
  for (std::uint64_t seed = 1; seed != 9; ++seed) {
    const ListenGraph graph = random_listen_graph(8, 12, seed);
    const auto weights = random_weights(graph);
    const auto mask = half_of(graph);
    for (const std::size_t horizon : {0, 1, 2}) {
      for (const VertexMask audience : {VertexMask(), VertexMask(mask)}) {
        const Vertex seeds[] = {0, 2};
        const SimulateOptions options{.model = CascadeModel::LinearThreshold,
                                      .simulations = 40'000,
                                      .horizon = horizon,
                                      .random_seed = seed,
                                      .audience = audience};
        const auto estimate = simulate(graph, weights, seeds, options, Stop()).value();
        const double exact = threshold_spread_reference(graph, weights, seeds, horizon, audience);
        // The weights are floats: shares sum to 1 within their rounding.
        EXPECT_NEAR(estimate.mean, exact, 4.0 * estimate.standard_error + 1e-5) << "seed=" << seed;
      }
    }
  }
}

// Counting a group is counting an audience: the coins are the same.
TEST(SimulateModel, AGroupIsWhatAnAudienceWouldBe) {
  for (const CascadeModel model :
       {CascadeModel::IndependentCascade, CascadeModel::LinearThreshold}) {
    const ListenGraph graph = random_listen_graph(300, 700, 4);
    const auto weights = random_weights(graph);
    const auto everyone = half_of(graph);
    std::vector<std::uint16_t> of_three(graph.vertices());
    std::vector<std::uint16_t> nobody(graph.vertices(), kNoGroup);
    for (std::size_t v = 0; v != of_three.size(); ++v)
      of_three[v] = v % 4 == 3 ? kNoGroup : static_cast<std::uint16_t>(v % 4);
    const Vertex seeds[] = {0, 1, 2, 250};
    for (const std::size_t horizon : {0, 1}) {
      for (const VertexMask audience : {VertexMask(), VertexMask(everyone)}) {
        SimulateOptions options{.model = model,
                                .simulations = 130,
                                .horizon = horizon,
                                .random_seed = 3,
                                .audience = audience};
        const auto plain = simulate(graph, weights, seeds, options, Stop()).value();
        options.groupings = {{of_three, 3}, {nobody, 5}};
        const auto grouped = simulate(graph, weights, seeds, options, Stop()).value();
        EXPECT_EQ(grouped.mean, plain.mean);
        EXPECT_EQ(grouped.p95, plain.p95);
        ASSERT_EQ(grouped.groups.size(), 2U);
        ASSERT_EQ(grouped.groups[0].size(), 3U);
        ASSERT_EQ(grouped.groups[1].size(), 5U);
        for (const GroupSpread& group : grouped.groups[1]) EXPECT_EQ(group.mean, 0.0);
        for (std::uint16_t group = 0; group != 3; ++group) {
          std::vector<std::uint64_t> mask(mask_words(graph.vertices()));
          for (Vertex v = 0; v != graph.vertices(); ++v) {
            if (of_three[v] != group || (!audience.empty() && !mask_has(audience, v))) continue;
            mask[v / 64] |= std::uint64_t{1} << (v % 64);
          }
          options.groupings.clear();
          options.audience = mask;
          const auto alone = simulate(graph, weights, seeds, options, Stop()).value();
          EXPECT_DOUBLE_EQ(grouped.groups[0][group].mean, alone.mean);
          EXPECT_NEAR(grouped.groups[0][group].standard_error, alone.standard_error, 1e-9);
        }
      }
    }
  }
}

}  // namespace
}  // namespace grapevine

#include "kernels/influence/betweenness.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "kernels/influence/betweenness_reference.hpp"
#include "kernels/influence/mean_bound.hpp"
#include "kernels/influence/pair_search.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::Pointwise;

constexpr BetweennessOptions kExact{.error = 0.0};

BetweennessResult exactly(const ListenGraph& graph) {
  return betweenness(graph, kExact, Stop()).value();
}

TEST(Betweenness, AgreesWithTheDefinition) {
  for (const std::size_t people : {0, 1, 2, 3, 5, 63, 64, 65, 130}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      for (const std::size_t events : {people / 2, 2 * people, 10 * people}) {
        SCOPED_TRACE(testing::Message()
                     << "people=" << people << " seed=" << seed << " events=" << events);
        const auto graph = random_listen_graph(people, events, seed);
        const auto found = exactly(graph);
        EXPECT_TRUE(found.exact);
        EXPECT_EQ(found.error_bound, 0.0);
        EXPECT_EQ(found.samples, 0U);
        EXPECT_THAT(found.scores, Pointwise(DoubleNear(1e-12), betweenness_reference(graph)));
      }
    }
  }
}

TEST(Betweenness, CountsPairsOnAPathAndTheirHalvesOnASquare) {
  // 1 -> 2 -> 3 -> 4: of 12 pairs, (1, 3) and (1, 4) lead through 2, (1, 4) and (2, 4) through 3.
  const auto path = graph_of({{CustomerId(1), CustomerId(2)},
                              {CustomerId(2), CustomerId(3)},
                              {CustomerId(3), CustomerId(4)}});
  EXPECT_THAT(exactly(path).scores, Pointwise(DoubleNear(1e-15), {0.0, 2.0 / 12, 2.0 / 12, 0.0}));
  // 1 -> {2, 3} -> 4: half of the pair (1, 4) each.
  const auto square = graph_of({{CustomerId(1), CustomerId(2)},
                                {CustomerId(1), CustomerId(3)},
                                {CustomerId(2), CustomerId(4)},
                                {CustomerId(3), CustomerId(4)}});
  EXPECT_THAT(exactly(square).scores, Pointwise(DoubleNear(1e-15), {0.0, 0.5 / 12, 0.5 / 12, 0.0}));
}

// Layers of people where everyone listens to the whole layer before, and a chain beside them that is
// as long.
std::vector<SocialTie> layers_and_chain(std::uint32_t width, std::uint32_t layers) {
  std::vector<SocialTie> ties;
  const std::uint32_t first = 1;
  const std::uint32_t last = 2 + width * layers;
  const auto in_layer = [&](std::uint32_t layer, std::uint32_t i) {
    return CustomerId(2 + width * layer + i);
  };
  for (std::uint32_t i = 0; i != width; ++i) {
    ties.push_back({CustomerId(first), in_layer(0, i)});
    ties.push_back({in_layer(layers - 1, i), CustomerId(last)});
    for (std::uint32_t layer = 0; layer + 1 < layers; ++layer) {
      for (std::uint32_t j = 0; j != width; ++j) {
        ties.push_back({in_layer(layer, i), in_layer(layer + 1, j)});
      }
    }
  }
  std::uint32_t before = first;
  for (std::uint32_t i = 0; i != layers; ++i) {
    ties.push_back({CustomerId(before), CustomerId(last + 1 + i)});
    before = last + 1 + i;
  }
  ties.push_back({CustomerId(before), CustomerId(last)});
  return ties;
}

TEST(Betweenness, CountsMoreWaysThanADoubleHolds) {
  constexpr std::uint32_t kWidth = 4;
  constexpr std::uint32_t kLayers = 600;  // 4^600 = 10^361 ways.
  const auto graph = graph_of(layers_and_chain(kWidth, kLayers));
  const auto found = exactly(graph);
  const auto n = static_cast<double>(graph.vertices());
  const auto score_of = [&](std::uint32_t customer) {
    return found.scores[graph.vertex_of(CustomerId(customer)).value()] * n * (n - 1.0);
  };
  // Somebody in layer i is on a quarter of the ways from the i layers before and the first person, to
  // those behind and the last person; the chain has as good as nothing of (first, last).
  for (const double layer : {0.0, 300.0, 599.0}) {
    const double before = kWidth * layer + 1.0;
    const double behind = kWidth * (kLayers - 1.0 - layer) + 1.0;
    const auto customer = static_cast<std::uint32_t>(2.0 + kWidth * layer);
    EXPECT_NEAR(score_of(customer), before * behind / kWidth, 1e-3) << layer;
  }
  // Of the chain, the pairs within it and with one end count.
  const std::uint32_t chain = 3 + kWidth * kLayers;
  EXPECT_NEAR(score_of(chain + 300), 301.0 * 300.0 - 1.0, 1e-3);

  PairSearch search(graph);
  const auto on_ways = search.find(graph.vertex_of(CustomerId(1)).value(),
                                   graph.vertex_of(CustomerId(2 + kWidth * kLayers)).value());
  EXPECT_GE(on_ways.size(), kWidth * kLayers);
  for (const OnWay& on : on_ways) {
    const bool layered = index(graph.people[on.person]) < 2 + kWidth * kLayers;
    EXPECT_NEAR(on.share, layered ? 1.0 / kWidth : 0.0, 1e-9);
  }
}

TEST(PairSearch, AgreesWithTheDefinition) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    for (const std::size_t events : {60, 150, 600}) {
      const auto graph = random_listen_graph(60, events, seed);
      PairSearch search(graph);
      std::vector<double> sums(graph.vertices());
      for (Vertex source = 0; source != graph.vertices(); ++source) {
        for (Vertex target = 0; target != graph.vertices(); ++target) {
          for (const auto& [person, share] : search.find(source, target)) sums[person] += share;
        }
      }
      const auto n = static_cast<double>(graph.vertices());
      for (double& sum : sums) sum /= n * (n - 1.0);
      EXPECT_THAT(sums, Pointwise(DoubleNear(1e-12), betweenness_reference(graph)));
    }
  }
}

TEST(Betweenness, KeepsItsErrorBound) {
  for (const std::size_t events : {1500, 6000}) {
    const auto graph = random_listen_graph(1000, events, 1);
    const auto exact = exactly(graph).scores;
    for (const std::uint64_t random_seed : {1, 2, 3, 4, 5}) {
      for (const double error : {0.02, 0.004}) {
        const auto sampled = betweenness(
            graph, {.error = error, .delta = 0.1, .exact_edges_max = 0, .random_seed = random_seed},
            Stop());
        ASSERT_TRUE(sampled.ok()) << sampled.status();
        EXPECT_FALSE(sampled->exact);
        EXPECT_LE(sampled->error_bound, error);
        double worst = 0.0;
        for (std::size_t v = 0; v != exact.size(); ++v) {
          worst = std::max(worst, std::abs(exact[v] - sampled->scores[v]));
        }
        EXPECT_LE(worst, sampled->error_bound);
        EXPECT_GT(worst, 0.0);
      }
    }
  }
}

TEST(Betweenness, SaysWhereItsSamplesLeaveIt) {
  const auto graph = random_listen_graph(1000, 3000, 1);
  const auto found =
      betweenness(graph, {.error = 1e-6, .samples_max = 5000, .exact_edges_max = 0}, Stop())
          .value();
  EXPECT_EQ(found.samples, 5000U);
  EXPECT_GT(found.error_bound, 1e-6);
  EXPECT_LT(found.error_bound, 0.1);
}

TEST(Betweenness, IsExactWhereThatIsCheap) {
  const auto graph = random_listen_graph(100, 300, 1);
  const auto found = betweenness(graph, {}, Stop()).value();
  EXPECT_TRUE(found.exact);
  EXPECT_EQ(found.scores, exactly(graph).scores);
}

TEST(Betweenness, GivesNobodyAnythingWhereNobodyIsBetween) {
  const auto star = graph_of({{CustomerId(1), CustomerId(2)}, {CustomerId(1), CustomerId(3)}});
  const auto alone = graph_of({{CustomerId(5), CustomerId(5)}});
  for (const ListenGraph* graph : {&star, &alone}) {
    const auto found = betweenness(*graph, {.exact_edges_max = 0}, Stop()).value();
    EXPECT_TRUE(found.exact);
    EXPECT_EQ(found.scores.size(), graph->vertices());
    EXPECT_THAT(found.scores, Each(0.0));
  }
}

TEST(Betweenness, SameBitsForAnyNumberOfThreads) {
  const auto graph = random_listen_graph(3000, 9000, 1);
  for (const double error : {0.0, 0.005}) {
    const auto scores = [&] {
      return betweenness(graph, {.error = error, .exact_edges_max = 0}, Stop()).value().scores;
    };
    EXPECT_EQ(with_threads(1, scores), with_threads(2, scores));
    EXPECT_EQ(with_threads(1, scores), with_threads(8, scores));
  }
}

TEST(Betweenness, RefusesOptionsOutsideTheirRange) {
  const auto graph = random_listen_graph(10, 20, 1);
  const auto code = [&](const BetweennessOptions& options) {
    return betweenness(graph, options, Stop()).status().code();
  };
  EXPECT_EQ(code({.error = 1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.error = -0.1}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.delta = 0.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.delta = 1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.samples_max = 1}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.samples_max = std::size_t{1} << 32}), absl::StatusCode::kInvalidArgument);
}

TEST(Betweenness, Stops) {
  Stop stop;
  stop.request();
  const auto graph = random_listen_graph(10, 20, 1);
  EXPECT_EQ(betweenness(graph, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

TEST(MeanBound, HoldsAsOftenAsItSays) {
  std::mt19937_64 draw(1);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  for (const double mean : {0.001, 0.02, 0.3, 0.5, 0.9}) {
    for (const bool coin : {true, false}) {
      int broken = 0;
      double widest = 0.0;
      for (int trial = 0; trial != 400; ++trial) {
        SampledMean sampled{0.0, 0.0, 1000};
        for (std::size_t i = 0; i != sampled.samples; ++i) {
          const double u = uniform(draw);
          const double value = coin ? (u < mean ? 1.0 : 0.0) : mean * (0.9 + 0.2 * u);
          sampled.mean += value / 1000.0;
          sampled.mean_square += value * value / 1000.0;
        }
        const double bound = mean_deviation_max(sampled, 0.05);
        EXPECT_LE(bound, mean_deviation_ceiling(sampled, 0.05));
        broken += std::abs(sampled.mean - mean) > bound ? 1 : 0;
        widest = std::max(widest, bound);
      }
      EXPECT_LE(broken, 20 + 13) << mean << " " << coin;  // Three standard errors above 5 %.
      // Hoeffding's bound without entropy, sqrt(ln(2 / delta) / 2 n), with its half of delta.
      EXPECT_LE(widest, std::sqrt(std::log(4.0 / 0.05) / 2000.0) * 1.0001) << mean << " " << coin;
    }
  }
}

}  // namespace
}  // namespace grapevine

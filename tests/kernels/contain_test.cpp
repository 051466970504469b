#include "kernels/propagation/contain.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

#include "kernels/propagation/dominators.hpp"
#include "kernels/propagation/prevented_spread.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/reach_reference.hpp"
#include "kernels/propagation/reach_risk.hpp"
#include "kernels/propagation/simulate.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

constexpr CascadeModel kModels[] = {CascadeModel::IndependentCascade,
                                    CascadeModel::LinearThreshold};

// Weights that both models take: those into a listener sum to some share of 1.
std::vector<float> some_weights(const ListenGraph& graph, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<float> share(graph.vertices());
  for (float& one : share) one = static_cast<float>(draw() % 5) / 4.0F;
  std::vector<float> weights = graph.listeners.weights;
  for (std::size_t edge = 0; edge != weights.size(); ++edge) {
    weights[edge] = std::min(1.0F, weights[edge]) * share[graph.listeners.neighbors[edge]];
  }
  return weights;
}

std::vector<double> some_values(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<double> values(n);
  for (double& value : values) value = static_cast<double>(draw() % 7) * 1.5;
  return values;
}

double spread_of(const std::vector<double>& reached, std::span<const double> values) {
  double sum = 0.0;
  for (std::size_t v = 0; v != reached.size(); ++v) {
    sum += reached[v] * (values.empty() ? 1.0 : values[v]);
  }
  return sum;
}

std::vector<bool> reached_without(std::size_t nodes, std::span<const DominatorTree::Edge> edges,
                                  std::uint32_t without) {
  std::vector<bool> reached(nodes);
  std::vector<std::uint32_t> stack;
  if (without != 0) {
    reached[0] = true;
    stack.push_back(0);
  }
  while (!stack.empty()) {
    const std::uint32_t node = stack.back();
    stack.pop_back();
    for (const auto& [from, to] : edges) {
      if (from != node || to == without || reached[to]) continue;
      reached[to] = true;
      stack.push_back(to);
    }
  }
  return reached;
}

// Whoever is missing once a node is taken away is dominated by it.
TEST(DominatorTree, AgreesWithTakingEveryNodeAway) {
  DominatorTree tree;  // One for all, to see that nothing stays.
  for (std::uint64_t seed = 0; seed != 300; ++seed) {
    std::mt19937_64 draw(seed);
    const std::size_t nodes = 1 + draw() % 12;
    std::vector<DominatorTree::Edge> edges(draw() % (3 * nodes));
    for (auto& edge : edges) {
      edge = {static_cast<std::uint32_t>(draw() % nodes),
              static_cast<std::uint32_t>(draw() % nodes)};
    }
    tree.build(nodes, edges);
    const auto reached = reached_without(nodes, edges, ~std::uint32_t{0});
    const auto preorder = tree.preorder();
    ASSERT_EQ(preorder.size(), static_cast<std::size_t>(std::ranges::count(reached, true)));
    std::vector<std::vector<bool>> dominates(nodes, std::vector<bool>(nodes));
    for (std::uint32_t place = 0; place != preorder.size(); ++place) {
      for (std::uint32_t above = place;; above = tree.dominator_place(above)) {
        dominates[preorder[above]][preorder[place]] = true;
        if (above == 0) break;
      }
    }
    for (std::uint32_t node = 0; node != nodes; ++node) {
      const auto left = reached_without(nodes, edges, node);
      for (std::uint32_t other = 0; other != nodes; ++other) {
        if (!reached[other]) continue;
        EXPECT_EQ(dominates[node][other], reached[node] && (node == other || !left[other]))
            << "seed=" << seed << " " << node << " before " << other;
      }
    }
  }
}

TEST(PreventedByEach, AgreesWithEveryOutcomeOfASmallGraph) {
  constexpr std::size_t kSamples = 20'000;
  for (std::uint64_t seed = 1; seed != 7; ++seed) {
    const ListenGraph graph = random_listen_graph(8, 12, seed);
    ASSERT_LE(graph.edges(), 12U);
    const std::size_t n = graph.vertices();
    const auto weights = some_weights(graph, seed);
    const Vertex spreading[] = {0, 3};
    for (const CascadeModel model : kModels) {
      for (const auto& values : {std::vector<double>(), some_values(n, seed)}) {
        const auto edges = LiveEdgeWords::make(graph, weights, model).value();
        const Outbreak outbreak{graph, edges, spreading, values};
        const auto whole = whole_values(values, n);
        const double unit =
            values.empty() ? 1.0 : std::accumulate(values.begin(), values.end(), 0.0) / 0x1p40;
        const Vertex blocked_one[] = {1};
        std::vector<bool> blocked(n);
        blocked[1] = true;
        const auto prevented = prevented_by_each(outbreak, whole, blocked, kSamples, seed, Stop());
        const double spread =
            spread_of(reach_reference(graph, weights, model, spreading, blocked_one, 0), values);
        for (Vertex v = 0; v != n; ++v) {
          const double mean = static_cast<double>(prevented[v]) * unit / kSamples;
          if (v == 0 || v == 3 || v == 1) {
            EXPECT_EQ(mean, 0.0);
            continue;
          }
          const Vertex both[] = {1, v};
          const double exact =
              spread -
              spread_of(reach_reference(graph, weights, model, spreading, both, 0), values);
          // No run can lose more than everybody's value.
          const double most = values.empty() ? 8.0 : unit * 0x1p40;
          EXPECT_NEAR(mean, exact, 4.0 * std::sqrt(exact * most / kSamples) + 1e-9)
              << "seed=" << seed << " person=" << v;
        }
      }
    }
  }
}

TEST(Contain, IsAsGoodAsItSaysOnASmallGraph) {
  constexpr double kFloats = 1e-6;  // Weights that sum to 1 but for their rounding.
  for (std::uint64_t seed = 1; seed != 9; ++seed) {
    const ListenGraph graph = random_listen_graph(8, 12, seed);
    const std::size_t n = graph.vertices();
    const auto weights = some_weights(graph, seed);
    const Vertex spreading[] = {0, 3, 0};
    for (const CascadeModel model : kModels) {
      for (const auto& values : {std::vector<double>(), some_values(n, seed)}) {
        SCOPED_TRACE(testing::Message() << "seed=" << seed << " model=" << static_cast<int>(model));
        const std::uint64_t candidates[] = {0b11110110};
        const ContainOptions options{.k = 2,
                                     .model = model,
                                     .candidates = candidates,
                                     .values = values,
                                     .samples = 5000,
                                     .evaluations = 20'000,
                                     .random_seed = seed};
        const auto answer = contain(graph, weights, spreading, options, Stop()).value();
        ASSERT_LE(answer.people.size(), 2U);
        std::vector<Vertex> blocked;
        double spread = spread_of(reach_reference(graph, weights, model, spreading, {}, 0), values);
        EXPECT_NEAR(answer.spread_without.mean, spread,
                    4.0 * answer.spread_without.standard_error + kFloats);
        double prevented = 0.0;
        for (const ContainingPerson& one : answer.people) {
          EXPECT_TRUE((candidates[0] >> one.person & 1) != 0 && one.person != 3);
          // Each is the best there is at their turn, within what the samples can tell.
          double best = 0.0;
          for (Vertex v = 0; v != n; ++v) {
            if ((candidates[0] >> v & 1) == 0 || v == 3) continue;
            std::vector<Vertex> with = blocked;
            with.push_back(v);
            const double left =
                spread_of(reach_reference(graph, weights, model, spreading, with, 0), values);
            best = std::max(best, spread - left);
          }
          blocked.push_back(one.person);
          const double left =
              spread_of(reach_reference(graph, weights, model, spreading, blocked, 0), values);
          EXPECT_NEAR(one.prevented.mean, spread - left,
                      4.0 * one.prevented.standard_error + kFloats);
          const double most = values.empty() ? 8.0 : 80.0;
          EXPECT_GE(spread - left, best - 8.0 * std::sqrt(best * most / 5000.0));
          spread = left;
          prevented += one.prevented.mean;
        }
        EXPECT_NEAR(answer.spread_with.mean, spread,
                    4.0 * answer.spread_with.standard_error + kFloats);
        EXPECT_NEAR(answer.prevented.mean, prevented, 1e-9);
        EXPECT_NEAR(answer.prevented.mean, answer.spread_without.mean - answer.spread_with.mean,
                    1e-9);
        EXPECT_LE(answer.prevented.standard_error,
                  answer.spread_without.standard_error + answer.spread_with.standard_error + 1e-12);
      }
    }
  }
}

// 0 -> 1 -> 2, 3, 4 for certain: whoever tells 1 the company's side saves all four.
TEST(Contain, FindsTheBridge) {
  const auto id = [](std::uint32_t number) { return CustomerId(number); };
  const ListenGraph graph =
      graph_of({{id(0), id(1)}, {id(1), id(2)}, {id(1), id(3)}, {id(1), id(4)}, {id(5), id(6)}});
  const std::vector<float> certain(graph.edges(), 1.0F);
  const Vertex spreading[] = {0};
  const auto answer = contain(graph, certain, spreading, {.k = 10}, Stop()).value();
  ASSERT_EQ(answer.people.size(), 1U);  // More would prevent nothing.
  EXPECT_EQ(answer.people[0].person, 1U);
  EXPECT_EQ(answer.people[0].prevented.mean, 4.0);
  EXPECT_EQ(answer.spread_without.mean, 5.0);
  EXPECT_EQ(answer.spread_with.mean, 1.0);
  EXPECT_EQ(answer.prevented.standard_error, 0.0);
  const std::uint64_t leaf[] = {0b100};
  const auto poor =
      contain(graph, certain, spreading, {.k = 2, .candidates = leaf}, Stop()).value();
  ASSERT_EQ(poor.people.size(), 1U);
  EXPECT_EQ(poor.people[0].person, 2U);
  EXPECT_EQ(poor.spread_with.mean, 4.0);
  const auto nobody = contain(graph, certain, {}, {.k = 2}, Stop()).value();
  EXPECT_TRUE(nobody.people.empty());
  EXPECT_EQ(nobody.spread_without.mean, 0.0);
  const std::vector<double> worthless(graph.vertices(), 0.0);
  EXPECT_TRUE(
      contain(graph, certain, spreading, {.values = worthless}, Stop()).value().people.empty());
}

TEST(Contain, SpreadsAsSimulateDoes) {
  const ListenGraph graph = random_listen_graph(300, 900, 5);
  // Where word does not pass seldom, both toss the same coins.
  const auto pass = pass_probabilities(graph, ConstantProbability{0.3}).value();
  const Vertex spreading[] = {0, 1, 2};
  for (const std::size_t runs : {1, 63, 64, 65, 1000}) {
    const auto answer =
        contain(graph, pass.to_listeners, spreading,
                {.k = 3, .samples = 100, .evaluations = runs, .random_seed = 8}, Stop())
            .value();
    const auto spread = simulate(graph, pass.to_listeners, spreading,
                                 {.simulations = runs, .random_seed = 8}, Stop())
                            .value();
    EXPECT_NEAR(answer.spread_without.mean, spread.mean, 1e-9 * spread.mean);
    EXPECT_NEAR(answer.spread_without.standard_error, spread.standard_error, 1e-9);
  }
}

TEST(Contain, SpreadsAsFarAsSimulateSaysWhereWordPassesSeldom) {
  const ListenGraph graph = random_listen_graph(300, 3000, 6);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const Vertex spreading[] = {0, 1, 2};
  const auto answer = contain(graph, pass.to_listeners, spreading,
                              {.k = 1, .samples = 100, .evaluations = 20'000}, Stop())
                          .value();
  const auto spread =
      simulate(graph, pass.to_listeners, spreading, {.simulations = 20'000}, Stop()).value();
  EXPECT_NEAR(answer.spread_without.mean, spread.mean,
              4.0 * std::hypot(answer.spread_without.standard_error, spread.standard_error));
}

TEST(Contain, SameBitsForAnyNumberOfThreads) {
  const ListenGraph graph = random_listen_graph(5000, 20'000, 2);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const auto values = some_values(graph.vertices(), 3);
  const Vertex spreading[] = {0, 1, 2, 3};
  for (const CascadeModel model : kModels) {
    const auto figures = [&] {
      const ContainOptions options{
          .k = 4, .model = model, .values = values, .samples = 500, .evaluations = 500};
      const auto answer = contain(graph, pass.to_listeners, spreading, options, Stop()).value();
      std::vector<double> all{answer.spread_with.mean, answer.spread_without.standard_error};
      for (const auto& one : answer.people) {
        all.insert(all.end(), {static_cast<double>(one.person), one.prevented.mean,
                               one.prevented.standard_error});
      }
      const auto risk = reach_risk(graph, pass.to_listeners, spreading,
                                   {.simulations = 500, .model = model}, Stop())
                            .value();
      all.insert(all.end(), risk.reached.begin(), risk.reached.end());
      return all;
    };
    const auto alone = with_threads(1, figures);
    EXPECT_EQ(alone, with_threads(2, figures));
    EXPECT_EQ(alone, with_threads(8, figures));
  }
}

TEST(Contain, RefusesWhatDoesNotFitTheGraph) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const std::vector<float> certain(graph.edges(), 1.0F);
  const std::vector<float> low(graph.edges(), 0.0F);
  const std::vector<double> few(3, 1.0);
  std::vector<double> negative(graph.vertices(), -1.0);
  const std::uint64_t wide[] = {1, 1};
  const Vertex inside[] = {1};
  const Vertex outside[] = {10};
  const auto code = [&](std::span<const float> p, std::span<const Vertex> spreading,
                        const ContainOptions& options) {
    return contain(graph, p, spreading, options, Stop()).status().code();
  };
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(code(low, inside, {}), absl::StatusCode::kOk);
  EXPECT_EQ(code(low, inside, {.k = 0}), kInvalid);
  EXPECT_EQ(code(low, outside, {}), kInvalid);
  EXPECT_EQ(code({}, inside, {}), kInvalid);
  EXPECT_EQ(code(low, inside, {.candidates = wide}), kInvalid);
  EXPECT_EQ(code(low, inside, {.values = few}), kInvalid);
  EXPECT_EQ(code(low, inside, {.values = negative}), kInvalid);
  EXPECT_EQ(code(low, inside, {.samples = 0}), kInvalid);
  EXPECT_EQ(code(low, inside, {.samples = std::size_t{1} << 40}), kInvalid);
  EXPECT_EQ(code(low, inside, {.evaluations = 0}), kInvalid);
  EXPECT_EQ(code(certain, inside, {.model = CascadeModel::LinearThreshold}), kInvalid);
  const auto risk_code = [&](std::span<const float> p, std::span<const Vertex> spreading,
                             const ReachRiskOptions& options) {
    return reach_risk(graph, p, spreading, options, Stop()).status().code();
  };
  EXPECT_EQ(risk_code(low, inside, {}), absl::StatusCode::kOk);
  EXPECT_EQ(risk_code(low, outside, {}), kInvalid);
  EXPECT_EQ(risk_code({}, inside, {}), kInvalid);
  EXPECT_EQ(risk_code(low, inside, {.simulations = 0}), kInvalid);
  EXPECT_EQ(risk_code(low, inside, {.simulations = std::size_t{1} << 32}), kInvalid);
  EXPECT_EQ(risk_code(certain, inside, {.model = CascadeModel::LinearThreshold}), kInvalid);
  Stop stop;
  stop.request();
  EXPECT_EQ(contain(graph, low, inside, {}, stop).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(reach_risk(graph, low, inside, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

TEST(ReachRisk, AgreesWithEveryOutcomeOfASmallGraph) {
  for (std::uint64_t seed = 1; seed != 7; ++seed) {
    const ListenGraph graph = random_listen_graph(8, 12, seed);
    const auto weights = some_weights(graph, seed);
    const Vertex spreading[] = {0, 3};
    for (const CascadeModel model : kModels) {
      for (const std::size_t horizon : {0, 1, 2}) {
        const auto exact = reach_reference(graph, weights, model, spreading, {}, horizon);
        const auto risk =
            reach_risk(graph, weights, spreading,
                       {.simulations = 20'000, .horizon = horizon, .model = model}, Stop())
                .value();
        for (Vertex v = 0; v != graph.vertices(); ++v) {
          if (v == 0 || v == 3) {
            EXPECT_EQ(risk.probability(v), 0.0);
            continue;
          }
          const double variance = std::max(exact[v] * (1.0 - exact[v]), 0.0);
          const double error = std::sqrt(variance / 20'000.0);
          EXPECT_NEAR(risk.probability(v), exact[v], 4.5 * error + 1e-6)
              << "seed=" << seed << " horizon=" << horizon << " person=" << v;
          EXPECT_NEAR(risk.standard_error(v), error, 0.1 * error + 1e-3);
        }
      }
    }
  }
}

// The same coins, so that the risks of all add up to what simulations count.
TEST(ReachRisk, AddsUpToWhatSimulateCounts) {
  for (const std::size_t people : {1, 2, 63, 64, 65, 200}) {
    const ListenGraph graph = random_listen_graph(people, 4 * people, people);
    const auto pass = pass_probabilities(graph, ConstantProbability{0.4}).value();
    const Vertex spreading[] = {0};
    for (const std::size_t horizon : {0, 1, 3}) {
      for (const std::size_t runs : {1, 64, 100}) {
        const auto risk = reach_risk(graph, pass.to_listeners, spreading,
                                     {.simulations = runs, .horizon = horizon}, Stop())
                              .value();
        const auto spread = simulate(graph, pass.to_listeners, spreading,
                                     {.simulations = runs, .horizon = horizon}, Stop())
                                .value();
        const auto sum = std::accumulate(risk.reached.begin(), risk.reached.end(), std::size_t{0});
        EXPECT_NEAR(static_cast<double>(sum + runs), spread.mean * static_cast<double>(runs), 1e-6);
      }
    }
  }
}

}  // namespace
}  // namespace grapevine

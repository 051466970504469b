#include "kernels/propagation/spread_of_all.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/spread_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

constexpr CascadeModel kModels[] = {CascadeModel::IndependentCascade,
                                    CascadeModel::LinearThreshold};

// Some edges certain, some impossible; under linear threshold shares that sum to 1 or less.
std::vector<float> random_probabilities(const ListenGraph& graph, CascadeModel model,
                                        std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  auto probabilities = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
  for (std::size_t edge = 0; edge != probabilities.size(); ++edge) {
    const bool threshold = model == CascadeModel::LinearThreshold;
    if (!threshold) probabilities[edge] = static_cast<float>(draw() % 11) / 10.0F;
    if (threshold && graph.listeners.neighbors[edge] % 2 == 0) probabilities[edge] *= 0.7F;
  }
  return probabilities;
}

std::vector<double> random_values(const ListenGraph& graph, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<double> values(graph.vertices());
  for (double& value : values) value = draw() % 4 == 0 ? 0.0 : static_cast<double>(draw() % 1000);
  return values;
}

// The expected value of those whom word from one person reaches, by every outcome.
double exact_spread(const ListenGraph& graph, std::span<const float> probabilities,
                    std::span<const double> values, CascadeModel model, Vertex seed) {
  double expected = 0.0;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    const std::uint64_t alone[] = {std::uint64_t{1} << v};
    const double chance =
        model == CascadeModel::LinearThreshold
            ? threshold_spread_reference(graph, probabilities, std::span(&seed, 1), 0, alone)
            : spread_reference(graph, probabilities, std::span(&seed, 1), 0, alone);
    expected += chance * (values.empty() ? 1.0 : values[v]);
  }
  return expected;
}

TEST(SpreadOfAll, AgreesWithEveryOutcomeOfASmallGraph) {
  double squares = 0.0;
  double compared = 0.0;
  for (const CascadeModel model : kModels) {
    for (std::uint64_t seed = 1; seed != 7; ++seed) {
      const ListenGraph graph = random_listen_graph(7, 11, seed);
      const auto probabilities = random_probabilities(graph, model, seed);
      for (const auto& values : {std::vector<double>(), random_values(graph, seed)}) {
        const SpreadOfAllOptions options{
            .model = model, .values = values, .relative_error = 0.002, .random_seed = seed};
        const auto all = spread_of_all(graph, probabilities, options, Stop()).value();
        EXPECT_LE(all.relative_error, 0.002);
        for (Vertex v = 0; v != graph.vertices(); ++v) {
          const double exact = exact_spread(graph, probabilities, values, model, v);
          const double error = all.standard_error[v];
          EXPECT_NEAR(all.spread[v], exact, 6.0 * error + 1e-6 * exact) << "v=" << v;
          EXPECT_LT(error, 0.02 * exact + 1e-12);
          if (error <= 1e-6 * exact) continue;
          squares += (all.spread[v] - exact) * (all.spread[v] - exact) / (error * error);
          compared += 1.0;
        }
      }
    }
  }
  // Errors are what they are said to be: the mean square of t with 7 degrees of freedom is 7/5.
  EXPECT_GT(compared, 40.0);
  EXPECT_GT(squares / compared, 0.7);
  EXPECT_LT(squares / compared, 2.5);
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  const auto ranks = [](std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> rank(values.size());
    for (std::size_t begin = 0; begin != order.size();) {
      std::size_t end = begin;
      while (end != order.size() && values[order[end]] == values[order[begin]]) ++end;
      for (std::size_t i = begin; i != end; ++i)
        rank[order[i]] = static_cast<double>(begin + end - 1) / 2.0;
      begin = end;
    }
    return rank;
  };
  const std::vector<double> x = ranks(a);
  const std::vector<double> y = ranks(b);
  const double middle = (static_cast<double>(a.size()) - 1.0) / 2.0;
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i != x.size(); ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) * (x[i] - middle);
    yy += (y[i] - middle) * (y[i] - middle);
  }
  return xy / std::sqrt(xx * yy);
}

TEST(SpreadOfAll, RanksAsSimulationsDo) {
  for (const CascadeModel model : kModels) {
    const ListenGraph graph = random_listen_graph(3000, 6000, 8);
    const auto weights = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
    const auto all = spread_of_all(graph, weights, {.model = model}, Stop()).value();
    EXPECT_LE(all.relative_error, 0.05);
    std::vector<double> estimated;
    std::vector<double> simulated;
    double squares = 0.0;
    for (Vertex v = 0; v < graph.vertices() && simulated.size() != 200; ++v) {
      if (graph.listeners.degree(v) == 0) {
        EXPECT_EQ(all.spread[v], 1.0);
        EXPECT_EQ(all.standard_error[v], 0.0);
        continue;
      }
      const SimulateOptions options{.model = model, .simulations = 10'000};
      estimated.push_back(all.spread[v]);
      simulated.push_back(simulate(graph, weights, std::span(&v, 1), options, Stop()).value().mean);
      const double off = estimated.back() / simulated.back() - 1.0;
      squares += off * off;
    }
    EXPECT_EQ(simulated.size(), 200U);
    EXPECT_GT(rank_correlation(estimated, simulated), 0.99);
    EXPECT_LT(std::sqrt(squares / 200.0), 0.05);
  }
}

// Word goes round for ever; each of the circle reaches everyone in it, once.
TEST(SpreadOfAll, GoesRoundInCircles) {
  std::vector<SocialTie> ties;
  for (std::uint32_t i = 0; i != 40; ++i) ties.push_back({CustomerId(i), CustomerId((i + 1) % 40)});
  const ListenGraph graph = graph_of(ties);
  for (const CascadeModel model : kModels) {
    const std::vector<float> certain(graph.edges(), 1.0F);
    const auto all = spread_of_all(graph, certain, {.model = model}, Stop()).value();
    for (const double spread : all.spread) EXPECT_NEAR(spread, 40.0, 0.05 * 40.0);
    const std::vector<float> half(graph.edges(), 0.5F);
    const auto some = spread_of_all(graph, half, {.model = model}, Stop()).value();
    for (const double spread : some.spread) EXPECT_NEAR(spread, 2.0, 0.2);
  }
}

// A tree has no overlaps: chains of any chance are known without samples.
TEST(SpreadOfAll, AChainOfRareWordIsExact) {
  std::vector<SocialTie> ties;
  for (std::uint32_t i = 0; i != 6; ++i) ties.push_back({CustomerId(i), CustomerId(i + 1)});
  for (std::uint32_t i = 0; i != 500; ++i) ties.push_back({CustomerId(6), CustomerId(100 + i)});
  const ListenGraph graph = graph_of(ties);
  std::vector<float> probabilities(graph.edges(), 0.5F);
  probabilities[1] = 0.0001F;  // From 1 to 2.
  const auto all = spread_of_all(graph, probabilities, {.relative_error = 0.001}, Stop()).value();
  double expected = 251.0;  // Of 6.
  for (Vertex v = 5; v != ~Vertex{0}; --v) {
    expected = 1.0 + static_cast<double>(probabilities[v]) * expected;
    EXPECT_NEAR(all.spread[v], expected, 0.01 * expected) << v;
  }
}

TEST(SpreadOfAll, ValuesOfAnySizeAndNone) {
  const ListenGraph graph = random_listen_graph(100, 300, 3);
  const auto weights = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
  const std::vector<double> ones(graph.vertices(), 1.0);
  const std::vector<double> millions(graph.vertices(), 1e12);
  const std::vector<double> zeros(graph.vertices(), 0.0);
  const auto answer = [&](std::span<const double> values) {
    return spread_of_all(graph, weights, {.values = values}, Stop()).value();
  };
  const auto plain = answer({});
  EXPECT_EQ(answer(ones).spread, plain.spread);
  const auto large = answer(millions);
  for (Vertex v = 0; v != graph.vertices(); ++v)
    EXPECT_NEAR(large.spread[v], 1e12 * plain.spread[v], 1e6 * plain.spread[v]);
  const auto none = answer(zeros);
  EXPECT_EQ(none.spread, zeros);
  EXPECT_EQ(none.relative_error, 0.0);
}

TEST(SpreadOfAll, OfNobodyAndOfTheUnheard) {
  const auto nobody = spread_of_all(graph_of({}), {}, {}, Stop()).value();
  EXPECT_TRUE(nobody.spread.empty());
  const ListenGraph alone = graph_of({{CustomerId(3), CustomerId(3)}});
  EXPECT_THAT(spread_of_all(alone, {}, {}, Stop()).value().spread, testing::ElementsAre(1.0));
  const ListenGraph graph = random_listen_graph(64, 200, 3);
  const std::vector<float> never(graph.edges(), 0.0F);
  const auto all = spread_of_all(graph, never, {}, Stop()).value();
  EXPECT_EQ(all.spread, std::vector<double>(graph.vertices(), 1.0));
}

TEST(SpreadOfAll, StopsAtTheMostSamples) {
  const ListenGraph graph = random_listen_graph(1000, 4000, 3);
  const auto weights = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
  const SpreadOfAllOptions options{.relative_error = 1e-9, .samples_max = 100'000};
  const auto all = spread_of_all(graph, weights, options, Stop()).value();
  EXPECT_EQ(all.samples, 100'000U);
  EXPECT_GT(all.relative_error, 1e-9);
}

TEST(SpreadOfAll, SameBitsForAnyNumberOfThreads) {
  const ListenGraph graph = random_listen_graph(20'000, 60'000, 1);
  const auto weights = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
  for (const CascadeModel model : kModels) {
    const auto figures = [&] {
      auto all =
          spread_of_all(graph, weights, {.model = model, .relative_error = 0.03}, Stop()).value();
      all.spread.insert(all.spread.end(), all.standard_error.begin(), all.standard_error.end());
      all.spread.push_back(all.relative_error);
      return all.spread;
    };
    const auto one = with_threads(1, figures);
    EXPECT_EQ(one, with_threads(2, figures));
    EXPECT_EQ(one, with_threads(8, figures));
  }
}

TEST(SpreadOfAll, RefusesWhatDoesNotFitTheGraphAndStops) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const std::vector<float> certain(graph.edges(), 1.0F);
  const auto code = [&](std::span<const float> p, SpreadOfAllOptions options) {
    return spread_of_all(graph, p, options, Stop()).status().code();
  };
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(code({}, {}), kInvalid);
  EXPECT_EQ(code(std::vector<float>(graph.edges(), 1.1F), {}), kInvalid);
  EXPECT_EQ(code(certain, {.relative_error = 0.0}), kInvalid);
  EXPECT_EQ(code(certain, {.samples_max = 0}), kInvalid);
  EXPECT_EQ(code(certain, {.model = CascadeModel::LinearThreshold}), kInvalid);
  const std::vector<double> few(9, 1.0);
  EXPECT_EQ(code(certain, {.values = few}), kInvalid);
  for (const double bad : {-1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    const std::vector<double> values(10, bad);
    EXPECT_EQ(code(certain, {.values = values}), kInvalid);
  }
  Stop stop;
  stop.request();
  EXPECT_EQ(spread_of_all(graph, certain, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

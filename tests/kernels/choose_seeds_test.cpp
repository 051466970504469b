#include "kernels/propagation/choose_seeds.hpp"

#include <algorithm>
#include <bit>
#include <numbers>
#include <random>
#include <set>

#include <gmock/gmock.h>

#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/reach_reference.hpp"
#include "kernels/propagation/reach_risk.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/spread_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

constexpr double kGreedyShare = 1.0 - 1.0 / std::numbers::e;

std::vector<Vertex> people_of(const SeedChoice& choice) {
  std::vector<Vertex> people;
  for (const ChosenSeed& seed : choice.seeds) people.push_back(seed.person);
  return people;
}

std::vector<Vertex> people_in(std::uint64_t mask) {
  std::vector<Vertex> people;
  for (Vertex v = 0; v != 64; ++v) {
    if ((mask >> v & 1) != 0) people.push_back(v);
  }
  return people;
}

// The best spread of any k of the candidates: all of them, tried.
double optimum(const ListenGraph& graph, const PassProbabilities& pass, std::size_t k,
               std::uint64_t candidates, VertexMask audience) {
  double best = 0.0;
  for (std::uint64_t chosen = 0; chosen != std::uint64_t{1} << graph.vertices(); ++chosen) {
    if ((chosen & ~candidates) != 0 || static_cast<std::size_t>(std::popcount(chosen)) != k)
      continue;
    best =
        std::max(best, spread_reference(graph, pass.to_listeners, people_in(chosen), 0, audience));
  }
  return best;
}

TEST(ChooseSeeds, KeepsItsGuaranteeWhereEveryChoiceCanBeTried) {
  for (std::uint64_t seed = 1; seed != 13; ++seed) {
    const ListenGraph graph = random_listen_graph(7, 11, seed);
    const std::size_t n = graph.vertices();
    const PassProbabilities pass = seed % 3 == 0
                                       ? pass_probabilities(graph, ConstantProbability{0.3}).value()
                                       : pass_probabilities(graph, WeightedCascade()).value();
    const std::uint64_t everyone = (std::uint64_t{1} << n) - 1;
    const std::uint64_t some = everyone & 0b1011011;
    for (const std::uint64_t candidates : {everyone, some}) {
      for (const std::uint64_t audience : {everyone, everyone & 0b0110101}) {
        for (const std::size_t k : {1, 2, 3}) {
          SCOPED_TRACE(testing::Message() << "seed=" << seed << " k=" << k << " candidates="
                                          << candidates << " audience=" << audience);
          const ChooseSeedsOptions options{.k = k,
                                           .delta = 1e-6,
                                           .candidates = {&candidates, 1},
                                           .audience = {&audience, 1},
                                           .random_seed = seed};
          const auto choice = choose_seeds(graph, pass.from_influencers, options, Stop()).value();
          const auto people = people_of(choice);
          ASSERT_EQ(people.size(), k);
          ASSERT_EQ(std::set(people.begin(), people.end()).size(), k);
          for (const Vertex v : people) EXPECT_TRUE((candidates >> v & 1) != 0);
          const double best = optimum(graph, pass, k, candidates, options.audience);
          const double spread =
              spread_reference(graph, pass.to_listeners, people, 0, options.audience);
          EXPECT_GE(spread, (kGreedyShare - options.epsilon) * best);
          EXPECT_LE(choice.lower_bound, spread + 1e-9);
          EXPECT_GE(choice.optimum_upper_bound, best - 1e-9);
          EXPECT_GE(choice.approximation_ratio, kGreedyShare - options.epsilon);
          double marginals = 0.0;
          for (const ChosenSeed& one : choice.seeds) marginals += one.marginal_spread;
          EXPECT_NEAR(marginals, choice.spread, 1e-9);
        }
      }
    }
  }
}

// Many listeners hear many: the sampler skips, by one probability and by several.
TEST(ChooseSeeds, EstimatesWhatSimulationsFind) {
  for (const std::size_t events : {6000, 60'000}) {
    for (const bool equal : {true, false}) {
      auto ties = random_ties(1500, events, 7);
      if (equal) {
        for (SocialTie& tie : ties) tie = {tie.influencer, tie.listener};
      }
      const ListenGraph graph = graph_of(ties);
      const auto pass = pass_probabilities(graph, WeightedCascade()).value();
      const auto choice =
          choose_seeds(graph, pass.from_influencers, {.k = 10, .epsilon = 0.02}, Stop()).value();
      const auto people = people_of(choice);
      const auto spread =
          simulate(graph, pass.to_listeners, people, {.simulations = 10'000}, Stop()).value();
      EXPECT_LE(choice.lower_bound, spread.mean + 3.0 * spread.standard_error);
      EXPECT_GE(choice.optimum_upper_bound, spread.mean - 3.0 * spread.standard_error);
      // A share of samples/2 sets, each in or out.
      const auto n = static_cast<double>(graph.vertices());
      const double share = spread.mean / n;
      const double error =
          n * std::sqrt(share * (1.0 - share) / (static_cast<double>(choice.samples) / 2.0));
      EXPECT_NEAR(choice.spread, spread.mean, 4.0 * error + 3.0 * spread.standard_error);
      EXPECT_NEAR(choice.approximation_ratio, choice.lower_bound / choice.optimum_upper_bound,
                  1e-12);
    }
  }
}

TEST(ChooseSeeds, SameBitsForAnyNumberOfThreads) {
  const ListenGraph graph = random_listen_graph(20'000, 80'000, 2);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const auto figures = [&] {
    const auto choice = choose_seeds(graph, pass.from_influencers, {.k = 20}, Stop()).value();
    std::vector<double> all{choice.spread, choice.lower_bound, choice.optimum_upper_bound,
                            static_cast<double>(choice.samples)};
    for (const ChosenSeed& seed : choice.seeds) {
      all.insert(all.end(), {static_cast<double>(seed.person), seed.marginal_spread});
    }
    return all;
  };
  EXPECT_EQ(with_threads(1, figures), with_threads(2, figures));
  EXPECT_EQ(with_threads(1, figures), with_threads(8, figures));
}

TEST(ChooseSeeds, TakesEveryCandidateWhereMoreAreWanted) {
  const ListenGraph graph = random_listen_graph(60, 200, 3);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const std::uint64_t three[] = {0b10101};
  const auto choice =
      choose_seeds(graph, pass.from_influencers, {.k = 100, .candidates = three}, Stop()).value();
  EXPECT_THAT(people_of(choice), testing::UnorderedElementsAre(0, 2, 4));
  const auto all = choose_seeds(graph, pass.from_influencers, {.k = 1000}, Stop()).value();
  EXPECT_EQ(all.seeds.size(), graph.vertices());
  EXPECT_NEAR(all.spread, static_cast<double>(graph.vertices()), 1e-9);
}

TEST(ChooseSeeds, CandidatesWhoCannotReachTheAudience) {
  const ListenGraph graph =
      graph_of({{CustomerId(0), CustomerId(1)}, {CustomerId(2), CustomerId(3)}});
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const std::uint64_t candidates[] = {0b0011};
  const std::uint64_t audience[] = {0b1000};
  const auto choice = choose_seeds(graph, pass.from_influencers,
                                   {.k = 1, .candidates = candidates, .audience = audience}, Stop())
                          .value();
  EXPECT_EQ(choice.seeds.size(), 1U);
  EXPECT_EQ(choice.spread, 0.0);
  EXPECT_EQ(choice.optimum_upper_bound, 0.0);
  EXPECT_EQ(choice.approximation_ratio, 1.0);
}

// What a set of seeds is worth, by bit mask: the expected value of those whom it reaches, exactly.
std::vector<double> worth_of_all_choices(const ListenGraph& graph, const PassProbabilities& pass,
                                         CascadeModel model, std::span<const double> values) {
  std::vector<double> worth(std::size_t{1} << graph.vertices());
  for (std::uint64_t chosen = 0; chosen != worth.size(); ++chosen) {
    const auto reached = reach_reference(graph, pass.to_listeners, model, people_in(chosen), {}, 0);
    for (Vertex v = 0; v != graph.vertices(); ++v) {
      worth[chosen] += reached[v] * (values.empty() ? 1.0 : values[v]);
    }
  }
  return worth;
}

struct Tally {
  std::size_t runs = 0;
  std::size_t bounds_broken = 0;
};

// Asks with many random seeds, and counts how often a bound does not hold.
void ask_often(const ListenGraph& graph, const PassProbabilities& pass,
               const std::vector<double>& worth, ChooseSeedsOptions options, Tally& tally) {
  const auto cost_of = [&](std::uint64_t chosen) {
    double cost = 0.0;
    for (const Vertex v : people_in(chosen)) cost += options.costs[v];
    return cost;
  };
  double best = 0.0;
  for (std::uint64_t chosen = 0; chosen != worth.size(); ++chosen) {
    const bool allowed = options.costs.empty()
                             ? static_cast<std::size_t>(std::popcount(chosen)) <= options.k
                             : cost_of(chosen) <= options.budget;
    if (allowed) best = std::max(best, worth[chosen]);
  }
  for (std::uint64_t seed = 1; seed != 21; ++seed) {
    options.random_seed = seed;
    const auto choice = choose_seeds(graph, pass.from_influencers, options, Stop()).value();
    std::uint64_t chosen = 0;
    double cost = 0.0;
    double marginals = 0.0;
    for (const ChosenSeed& one : choice.seeds) {
      chosen |= std::uint64_t{1} << one.person;
      cost += one.cost;
      marginals += one.marginal_spread;
    }
    ASSERT_EQ(static_cast<std::size_t>(std::popcount(chosen)), choice.seeds.size());
    EXPECT_NEAR(choice.spread, marginals, 1e-9 * (1.0 + marginals));
    EXPECT_NEAR(choice.cost, cost, 1e-9);
    if (!options.costs.empty()) {
      EXPECT_LE(cost_of(chosen), options.budget);
      EXPECT_NEAR(cost, cost_of(chosen), 1e-9);
    }
    EXPECT_GE(choice.approximation_ratio, choice.guarantee - options.epsilon);
    ++tally.runs;
    const double rounding = 1e-6 * (1.0 + best);
    if (choice.lower_bound > worth[chosen] + rounding ||
        choice.optimum_upper_bound < best - rounding) {
      ++tally.bounds_broken;
    } else {
      EXPECT_GE(worth[chosen], (choice.guarantee - options.epsilon) * best - rounding);
    }
  }
}

// With the chance delta = 0.1 that a bound does not hold.
TEST(ChooseSeeds, BoundsHoldAsOftenAsPromised) {
  Tally tally;
  for (std::uint64_t seed = 1; seed != 6; ++seed) {
    const ListenGraph graph = random_listen_graph(7, 10, seed);
    const std::size_t n = graph.vertices();
    std::mt19937_64 draw(seed);
    std::vector<double> values(n);
    for (double& value : values) value = static_cast<double>(draw() % 4) * 2.5;
    values[n - 1] = 40.0;
    std::vector<double> costs(n);
    for (double& cost : costs) cost = 0.5 + static_cast<double>(draw() % 20);
    const auto pass = seed % 2 == 0 ? pass_probabilities(graph, ConstantProbability{0.2}).value()
                                    : pass_probabilities(graph, WeightedCascade()).value();
    for (const auto model : {CascadeModel::IndependentCascade, CascadeModel::LinearThreshold}) {
      // Five in-edges of 0.2 still are weights of the linear threshold model.
      for (const auto& worths : {std::vector<double>(), values}) {
        const auto worth = worth_of_all_choices(graph, pass, model, worths);
        for (const std::size_t k : {1, 3}) {
          ask_often(graph, pass, worth, {.k = k, .delta = 0.1, .model = model, .values = worths},
                    tally);
        }
        for (const double budget : {1.0, 8.0, 21.0}) {
          ask_often(
              graph, pass, worth,
              {.delta = 0.1, .model = model, .values = worths, .costs = costs, .budget = budget},
              tally);
        }
      }
    }
  }
  EXPECT_EQ(tally.runs, 2000U);
  // 200 expected at most; the bounds are not tight, so that far fewer are seen.
  EXPECT_LE(tally.bounds_broken, 200U);
}

TEST(ChooseSeeds, SpreadsInUnitsOfValueAndUnderLinearThreshold) {
  const ListenGraph graph = random_listen_graph(1500, 20'000, 7);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  std::vector<double> values(graph.vertices());
  for (std::size_t v = 0; v != values.size(); ++v) values[v] = v % 3 == 0 ? 0.0 : 1e6;
  for (const auto model : {CascadeModel::IndependentCascade, CascadeModel::LinearThreshold}) {
    const auto choice =
        choose_seeds(graph, pass.from_influencers,
                     {.k = 5, .epsilon = 0.03, .model = model, .values = values}, Stop())
            .value();
    const auto risk = reach_risk(graph, pass.to_listeners, people_of(choice),
                                 {.simulations = 20'000, .model = model}, Stop())
                          .value();
    double spread = 0.0;
    for (Vertex v = 0; v != values.size(); ++v) spread += values[v] * risk.probability(v);
    for (const Vertex v : people_of(choice)) spread += values[v];
    EXPECT_NEAR(choice.spread, spread, 0.03 * spread);
    EXPECT_LE(choice.lower_bound, spread * 1.005);
    EXPECT_GE(choice.optimum_upper_bound, spread * 0.995);
  }
}

TEST(ChooseSeeds, AnswersBudgetsThatPayForNobodyOrEverybody) {
  const ListenGraph graph = random_listen_graph(60, 200, 3);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const std::vector<double> costs(graph.vertices(), 2.0);
  const auto ask = [&](double budget) {
    return choose_seeds(graph, pass.from_influencers, {.costs = costs, .budget = budget}, Stop())
        .value();
  };
  const auto none = ask(1.9);
  EXPECT_TRUE(none.seeds.empty());
  EXPECT_EQ(none.optimum_upper_bound, 0.0);
  EXPECT_EQ(none.approximation_ratio, 1.0);
  EXPECT_EQ(ask(2.0).seeds.size(), 1U);
  EXPECT_EQ(ask(7.9).seeds.size(), 3U);
  const auto all = ask(1e9);
  const auto n = static_cast<double>(graph.vertices());
  EXPECT_GE(all.spread, (all.guarantee - all.epsilon) * n);
  EXPECT_LE(all.optimum_upper_bound, n);
  EXPECT_LE(all.cost, 2.0 * n);
}

TEST(ChooseSeeds, NobodyIsWorthAnything) {
  const ListenGraph graph = random_listen_graph(60, 200, 3);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const std::vector<double> nothing(graph.vertices(), 0.0);
  const auto choice =
      choose_seeds(graph, pass.from_influencers, {.k = 3, .values = nothing}, Stop()).value();
  EXPECT_EQ(choice.seeds.size(), 3U);
  EXPECT_EQ(choice.spread, 0.0);
  EXPECT_EQ(choice.approximation_ratio, 1.0);
}

TEST(ChooseSeeds, RefusesWhatHasNoAnswer) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  const std::uint64_t nobody[] = {0};
  const std::uint64_t wide[] = {1, 1};
  const auto code = [&](const ChooseSeedsOptions& options) {
    return choose_seeds(graph, pass.from_influencers, options, Stop()).status().code();
  };
  EXPECT_EQ(code({.k = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.epsilon = 0.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.epsilon = 0.7}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.delta = 1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.candidates = nobody}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.audience = nobody}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.audience = wide}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(choose_seeds(graph_of({}), {}, {}, Stop()).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.bytes_max = 1000}), absl::StatusCode::kResourceExhausted);
  const std::size_t n = graph.vertices();
  std::vector<double> ones(n, 1.0);
  const std::vector<double> few(n - 1, 1.0);
  std::vector<double> endless(n, 1e308);
  std::vector<double> negative(n, 1.0);
  negative[n - 1] = -1.0;
  std::vector<double> free_of_charge(n, 1.0);
  free_of_charge[2] = 0.0;
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(code({.values = few}), kInvalid);
  EXPECT_EQ(code({.values = endless}), kInvalid);
  EXPECT_EQ(code({.values = negative}), kInvalid);
  EXPECT_EQ(code({.costs = few, .budget = 1.0}), kInvalid);
  EXPECT_EQ(code({.costs = free_of_charge, .budget = 1.0}), kInvalid);
  EXPECT_EQ(code({.costs = ones}), kInvalid);
  EXPECT_EQ(code({.budget = 1.0}), kInvalid);
  EXPECT_EQ(code({.epsilon = 0.4, .costs = ones, .budget = 1.0}), kInvalid);
  const std::vector<float> heavy(graph.edges(), 0.9F);
  EXPECT_EQ(
      choose_seeds(graph, heavy, {.model = CascadeModel::LinearThreshold}, Stop()).status().code(),
      kInvalid);
  Stop stop;
  stop.request();
  EXPECT_EQ(choose_seeds(graph, pass.from_influencers, {}, stop).status().code(),
            absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

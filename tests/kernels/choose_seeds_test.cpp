#include "kernels/propagation/choose_seeds.hpp"

#include <algorithm>
#include <bit>
#include <numbers>
#include <numeric>
#include <set>

#include <gmock/gmock.h>

#include "kernels/propagation/max_cover.hpp"
#include "kernels/propagation/probability.hpp"
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
  Stop stop;
  stop.request();
  EXPECT_EQ(choose_seeds(graph, pass.from_influencers, {}, stop).status().code(),
            absl::StatusCode::kCancelled);
}

// Greedy cover from scratch: each gain counted anew.
TEST(MaxCover, AgreesWithCountingEveryGainAnew) {
  for (std::uint64_t seed = 0; seed != 40; ++seed) {
    std::mt19937_64 draw(seed);
    const std::size_t people = 1 + draw() % 70;
    ReverseSets sets;
    for (std::size_t s = draw() % 66; s != 0; --s) {
      for (Vertex v = 0; v != people; ++v) {
        if (draw() % 9 == 0) sets.members.push_back(v);
      }
      sets.offsets.push_back(sets.members.size());
    }
    const std::size_t k = 1 + draw() % 8;
    std::vector<bool> covered(sets.size());
    const auto gain_of = [&](Vertex v) {
      std::size_t gain = 0;
      for (std::size_t s = 0; s != sets.size(); ++s) {
        gain += !covered[s] && std::ranges::count(sets.of(s), v) > 0 ? 1 : 0;
      }
      return gain;
    };
    MaxCover expected;
    expected.optimum_at_most = sets.size() * people;
    std::vector<std::size_t> first(people);
    for (Vertex v = 0; v != people; ++v) first[v] = gain_of(v);
    while (true) {
      std::vector<std::size_t> gains(people);
      for (Vertex v = 0; v != people; ++v) gains[v] = gain_of(v);
      Vertex best = 0;
      for (Vertex v = 1; v != people; ++v) {
        if (std::pair(gains[v], first[v]) > std::pair(gains[best], first[best])) best = v;
      }
      const std::size_t gain = gains[best];
      std::ranges::sort(gains, std::greater<>());
      gains.resize(std::min(k, people));
      expected.optimum_at_most =
          std::min(expected.optimum_at_most,
                   expected.covered + std::accumulate(gains.begin(), gains.end(), std::size_t{0}));
      if (expected.chosen.size() == k || gain == 0) break;
      expected.chosen.push_back(best);
      expected.covered += gain;
      for (std::size_t s = 0; s != sets.size(); ++s) {
        if (std::ranges::count(sets.of(s), best) > 0) covered[s] = true;
      }
    }
    const MaxCover cover = max_cover(sets, people, k);
    EXPECT_EQ(cover.chosen, expected.chosen);
    EXPECT_EQ(cover.covered, expected.covered);
    EXPECT_EQ(cover.optimum_at_most, expected.optimum_at_most);
    const auto by_place = count_covered(sets, people, cover.chosen);
    EXPECT_EQ(std::accumulate(by_place.begin(), by_place.end(), std::size_t{0}), expected.covered);
  }
}

}  // namespace
}  // namespace grapevine

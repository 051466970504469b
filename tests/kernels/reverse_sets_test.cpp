#include "kernels/propagation/reverse_sets.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include <gmock/gmock.h>

#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/weighted_pick.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kMuch = std::size_t{1} << 30;

TEST(WeightedPick, PicksInProportion) {
  for (const std::vector<double>& weights : {std::vector<double>{3.0},
                                             {0.0, 1.0, 0.0},
                                             {1.0, 2.0, 3.0, 0.0, 94.0},
                                             {1e-300, 3e-300, 0.0},
                                             {1e300, 3e300, 1e300, 0.0},
                                             std::vector<double>(65, 0.1)}) {
    const WeightedPick pick(weights);
    double sum = 0.0;
    const double largest = *std::ranges::max_element(weights);
    for (const double weight : weights) sum += weight / largest;
    constexpr std::size_t kDraws = 100'000;
    std::vector<double> picked(weights.size());
    for (std::size_t i = 0; i != kDraws; ++i) {
      picked[pick.pick(draw_bits(7, 2 * i), draw_bits(7, 2 * i + 1))] += 1.0;
    }
    for (std::size_t i = 0; i != weights.size(); ++i) {
      const double share = weights[i] / largest / sum;
      const double error = std::sqrt(share * (1.0 - share) * kDraws);
      EXPECT_NEAR(picked[i], share * kDraws, 5.0 * error) << i << " of " << weights.size();
    }
  }
}

// One listener and those whom they hear, so that a set says which edges were alive.
ListenGraph star(std::size_t influencers) {
  std::vector<SocialTie> ties;
  for (std::uint32_t i = 1; i <= influencers; ++i) ties.push_back({CustomerId(i), CustomerId(0)});
  return graph_of(ties);
}

struct LiveCounts {
  std::vector<double> alive;  // By influencer.
  double both = 0.0;          // The first two.
  double most = 0.0;          // In one set.
};

LiveCounts count_live(const ListenGraph& graph, std::span<const float> probabilities,
                      CascadeModel model, std::size_t count) {
  const std::vector<Vertex> audience{0};
  const ReverseSampler sampler(graph, probabilities, model, audience, {}, {});
  ReverseSets sets;
  EXPECT_TRUE(sampler.extend(sets, count, 99, kMuch, Stop()).ok());
  LiveCounts counts{std::vector<double>(graph.vertices())};
  for (std::size_t set = 0; set != sets.size(); ++set) {
    const std::set<Vertex> members(sets.of(set).begin(), sets.of(set).end());
    EXPECT_EQ(members.size(), sets.of(set).size());
    EXPECT_TRUE(members.contains(0));
    for (const Vertex v : members) counts.alive[v] += 1.0;
    counts.both += members.contains(1) && members.contains(2) ? 1.0 : 0.0;
    counts.most = std::max(counts.most, static_cast<double>(members.size() - 1));
  }
  return counts;
}

// Degrees on both sides of every border: coins, one stretch, several, and a rate that needs parts.
TEST(ReverseSets, EveryEdgeIsAliveWithItsChance) {
  constexpr std::size_t kSets = 20'000;
  for (const std::size_t degree : {1, 2, 11, 12, 31, 32, 33, 63, 64, 65, 100, 1000}) {
    const ListenGraph graph = star(degree);
    ASSERT_EQ(graph.influencers.degree(0), degree);
    for (const int kind : {0, 1, 2, 3, 4}) {
      SCOPED_TRACE(testing::Message() << "degree=" << degree << " kind=" << kind);
      std::mt19937_64 draw(degree);
      std::vector<float> p(degree);
      for (std::size_t i = 0; i != degree; ++i) {
        if (kind == 0) p[i] = 1.0F / static_cast<float>(degree);
        if (kind == 1) p[i] = static_cast<float>(draw() % 100) * 0.002F;
        if (kind == 2) p[i] = i % 40 == 7 ? 1.0F : 0.01F;  // Certain ones among unlikely ones.
        if (kind == 3) p[i] = i < degree / 2 ? 0.0F : 0.15F;
        if (kind == 4) p[i] = 0.6F;
      }
      const LiveCounts counts = count_live(graph, p, CascadeModel::IndependentCascade, kSets);
      for (std::size_t i = 0; i != degree; ++i) {
        const auto chance = static_cast<double>(p[i]);
        const double error = std::sqrt(chance * (1.0 - chance) * kSets);
        EXPECT_NEAR(counts.alive[i + 1], chance * kSets, 5.0 * error) << "edge " << i;
      }
      if (degree > 1) {
        const double chance = static_cast<double>(p[0]) * static_cast<double>(p[1]);
        EXPECT_NEAR(counts.both, chance * kSets, 5.0 * std::sqrt(chance * kSets) + 1e-9);
      }
    }
  }
}

TEST(ReverseSets, AtMostOneEdgeIsAliveUnderLinearThreshold) {
  constexpr std::size_t kSets = 20'000;
  for (const std::size_t degree : {1, 2, 31, 32, 33, 64, 65, 1000}) {
    const ListenGraph graph = star(degree);
    for (const float sum : {1.0F, 0.3F, 0.0F}) {
      std::mt19937_64 draw(degree);
      std::vector<float> weights(degree);
      float all = 0.0F;
      for (float& weight : weights) all += weight = static_cast<float>(1 + draw() % 10);
      for (float& weight : weights) weight *= sum / all;
      const LiveCounts counts = count_live(graph, weights, CascadeModel::LinearThreshold, kSets);
      EXPECT_LE(counts.most, 1.0);
      double any = 0.0;
      for (std::size_t i = 0; i != degree; ++i) {
        const auto chance = static_cast<double>(weights[i]);
        EXPECT_NEAR(counts.alive[i + 1], chance * kSets, 5.0 * std::sqrt(chance * kSets));
        any += counts.alive[i + 1];
      }
      EXPECT_NEAR(any, static_cast<double>(sum) * kSets, 5.0 * std::sqrt(kSets * 0.25));
    }
  }
}

TEST(ReverseSets, RootsAreDrawnByValue) {
  const ListenGraph graph =
      graph_of({{CustomerId(0), CustomerId(1)}, {CustomerId(2), CustomerId(3)}});
  const std::vector<float> never(graph.edges(), 0.0F);
  const std::vector<Vertex> audience{1, 2, 3};
  const std::vector<double> values{1.0, 6.0, 3.0};
  const ReverseSampler sampler(graph, never, CascadeModel::IndependentCascade, audience, values,
                               {});
  ReverseSets sets;
  ASSERT_TRUE(sampler.extend(sets, 100'000, 1, kMuch, Stop()).ok());
  std::vector<double> roots(4);
  for (const Vertex root : sets.members) roots[root] += 1e-5;
  EXPECT_EQ(roots[0], 0.0);
  EXPECT_NEAR(roots[1], 0.1, 0.005);
  EXPECT_NEAR(roots[2], 0.6, 0.008);
  EXPECT_NEAR(roots[3], 0.3, 0.008);
}

TEST(ReverseSets, ASetIsAFunctionOfItsKeyAndNumber) {
  const ListenGraph graph = random_listen_graph(3000, 20'000, 4);
  const auto pass = pass_probabilities(graph, WeightedCascade()).value();
  std::vector<Vertex> everyone(graph.vertices());
  for (Vertex v = 0; v != everyone.size(); ++v) everyone[v] = v;
  for (const auto model : {CascadeModel::IndependentCascade, CascadeModel::LinearThreshold}) {
    const ReverseSampler sampler(graph, pass.from_influencers, model, everyone, {}, {});
    const auto draw = [&](std::initializer_list<std::size_t> counts) {
      ReverseSets sets;
      for (const std::size_t count : counts) {
        EXPECT_TRUE(sampler.extend(sets, count, 5, kMuch, Stop()).ok());
      }
      return std::pair(sets.offsets, sets.members);
    };
    const auto once = draw({2000});
    EXPECT_EQ(once.first.size(), 2001U);
    EXPECT_EQ(draw({1, 65, 300, 300, 2000}), once);
    EXPECT_EQ(with_threads(1, [&] { return draw({2000}); }), once);
    EXPECT_EQ(with_threads(8, [&] { return draw({2000}); }), once);
  }
}

}  // namespace
}  // namespace grapevine

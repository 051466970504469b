#include "kernels/graph/listen_graph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <utility>

#include <gmock/gmock.h>

#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::FloatNear;

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr CustomerId kAnn{4}, kBob{7}, kCat{9};

using Pair = std::pair<CustomerId, CustomerId>;  // Influencer, listener.

std::map<Pair, float> edges_of(const ListenGraph& graph, const Adjacency& side,
                               bool owner_influences) {
  std::map<Pair, float> edges;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    for (std::size_t i = 0; i != side.degree(v); ++i) {
      Pair pair{graph.people[v], graph.people[side.of(v)[i]]};
      if (!owner_influences) std::swap(pair.first, pair.second);
      edges[pair] = side.weights_of(v)[i];
    }
    EXPECT_TRUE(std::ranges::is_sorted(side.of(v)));
  }
  return edges;
}

// The definition, event by event, in a map; times near each other, so that doubles hold the powers.
std::map<Pair, float> shares_reference(std::span<const SocialTie> ties, double half_life_ms) {
  std::map<Pair, double> earned;
  std::map<CustomerId, double> total;
  for (const SocialTie& tie : ties) {
    if (tie.influencer == tie.listener) continue;
    const double age = static_cast<double>(tie.time_ms - 1'700'000'000'000) / half_life_ms;
    const double weight = static_cast<double>(tie.weight) * std::exp2(age);
    earned[{tie.influencer, tie.listener}] += weight;
    total[tie.listener] += weight;
  }
  std::map<Pair, float> shares;
  for (const auto& [pair, sum] : earned)
    shares[pair] = static_cast<float>(sum / total[pair.second]);
  return shares;
}

TEST(ListenGraph, MergesDuplicatesAndCountsEventsAtOneself) {
  const ListenGraph graph = graph_of({{kBob, kAnn, 0, 1.0F},
                                      {kBob, kAnn, 0, 0.5F},
                                      {kCat, kAnn, 0, 0.5F},
                                      {kCat, kCat, 0, 1.0F},
                                      {kAnn, kBob, 0, 1.0F}});
  EXPECT_THAT(graph.people, ElementsAre(kAnn, kBob, kCat));
  EXPECT_EQ(graph.events, 5U);
  EXPECT_EQ(graph.self_events, 1U);
  EXPECT_EQ(graph.edges(), 3U);
  EXPECT_THAT(graph.influencers.of(0), ElementsAre(1, 2));
  EXPECT_THAT(graph.influencers.weights_of(0), ElementsAre(0.75F, 0.25F));
  EXPECT_THAT(graph.listeners.of(1), ElementsAre(0));
  EXPECT_THAT(graph.listeners.weights_of(1), ElementsAre(0.75F));
  EXPECT_EQ(graph.vertex_of(kCat), 2U);
  EXPECT_EQ(graph.vertex_of(CustomerId(5)), std::nullopt);
  EXPECT_EQ(graph.vertex_of(CustomerId(50)), std::nullopt);
}

TEST(ListenGraph, NobodyAndOnlyOneself) {
  const ListenGraph nobody = graph_of({});
  EXPECT_EQ(nobody.vertices(), 0U);
  EXPECT_EQ(nobody.edges(), 0U);
  EXPECT_EQ(nobody.vertex_of(kAnn), std::nullopt);
  const ListenGraph alone = graph_of({{kAnn, kAnn, 5, 1.0F}});
  EXPECT_THAT(alone.people, ElementsAre(kAnn));
  EXPECT_EQ(alone.edges(), 0U);
  EXPECT_EQ(alone.self_events, 1U);
  EXPECT_EQ(alone.listeners.degree(0), 0U);
}

TEST(ListenGraph, AgreesWithTheDefinition) {
  for (const std::size_t people : {1, 2, 3, 63, 64, 65, 255, 256, 257, 1000}) {
    SCOPED_TRACE(people);
    const auto ties = random_ties(people, 8 * people, people);
    const ListenGraph graph = graph_of(ties, {.half_life_ms = 90 * kDayMs});
    const auto expected = shares_reference(ties, static_cast<double>(90 * kDayMs));
    const auto out = edges_of(graph, graph.listeners, true);
    EXPECT_EQ(out, edges_of(graph, graph.influencers, false));
    ASSERT_EQ(out.size(), expected.size());
    for (const auto& [pair, share] : expected) ASSERT_NEAR(out.at(pair), share, 1e-6F);
  }
}

TEST(ListenGraph, HalvesAWeightEachHalfLife) {
  const std::int64_t now = 1'800'000'000'000;
  const auto build = [&](std::int64_t age) {
    const SocialTie ties[] = {{kBob, kAnn, now, 1.0F}, {kCat, kAnn, now - age, 1.0F}};
    return graph_of(ties, {.half_life_ms = 10 * kDayMs});
  };
  EXPECT_THAT(build(10 * kDayMs).influencers.weights_of(0),
              ElementsAre(FloatNear(2.0F / 3, 1e-6F), FloatNear(1.0F / 3, 1e-6F)));
  EXPECT_THAT(build(0).influencers.weights_of(0), ElementsAre(0.5F, 0.5F));
  EXPECT_THAT(build(15 * kDayMs).influencers.weights_of(0)[1],
              FloatNear(static_cast<float>(std::exp2(-1.5) / (1.0 + std::exp2(-1.5))), 1e-6F));
}

TEST(ListenGraph, NeitherOverflowsNorLosesAnEdgeFromTheFirstDayToTheLast) {
  for (const std::int64_t last : {4'102'444'800'000, std::numeric_limits<std::int64_t>::max()}) {
    for (const std::int64_t first : {std::int64_t{0}, std::numeric_limits<std::int64_t>::min()}) {
      const SocialTie ties[] = {
          {kBob, kAnn, first, 1.0F}, {kCat, kAnn, last, 1.0F}, {kAnn, kCat, first, 1.0F}};
      for (const std::int64_t half_life :
           {std::int64_t{1}, kDayMs, std::numeric_limits<std::int64_t>::max()}) {
        const ListenGraph graph = graph_of(ties, {.half_life_ms = half_life});
        ASSERT_EQ(graph.edges(), 3U);
        EXPECT_GT(graph.influencers.weights_of(0)[0], 0.0F);
        EXPECT_THAT(double{graph.influencers.weights_of(0)[0]} + graph.influencers.weights_of(0)[1],
                    DoubleNear(1.0, 1e-6));
        EXPECT_THAT(graph.influencers.weights_of(2), ElementsAre(1.0F));
      }
    }
  }
}

TEST(ListenGraph, ANewEventKeepsOldRatios) {
  std::vector<SocialTie> ties = {{kBob, kAnn, 1'000 * kDayMs, 1.0F},
                                 {kCat, kAnn, 1'003 * kDayMs, 0.3F}};
  const auto before = graph_of(ties, {.half_life_ms = 7 * kDayMs}).influencers;
  ties.push_back({CustomerId(11), kAnn, 1'200 * kDayMs, 1.0F});
  const auto after = graph_of(ties, {.half_life_ms = 7 * kDayMs}).influencers;
  EXPECT_NEAR(after.weights[0] / after.weights[1], before.weights[0] / before.weights[1], 1e-6F);
}

TEST(ListenGraph, DoesNotDependOnTheOrderOrCutOfItsInput) {
  auto ties = random_ties(300, 60'000, 5);
  const ListenGraph once = graph_of(ties);
  std::shuffle(ties.begin(), ties.end(), std::mt19937_64(1));
  const std::vector<std::span<const SocialTie>> cut = {std::span(ties).first(1),
                                                       {},
                                                       std::span(ties).subspan(1, 40'000),
                                                       std::span(ties).subspan(40'001)};
  const ListenGraph again = build_listen_graph(cut, {}, Stop()).value();
  EXPECT_EQ(once.people, again.people);
  EXPECT_EQ(once.listeners.neighbors, again.listeners.neighbors);
  EXPECT_EQ(once.listeners.weights, again.listeners.weights);
  EXPECT_EQ(once.influencers.weights, again.influencers.weights);
}

TEST(ListenGraph, SameBitsForAnyNumberOfThreads) {
  const auto ties = random_ties(20'000, 200'000, 9);
  const auto build = [&] { return graph_of(ties); };
  const ListenGraph one = with_threads(1, build);
  for (const std::size_t threads : {2, 8}) {
    const ListenGraph many = with_threads(threads, build);
    EXPECT_EQ(one.influencers.offsets, many.influencers.offsets);
    EXPECT_EQ(one.listeners.offsets, many.listeners.offsets);
    EXPECT_EQ(one.listeners.neighbors, many.listeners.neighbors);
    EXPECT_EQ(one.listeners.weights, many.listeners.weights);
  }
}

TEST(ListenGraph, RefusesWhatHasNoMeaning) {
  const auto status_of = [](SocialTie tie, ListenGraphOptions options) {
    const std::span<const SocialTie> ties(&tie, 1);
    return build_listen_graph(std::span(&ties, 1), options, Stop()).status().code();
  };
  EXPECT_EQ(status_of({kAnn, kBob, 0, 0.0F}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({kAnn, kBob, 0, -1.0F}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({kAnn, kBob, 0, std::nanf("")}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({kAnn, kBob, 0, 1.0F}, {.half_life_ms = 0}),
            absl::StatusCode::kInvalidArgument);
}

TEST(ListenGraph, Stops) {
  Stop stop;
  stop.request();
  EXPECT_EQ(build_listen_graph({}, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

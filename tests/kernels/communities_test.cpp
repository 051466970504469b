#include "kernels/influence/communities.hpp"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>

#include "kernels/influence/communities_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::Each;
using testing::ElementsAre;

CustomerId id(std::uint32_t number) { return CustomerId(number); }

// Groups of `size` who all hear each other; the last of each hears the first of the next.
ListenGraph ring_of_cliques(std::uint32_t cliques, std::uint32_t size) {
  std::vector<SocialTie> ties;
  for (std::uint32_t clique = 0; clique != cliques; ++clique) {
    for (std::uint32_t i = 0; i != size; ++i) {
      for (std::uint32_t j = 0; j != size; ++j) {
        if (i != j) ties.push_back({id(clique * size + i), id(clique * size + j)});
      }
    }
    ties.push_back({id((clique + 1) % cliques * size), id(clique * size + size - 1)});
  }
  return graph_of(ties);
}

void expect_numbered_by_size(const Communities& found) {
  std::vector<std::uint32_t> sizes(found.count());
  std::vector<Vertex> first(found.count(), 0xFFFF'FFFF);
  for (Vertex v = 0; v != found.of.size(); ++v) {
    ASSERT_LT(found.of[v], found.count());
    ++sizes[found.of[v]];
    first[found.of[v]] = std::min(first[found.of[v]], v);
  }
  EXPECT_EQ(sizes, found.sizes);
  for (std::size_t c = 1; c < sizes.size(); ++c) {
    EXPECT_GE(sizes[c - 1], sizes[c]);
    EXPECT_TRUE(sizes[c - 1] > sizes[c] || first[c - 1] < first[c]);
  }
}

TEST(Communities, OfARingOfCliquesAreTheCliques) {
  const ListenGraph graph = ring_of_cliques(12, 6);
  const auto found = find_communities(graph, {}, Stop()).value();
  EXPECT_EQ(found.count(), 12U);
  EXPECT_THAT(found.sizes, Each(6U));
  for (Vertex v = 0; v != graph.vertices(); ++v) EXPECT_EQ(found.of[v], v / 6);
}

TEST(Communities, OfALonerATriangleAndAPair) {
  const ListenGraph graph = graph_of({{id(0), id(0)},
                                      {id(1), id(2)},
                                      {id(2), id(1)},
                                      {id(3), id(4)},
                                      {id(4), id(5)},
                                      {id(5), id(3)}});
  const auto found = find_communities(graph, {}, Stop()).value();
  EXPECT_THAT(found.of, ElementsAre(2, 1, 1, 0, 0, 0));
  EXPECT_THAT(found.sizes, ElementsAre(3, 2, 1));
}

TEST(Communities, OfNobodyAndOfPeopleWithoutTies) {
  EXPECT_EQ(find_communities(graph_of({}), {}, Stop()).value().count(), 0U);
  const auto alone = find_communities(graph_of({{id(4), id(4)}, {id(9), id(9)}}), {}, Stop());
  EXPECT_THAT(alone->of, ElementsAre(0, 1));
  EXPECT_EQ(alone->modularity, 0.0);
}

TEST(Communities, ModularityAgreesWithTheMatrix) {
  for (const std::size_t people : {1, 2, 3, 63, 64, 65, 200}) {
    for (const double resolution : {0.3, 1.0, 2.5}) {
      const ListenGraph graph = random_listen_graph(people, 3 * people, people);
      std::vector<std::uint32_t> of(graph.vertices());
      for (std::size_t v = 0; v != of.size(); ++v)
        of[v] = static_cast<std::uint32_t>(v * v % 7 % of.size());
      EXPECT_NEAR(modularity(graph, of, resolution), modularity_reference(graph, of, resolution),
                  1e-12);
    }
  }
}

// Leiden does not promise the best grouping; on graphs that small it finds it nearly always.
TEST(Communities, AreTheBestOfAllGroupingsOfSmallGraphs) {
  int best = 0;
  int graphs = 0;
  for (std::uint64_t seed = 1; seed != 41; ++seed) {
    for (const double resolution : {0.7, 1.0}) {
      const ListenGraph graph = random_listen_graph(7, 9, seed);
      const auto found = find_communities(graph, {.resolution = resolution}, Stop()).value();
      const double optimum = best_modularity_reference(graph, resolution);
      EXPECT_LE(found.modularity, optimum + 1e-12);
      EXPECT_GE(found.modularity, optimum - 0.05);
      best += found.modularity >= optimum - 1e-12 ? 1 : 0;
      ++graphs;
    }
  }
  EXPECT_GE(best, graphs * 9 / 10);
}

TEST(Communities, AreConnectedAndNoTwoShouldBeOne) {
  for (const std::size_t people : {1, 2, 3, 63, 64, 65, 300}) {
    for (const std::size_t events_each : {1, 3, 12}) {
      for (const double resolution : {0.5, 1.0, 3.0}) {
        SCOPED_TRACE(testing::Message() << "people=" << people << " events_each=" << events_each
                                        << " resolution=" << resolution);
        const ListenGraph graph = random_listen_graph(people, events_each * people, people);
        const CommunitiesOptions options{.resolution = resolution, .random_seed = people};
        const auto found = find_communities(graph, options, Stop()).value();
        ASSERT_EQ(found.of.size(), graph.vertices());
        expect_numbered_by_size(found);
        EXPECT_NEAR(found.modularity, modularity_reference(graph, found.of, resolution), 1e-12);
        EXPECT_TRUE(all_connected_reference(graph, found.of));
        for (std::uint32_t a = 0; a < std::min<std::size_t>(found.count(), 12); ++a) {
          for (std::uint32_t b = 0; b != a; ++b) {
            auto merged = found.of;
            std::ranges::replace(merged, a, b);
            EXPECT_LE(modularity(graph, merged, resolution), found.modularity + 1e-12);
          }
        }
      }
    }
  }
}

TEST(Communities, MoreIterationsAreNeverWorse) {
  const ListenGraph graph = random_listen_graph(3000, 9000, 5);
  double before = -1.0;
  for (std::size_t iterations = 1; iterations != 6; ++iterations) {
    const CommunitiesOptions options{.iterations = iterations, .attempts = 1};
    const auto found = find_communities(graph, options, Stop()).value();
    EXPECT_GE(found.modularity, before);
    EXPECT_LE(found.iterations, iterations);
    before = found.modularity;
  }
  EXPECT_GE(find_communities(graph, {}, Stop())->modularity, before);
}

TEST(Communities, MoreAttemptsAreNeverWorse) {
  const ListenGraph graph = random_listen_graph(3000, 9000, 5);
  double before = -1.0;
  for (const std::size_t attempts : {1, 2, 4, 8}) {
    const auto found = find_communities(graph, {.attempts = attempts}, Stop()).value();
    EXPECT_GE(found.modularity, before);
    before = found.modularity;
  }
  EXPECT_EQ(find_communities(graph, {}, Stop())->modularity,
            before);  // As many where ties are few.
}

TEST(Communities, HigherResolutionMakesMore) {
  const ListenGraph graph = random_listen_graph(2000, 6000, 2);
  const auto count = [&](double resolution) {
    return find_communities(graph, {.resolution = resolution}, Stop()).value().count();
  };
  EXPECT_LT(count(0.3), count(1.0));
  EXPECT_LT(count(1.0), count(5.0));
}

TEST(Communities, SameBitsForAnyNumberOfThreads) {
  const ListenGraph graph = random_listen_graph(5000, 15'000, 1);
  const auto answer = [&] {
    const auto found = find_communities(graph, {}, Stop()).value();
    return std::pair(found.of, found.modularity);
  };
  EXPECT_EQ(with_threads(1, answer), with_threads(2, answer));
  EXPECT_EQ(with_threads(1, answer), with_threads(8, answer));
}

TEST(Communities, RefuseOptionsOutsideTheirRange) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const auto code = [&](const CommunitiesOptions& options) {
    return find_communities(graph, options, Stop()).status().code();
  };
  EXPECT_EQ(code({.resolution = 0.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.resolution = std::numeric_limits<double>::quiet_NaN()}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.randomness = -1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.improvement_min = -1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.randomness = 0.0}), absl::StatusCode::kOk);
}

TEST(Communities, StopWhenAsked) {
  Stop stop;
  stop.request();
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  EXPECT_EQ(find_communities(graph, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

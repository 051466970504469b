#include "kernels/influence/pagerank.hpp"

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "kernels/influence/pagerank_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

TEST(Pagerank, AgreesWithDenseSolve) {
  for (const std::size_t people : {0, 1, 2, 3, 63, 64, 65, 300}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      for (const double damping : {0.0, 0.5, 0.85}) {
        SCOPED_TRACE(testing::Message() << "people=" << people << " seed=" << seed);
        const auto graph = random_listen_graph(people, 3 * people, seed);
        const auto ranked = pagerank(graph, {.damping = damping, .tolerance = 1e-12}, Stop());
        ASSERT_TRUE(ranked.ok()) << ranked.status();
        EXPECT_THAT(ranked->scores,
                    Pointwise(DoubleNear(1e-9), pagerank_reference(graph, damping)));
      }
    }
  }
}

// Every third person, and the last.
std::vector<std::uint64_t> some_of(std::size_t people) {
  std::vector<std::uint64_t> mask(mask_words(people));
  for (std::size_t v = 0; v != people; ++v) {
    if (v % 3 == 1 || v + 1 == people) mask[v / 64] |= std::uint64_t{1} << (v % 64);
  }
  return mask;
}

TEST(Pagerank, AgreesWithDenseSolveFromSomePeople) {
  for (const std::size_t people : {1, 2, 3, 63, 64, 65, 300}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      for (const std::size_t events : {people / 2, 3 * people, 20 * people}) {
        SCOPED_TRACE(testing::Message()
                     << "people=" << people << " seed=" << seed << " events=" << events);
        const auto graph = random_listen_graph(people, events, seed);
        const auto some = some_of(graph.vertices());
        const auto ranked = pagerank(graph, {.tolerance = 1e-12, .restart = some}, Stop());
        ASSERT_TRUE(ranked.ok()) << ranked.status();
        EXPECT_THAT(ranked->scores,
                    Pointwise(DoubleNear(1e-10), pagerank_reference(graph, 0.85, some)));
      }
    }
  }
}

TEST(Pagerank, GivesNothingToThoseWhomNoAttentionReaches) {
  // 2 and 3 listen to 1, and 5 to 4; only 2 and 3 have attention to give.
  const auto graph = graph_of({{CustomerId(1), CustomerId(2)},
                               {CustomerId(1), CustomerId(3)},
                               {CustomerId(4), CustomerId(5)}});
  const std::vector<std::uint64_t> some{0b00110};
  const auto scores = pagerank(graph, {.restart = some}, Stop()).value().scores;
  EXPECT_EQ(scores[3], 0.0);
  EXPECT_EQ(scores[4], 0.0);
  EXPECT_NEAR(scores[1], scores[2], 1e-12);
  EXPECT_NEAR(scores[0], 0.85 / 1.85, 1e-9);  // x1 = 0.85 (x2 + x3), and they sum to 1.
}

// The L1 distance from what much finer sweeps give.
double error_of(const ListenGraph& graph, const PagerankOptions& options) {
  const auto fine = pagerank(graph,
                             {.damping = options.damping,
                              .tolerance = 1e-13,
                              .sweeps_max = 100'000,
                              .restart = options.restart},
                             Stop())
                        .value()
                        .scores;
  const auto ranked = pagerank(graph, options, Stop()).value();
  EXPECT_LT(ranked.change, options.tolerance);
  double error = 0.0;
  for (std::size_t v = 0; v != fine.size(); ++v) error += std::abs(fine[v] - ranked.scores[v]);
  return error;
}

std::vector<SocialTie> circle_and_path(std::uint32_t people) {
  std::vector<SocialTie> ties;
  for (std::uint32_t i = 0; i != people; ++i) {
    ties.push_back({CustomerId(i), CustomerId((i + 1) % people)});
    ties.push_back({CustomerId(people + i), CustomerId(people + i + 1)});
    ties.push_back({CustomerId(i), CustomerId(people + i), 0, 0.001F});
  }
  return ties;
}

TEST(Pagerank, KeepsItsErrorOnGraphsOfAllKinds) {
  const std::vector<ListenGraph> graphs{
      random_listen_graph(3000, 5000, 1), random_listen_graph(3000, 100'000, 2),
      random_listen_graph(20'000, 80'000, 3), graph_of(circle_and_path(200))};
  for (const ListenGraph& graph : graphs) {
    const auto some = some_of(graph.vertices());
    for (const double damping : {0.5, 0.85, 0.99}) {
      for (const double tolerance : {1e-2, 1e-4, 1e-7}) {
        for (const bool personal : {false, true}) {
          SCOPED_TRACE(testing::Message() << "people=" << graph.vertices() << " damping=" << damping
                                          << " tolerance=" << tolerance);
          EXPECT_LE(error_of(graph, {.damping = damping,
                                     .tolerance = tolerance,
                                     .sweeps_max = 10'000,
                                     .restart = personal ? some : VertexMask()}),
                    damping / (1.0 - damping) * tolerance + 1e-10);
        }
      }
    }
  }
}

TEST(Pagerank, SumsToOneWithManyHubsAndSinks) {
  const auto graph = random_listen_graph(50'000, 120'000, 4);
  const auto ranked = pagerank(graph, {}, Stop()).value();
  EXPECT_NEAR(std::accumulate(ranked.scores.begin(), ranked.scores.end(), 0.0), 1.0, 1e-9);
  EXPECT_LT(ranked.change, 1e-10);
  EXPECT_GT(ranked.sweeps, 1U);
  for (const double score : ranked.scores) ASSERT_GT(score, 0.0);
}

TEST(Pagerank, SameBitsForAnyNumberOfThreads) {
  const auto graph = random_listen_graph(50'000, 120'000, 1);
  const auto scores = [&] { return pagerank(graph, {}, Stop()).value().scores; };
  EXPECT_EQ(with_threads(1, scores), with_threads(2, scores));
  EXPECT_EQ(with_threads(1, scores), with_threads(8, scores));
  const auto dense = random_listen_graph(60'000, 1'000'000, 2);
  const auto some = some_of(dense.vertices());
  for (const VertexMask& restart : {VertexMask(), VertexMask(some)}) {
    const auto of_dense = [&] {
      return pagerank(dense, {.restart = restart}, Stop()).value().scores;
    };
    EXPECT_EQ(with_threads(1, of_dense), with_threads(2, of_dense));
    EXPECT_EQ(with_threads(1, of_dense), with_threads(8, of_dense));
  }
}

TEST(Pagerank, RefusesOptionsOutsideTheirRange) {
  const auto graph = random_listen_graph(10, 20, 1);
  const auto code = [&](const PagerankOptions& options) {
    return pagerank(graph, options, Stop()).status().code();
  };
  EXPECT_EQ(code({.damping = 1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.damping = -0.1}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.tolerance = 0.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.sweeps_max = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.tolerance = 1e-12, .sweeps_max = 2}), absl::StatusCode::kResourceExhausted);
  const std::vector<std::uint64_t> nobody(1);
  EXPECT_EQ(code({.restart = nobody}), absl::StatusCode::kInvalidArgument);
  const std::vector<std::uint64_t> too_long(2, 1);
  EXPECT_EQ(code({.restart = too_long}), absl::StatusCode::kInvalidArgument);
}

TEST(Pagerank, Stops) {
  Stop stop;
  stop.request();
  const auto graph = random_listen_graph(10, 20, 1);
  EXPECT_EQ(pagerank(graph, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

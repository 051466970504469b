#include "kernels/influence/pagerank.hpp"

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
}

TEST(Pagerank, Stops) {
  Stop stop;
  stop.request();
  const auto graph = random_listen_graph(10, 20, 1);
  EXPECT_EQ(pagerank(graph, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

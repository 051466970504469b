#include "kernels/influence/repair_pagerank.hpp"

#include <limits>

#include <gmock/gmock.h>

#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

EarlierScores earlier_of(const ListenGraph& graph, const PagerankResult& ranked) {
  return {graph.people, ranked.scores};
}

TEST(RepairPagerank, AgreesWithAFreshRun) {
  for (const std::size_t people : {2, 3, 64, 65, 2000}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      SCOPED_TRACE(testing::Message() << "people=" << people << " seed=" << seed);
      auto ties = random_ties(people, 5 * people, seed);
      const auto before = graph_of(ties);
      const auto ranked = pagerank(before, {}, Stop()).value();
      // Some ties go, and some come, of new people too.
      ties.erase(ties.begin(), ties.begin() + static_cast<std::ptrdiff_t>(people / 10));
      for (const SocialTie& tie : random_ties(people + people / 10 + 1, 5, seed + 100)) {
        ties.push_back(tie);
      }
      const auto after = graph_of(ties);
      const auto repaired = repair_pagerank(after, earlier_of(before, ranked), {}, Stop());
      ASSERT_TRUE(repaired.ok()) << repaired.status();
      const auto fresh = pagerank(after, {}, Stop()).value();
      EXPECT_TRUE(repaired->repaired);
      EXPECT_FALSE(fresh.repaired);
      EXPECT_LT(repaired->change, 1e-10);
      EXPECT_THAT(repaired->scores, Pointwise(DoubleNear(1e-9), fresh.scores));
    }
  }
}

TEST(RepairPagerank, NeedsFewSweepsWhereLittleChanged) {
  auto ties = random_ties(20'000, 200'000, 1);
  const auto before = graph_of(ties);
  const auto ranked = pagerank(before, {}, Stop()).value();
  const auto same = repair_pagerank(before, earlier_of(before, ranked), {}, Stop()).value();
  EXPECT_EQ(same.sweeps, 1U);
  for (const SocialTie& tie : random_ties(20'000, 10, 2)) ties.push_back(tie);
  const auto after = graph_of(ties);
  const auto repaired = repair_pagerank(after, earlier_of(before, ranked), {}, Stop()).value();
  EXPECT_LT(repaired.sweeps, pagerank(after, {}, Stop()).value().sweeps);
}

TEST(RepairPagerank, BeginsAfreshFromScoresThatSayNothing) {
  const auto graph = random_listen_graph(100, 300, 1);
  const auto fresh = pagerank(graph, {}, Stop()).value();
  const std::vector<CustomerId> strangers{CustomerId(1), CustomerId(2)};  // Ids here are 3, 10, ...
  for (const double score : {0.5, 0.0}) {
    const std::vector<double> scores(2, score);
    const auto repaired = repair_pagerank(graph, {strangers, scores}, {}, Stop()).value();
    EXPECT_FALSE(repaired.repaired);
    EXPECT_EQ(repaired.scores, fresh.scores);
  }
  EXPECT_EQ(repair_pagerank(graph, {}, {}, Stop()).value().scores, fresh.scores);
  // Scores of any size are shares of their sum.
  const std::vector<double> huge(graph.vertices(), 1e300);
  EXPECT_THAT(repair_pagerank(graph, {graph.people, huge}, {}, Stop()).value().scores,
              Pointwise(DoubleNear(1e-9), fresh.scores));
}

TEST(RepairPagerank, AnswersForNobody) {
  const auto nobody = graph_of(std::span<const SocialTie>());
  EXPECT_TRUE(repair_pagerank(nobody, {}, {}, Stop()).value().scores.empty());
}

TEST(RepairPagerank, RefusesWhatAreNoScores) {
  const auto graph = random_listen_graph(10, 20, 1);
  const std::vector<CustomerId> people{CustomerId(3), CustomerId(10)};
  const std::vector<CustomerId> turned{CustomerId(10), CustomerId(3)};
  const std::vector<CustomerId> twice{CustomerId(3), CustomerId(3)};
  const auto code = [&](std::span<const CustomerId> whose, const std::vector<double>& scores) {
    return repair_pagerank(graph, {whose, scores}, {}, Stop()).status().code();
  };
  EXPECT_EQ(code(people, {0.5, 0.5}), absl::StatusCode::kOk);
  EXPECT_EQ(code(people, {0.5}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(turned, {0.5, 0.5}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(twice, {0.5, 0.5}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(people, {0.5, -0.5}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(people, {0.5, std::numeric_limits<double>::quiet_NaN()}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(repair_pagerank(graph, {}, {.damping = 1.0}, Stop()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(RepairPagerank, SameBitsForAnyNumberOfThreads) {
  const auto before = random_listen_graph(50'000, 500'000, 1);
  const auto after = random_listen_graph(50'000, 500'100, 1);
  const auto ranked = pagerank(before, {}, Stop()).value();
  const auto scores = [&] {
    return repair_pagerank(after, earlier_of(before, ranked), {}, Stop()).value().scores;
  };
  EXPECT_EQ(with_threads(1, scores), with_threads(2, scores));
  EXPECT_EQ(with_threads(1, scores), with_threads(8, scores));
}

TEST(RepairPagerank, Stops) {
  Stop stop;
  stop.request();
  const auto graph = random_listen_graph(10, 20, 1);
  EXPECT_EQ(repair_pagerank(graph, {}, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

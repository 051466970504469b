#include "kernels/influence/learned_probabilities.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

#include "kernels/influence/learned_probabilities_reference.hpp"
#include "tests/kernels/cascades.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

CustomerId id(std::uint32_t number) { return CustomerId(number); }

TEST(ActionLog, KeepsFirstActionsAndNumbersContentsByTime) {
  const std::vector<Action> actions{{1, 900, 50}, {1, 900, 40},           {0, 900, 60}, {1, 7, 41},
                                    {0, 7, 41},   {2, 4'000'000'000, -5}, {0, 3, 41}};
  const ActionLog log = build_action_log(actions, 4).value();
  EXPECT_THAT(log.begins, ElementsAre(-5, 40, 41, 41));  // 4000000000, 900, 3, 7.
  EXPECT_THAT(log.offsets, ElementsAre(0, 3, 5, 6, 6));
  EXPECT_THAT(log.contents, ElementsAre(1, 2, 3, 1, 3, 0));
  EXPECT_THAT(log.times, ElementsAre(60, 41, 41, 40, 41, -5));
}

TEST(ActionLog, OfNothingAndOfNobody) {
  EXPECT_EQ(build_action_log({}, 0).value().actions(), 0U);
  EXPECT_THAT(build_action_log({}, 2).value().offsets, ElementsAre(0, 0, 0));
  const Action stranger{2, 0, 0};
  EXPECT_EQ(build_action_log(std::span(&stranger, 1), 2).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(LearnedProbabilities, AgreeWithTheFormulas) {
  for (const std::size_t people : {2, 3, 12, 63, 64, 65}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      for (const std::size_t rounds : {1, 2, 20}) {
        SCOPED_TRACE(testing::Message()
                     << "people=" << people << " seed=" << seed << " rounds=" << rounds);
        const ListenGraph graph = random_listen_graph(people, 4 * people, seed);
        const auto actions = random_actions(graph.vertices(), 30 * people, seed);
        const LearnOptions options{.prior_trials = 3.0, .prior_delays = 2.0, .rounds = rounds};
        const auto learned = learn_probabilities(graph, actions, options, Stop());
        const auto first = first_actions_reference(actions);
        const auto expected = learn_probabilities_reference(graph, first, options);
        if (expected.actions_exposed == 0) {
          EXPECT_EQ(learned.status().code(), absl::StatusCode::kFailedPrecondition);
          continue;
        }
        ASSERT_TRUE(learned.ok()) << learned.status();
        EXPECT_EQ(learned->contents, expected.contents);
        EXPECT_EQ(learned->actions, expected.actions);
        EXPECT_EQ(learned->actions_exposed, expected.actions_exposed);
        EXPECT_EQ(learned->trials, expected.trials);
        EXPECT_EQ(learned->edges_tried, expected.edges_tried);
        EXPECT_EQ(learned->edges_succeeded, expected.edges_succeeded);
        EXPECT_NEAR(learned->global_probability, expected.global_probability, 1e-6);
        EXPECT_DOUBLE_EQ(learned->global_delay_ms, expected.global_delay_ms);
        EXPECT_THAT(learned->probabilities.from_influencers,
                    Pointwise(FloatNear(1e-4F), expected.probabilities.from_influencers));
        for (std::size_t u = 0; u != graph.vertices(); ++u) {
          EXPECT_NEAR(learned->delay_ms[u], expected.delay_ms[u], 1e-3 * expected.delay_ms[u]);
        }
        EXPECT_THAT(learned->influenceability,
                    Pointwise(FloatNear(1e-6F), expected.influenceability));
      }
    }
  }
}

TEST(LearnedProbabilities, StandInBothOrders) {
  const ListenGraph graph = random_listen_graph(200, 900, 3);
  const auto actions = random_actions(graph.vertices(), 3000, 3);
  const auto learned = learn_probabilities(graph, actions, {}, Stop()).value();
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    for (std::size_t i = 0; i != graph.listeners.degree(v); ++i) {
      const Vertex u = graph.listeners.of(v)[i];
      const auto influencers = graph.influencers.of(u);
      const auto place =
          static_cast<std::size_t>(std::ranges::lower_bound(influencers, v) - influencers.begin());
      EXPECT_EQ(learned.probabilities.to_listeners[graph.listeners.offsets[v] + i],
                learned.probabilities.from_influencers[graph.influencers.offsets[u] + place]);
    }
  }
}

// One edge, tried four times and followed once; the other direction is tried once, after it.
TEST(LearnedProbabilities, OfOneEdgeByHand) {
  const ListenGraph graph = graph_of({{id(0), id(1)}});
  const std::vector<Action> actions{{0, 1, 100}, {0, 2, 100}, {0, 3, 100}, {0, 4, 100}, {1, 4, 130},
                                    {0, 5, 100}, {1, 5, 100}, {0, 6, 100}, {1, 6, 99}};
  const auto learned =
      learn_probabilities(graph, actions, {.prior_trials = 4.0, .prior_delays = 1.0}, Stop())
          .value();
  EXPECT_EQ(learned.trials, 4U);  // Not 5, at the same time, nor 6.
  EXPECT_EQ(learned.actions_exposed, 1U);
  EXPECT_NEAR(learned.global_probability, 0.25, 1e-9);
  EXPECT_THAT(learned.probabilities.to_listeners, ElementsAre(FloatNear(0.25F, 1e-7F)));
  EXPECT_EQ(learned.delay_ms[1], 30.0);
  EXPECT_THAT(learned.influenceability, ElementsAre(0.0F, FloatNear(1.0F / 3.0F, 1e-6F)));
}

TEST(LearnedProbabilities, AreTheGlobalOneWhereNothingWasTried) {
  const ListenGraph graph = graph_of({{id(0), id(1)}, {id(2), id(3)}});
  const std::vector<Action> actions{{0, 1, 100}, {1, 1, 101}, {0, 2, 100}, {0, 3, 100}};
  const auto learned = learn_probabilities(graph, actions, {}, Stop()).value();
  EXPECT_EQ(learned.edges_tried, 1U);
  EXPECT_THAT(learned.probabilities.from_influencers,
              Each(FloatNear(static_cast<float>(1.0 / 3.0), 1e-6F)));
}

// Everything succeeded, and time is as wide as it gets: still probabilities.
TEST(LearnedProbabilities, StayBelowOneAndFiniteForExtremeTimes) {
  constexpr TimeMs kFirst = std::numeric_limits<TimeMs>::min();
  constexpr TimeMs kLast = std::numeric_limits<TimeMs>::max();
  const ListenGraph graph = graph_of({{id(0), id(2)}, {id(1), id(2)}});
  const std::vector<Action> actions{{0, 1, kFirst}, {1, 1, kFirst}, {2, 1, kLast},
                                    {0, 2, 0},      {1, 2, 1},      {2, 2, 2}};
  const auto learned = learn_probabilities(graph, actions, {.prior_trials = 1e-9}, Stop()).value();
  for (const float p : learned.probabilities.to_listeners) {
    EXPECT_GT(p, 0.0F);
    EXPECT_LT(p, 1.0F);
  }
  for (const double delay : learned.delay_ms) EXPECT_TRUE(std::isfinite(delay) && delay > 0.0);
}

// The error of a share from t trials falls as 1 / sqrt(t): ten times the cascades, a third of it.
TEST(LearnedProbabilities, AreRecoveredTheBetterTheMoreCascades) {
  const ListenGraph graph = random_listen_graph(60, 240, 8);
  std::mt19937_64 draw(8);
  std::vector<float> known(graph.edges());
  for (float& p : known) p = 0.05F + 0.4F * static_cast<float>(draw() % 1001) / 1000.0F;
  std::vector<double> delay_ms(graph.vertices());
  for (double& delay : delay_ms) delay = 1e5 * std::exp(static_cast<double>(draw() % 400) / 100.0);
  double before = 1.0;
  double error = 0.0;
  for (const std::uint32_t contents : {600U, 6000U, 60'000U}) {
    const auto actions = draw_cascades(graph, known, delay_ms, contents, contents);
    const auto learned = learn_probabilities(graph, actions, {.rounds = 200}, Stop()).value();
    double squares = 0.0;
    for (std::size_t edge = 0; edge != known.size(); ++edge) {
      squares += std::pow(learned.probabilities.to_listeners[edge] - known[edge], 2.0);
    }
    error = std::sqrt(squares / static_cast<double>(known.size()));
    RecordProperty("error_" + std::to_string(contents), std::to_string(error));
    EXPECT_LT(error, before / 2.4) << contents;
    before = error;
    if (contents != 60'000U) continue;
    double delay_squares = 0.0;
    double listeners = 0.0;
    for (std::size_t u = 0; u != graph.vertices(); ++u) {
      if (graph.influencers.degree(static_cast<Vertex>(u)) == 0) continue;
      delay_squares += std::pow(learned.delay_ms[u] / delay_ms[u] - 1.0, 2.0);
      listeners += 1.0;
    }
    EXPECT_LT(std::sqrt(delay_squares / listeners), 0.03);
    RecordProperty("delay_error", std::to_string(std::sqrt(delay_squares / listeners)));
  }
  EXPECT_LT(error, 0.01);
}

// Partial credits alone do not recover: where several act before, the likelier gets too little.
TEST(LearnedProbabilities, ComeCloserWithMoreRounds) {
  const ListenGraph graph = random_listen_graph(60, 240, 8);
  std::mt19937_64 draw(8);
  std::vector<float> known(graph.edges());
  for (float& p : known) p = draw() % 2 == 0 ? 0.05F : 0.6F;
  const std::vector<double> delay_ms(graph.vertices(), 1e5);
  const auto actions = draw_cascades(graph, known, delay_ms, 20'000, 1);
  const auto error = [&](std::size_t rounds) {
    const auto learned = learn_probabilities(graph, actions, {.rounds = rounds}, Stop()).value();
    double sum = 0.0;
    for (std::size_t edge = 0; edge != known.size(); ++edge) {
      sum += std::abs(learned.probabilities.to_listeners[edge] - known[edge]);
    }
    return sum / static_cast<double>(known.size());
  };
  EXPECT_LT(error(20), 0.5 * error(1));
}

TEST(LearnedProbabilities, SameBitsForAnyNumberOfThreadsAndOrderOfActions) {
  const ListenGraph graph = random_listen_graph(5000, 20'000, 1);
  auto actions = random_actions(graph.vertices(), 50'000, 1);
  const auto answer = [&] {
    const auto learned = learn_probabilities(graph, actions, {}, Stop()).value();
    return std::tuple(learned.probabilities.to_listeners, learned.delay_ms,
                      learned.influenceability, learned.global_probability,
                      learned.global_delay_ms);
  };
  const auto one = with_threads(1, answer);
  EXPECT_EQ(one, with_threads(2, answer));
  EXPECT_EQ(one, with_threads(8, answer));
  std::ranges::shuffle(actions, std::mt19937_64(1));
  EXPECT_EQ(one, answer());
}

TEST(LearnedProbabilities, RefuseWhatTheyCannotLearnFrom) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const auto actions = random_actions(graph.vertices(), 100, 1);
  const auto code = [&](std::span<const Action> from, const LearnOptions& options) {
    return learn_probabilities(graph, from, options, Stop()).status().code();
  };
  EXPECT_EQ(code(actions, {}), absl::StatusCode::kOk);
  EXPECT_EQ(code({}, {}), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(std::span(actions).first(1), {}), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(actions, {.prior_trials = 0.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(actions, {.prior_delays = -1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(actions, {.rounds = 0}), absl::StatusCode::kInvalidArgument);
  const Action stranger{10, 1, 1};
  EXPECT_EQ(code(std::span(&stranger, 1), {}), absl::StatusCode::kInvalidArgument);
}

TEST(LearnedProbabilities, StopWhenAsked) {
  Stop stop;
  stop.request();
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const auto actions = random_actions(graph.vertices(), 100, 1);
  EXPECT_EQ(learn_probabilities(graph, actions, {}, stop).status().code(),
            absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

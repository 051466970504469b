#include "kernels/influence/learned_fit.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "kernels/influence/learned_probabilities_reference.hpp"
#include "kernels/propagation/probability.hpp"
#include "tests/kernels/cascades.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

// The definition: all pairs of someone who acted and someone who did not.
double area_by_pairs(std::span<const Prediction> predictions) {
  double won = 0.0;
  double pairs = 0.0;
  for (const Prediction& a : predictions) {
    for (const Prediction& b : predictions) {
      if (!a.acted || b.acted) continue;
      pairs += 1.0;
      won += a.probability > b.probability ? 1.0 : a.probability == b.probability ? 0.5 : 0.0;
    }
  }
  return pairs == 0.0 ? 0.5 : won / pairs;
}

TEST(PredictionFit, AreaAndLossAgreeWithTheirDefinitions) {
  std::mt19937_64 draw(1);
  for (const std::size_t count : {0, 1, 2, 3, 10, 63, 64, 65, 700}) {
    for (const std::uint64_t different : {1, 2, 5, 1000}) {
      SCOPED_TRACE(testing::Message() << "count=" << count << " different=" << different);
      std::vector<Prediction> predictions;
      double loss = 0.0;
      for (std::size_t i = 0; i != count; ++i) {
        const float p = static_cast<float>(draw() % different) / static_cast<float>(different);
        const bool acted = draw() % 3 == 0;
        predictions.push_back({p, acted});
        const double kept = std::clamp(static_cast<double>(p), 0x1p-24, 1.0 - 0x1p-24);
        loss -= std::log(acted ? kept : 1.0 - kept);
      }
      const PredictionFit fit = fit_of(predictions);
      EXPECT_NEAR(fit.area_under_curve, area_by_pairs(predictions), 1e-12);
      EXPECT_NEAR(fit.log_loss, count == 0 ? 0.0 : loss / static_cast<double>(count), 1e-9);
      std::size_t binned = 0;
      double acted = 0.0;
      double predicted_before = -1.0;
      for (const CalibrationBin& bin : fit.calibration) {
        binned += bin.count;
        acted += bin.observed_share * static_cast<double>(bin.count);
        if (bin.count == 0) continue;
        EXPECT_GT(bin.predicted_mean, predicted_before);
        predicted_before = bin.predicted_mean;
      }
      EXPECT_EQ(binned, count);
      EXPECT_NEAR(acted,
                  static_cast<double>(std::ranges::count(predictions, true, &Prediction::acted)),
                  1e-9);
    }
  }
}

TEST(PredictionFit, OfCertaintyIsFinite) {
  const std::vector<Prediction> wrong{{0.0F, true}, {1.0F, false}};
  const PredictionFit fit = fit_of(wrong);
  EXPECT_EQ(fit.area_under_curve, 0.0);
  EXPECT_NEAR(fit.log_loss, 24.0 * std::log(2.0), 1e-6);
  EXPECT_EQ(fit_of(std::vector<Prediction>{{0.3F, true}}).area_under_curve, 0.5);
}

TEST(PredictionFit, BinsAreTenthsAndEqualPredictionsStayTogether) {
  std::vector<Prediction> predictions;
  for (int i = 0; i != 100; ++i) {
    predictions.push_back({static_cast<float>(i < 35 ? 0 : i) / 100.0F, i % 2 == 0});
  }
  const auto bins = fit_of(predictions).calibration;
  EXPECT_EQ(bins[0].count, 35U);
  EXPECT_EQ(bins[1].count, 0U);
  EXPECT_EQ(bins[3].count, 5U);
  EXPECT_EQ(bins[4].count, 10U);
  EXPECT_NEAR(bins[9].predicted_mean, 0.945, 1e-6);
  EXPECT_NEAR(bins[9].observed_share, 0.5, 1e-12);
}

struct World {
  ListenGraph graph;
  std::vector<float> known;
  std::vector<Action> actions;
};

World draw_world(std::uint32_t contents) {
  World world{random_listen_graph(60, 240, 8), {}, {}};
  std::mt19937_64 draw(8);
  for (std::size_t edge = 0; edge != world.graph.edges(); ++edge) {
    world.known.push_back(draw() % 3 == 0 ? 0.4F : 0.02F);
  }
  const std::vector<double> delay_ms(world.graph.vertices(), 1e5);
  world.actions = draw_cascades(world.graph, world.known, delay_ms, contents, 3);
  return world;
}

void expect_same_fit(const PredictionFit& fit, const PredictionFit& expected) {
  EXPECT_NEAR(fit.area_under_curve, expected.area_under_curve, 1e-6);
  EXPECT_NEAR(fit.log_loss, expected.log_loss, 1e-6);
}

TEST(LearnedFit, AgreesWithPredictingEachPersonAndContent) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const ListenGraph graph = random_listen_graph(40, 160, seed);
    const auto actions = random_actions(graph.vertices(), 300, seed);
    const auto fit =
        fit_learned(graph, actions, {.learn = {}, .held_out_share = 0.25}, Stop()).value();
    EXPECT_EQ(fit.contents_trained, 15U);  // Of 20.
    EXPECT_EQ(fit.contents_held_out, 5U);
    EXPECT_EQ(fit.held_out_from, held_out_from(actions, 0.25).value());

    // Contents by the time of their first action, and then by number.
    std::map<std::uint32_t, TimeMs> begins;
    for (const auto& [key, time] : first_actions_reference(actions)) {
      const auto at = begins.try_emplace(key.first, time).first;
      at->second = std::min(at->second, time);
    }
    std::vector<std::pair<TimeMs, std::uint32_t>> order;
    for (const auto& [content, time] : begins) order.emplace_back(time, content);
    std::ranges::sort(order);
    std::vector<Action> before;
    std::vector<Action> after;
    for (const Action& action : actions) {
      const bool late = std::pair(begins[action.content], action.content) >= order[15];
      (late ? after : before).push_back(action);
    }
    const auto learned = learn_probabilities(graph, before, {}, Stop()).value();
    const auto first = first_actions_reference(after);
    const auto predictions =
        predictions_reference(graph, first, learned.probabilities.from_influencers);
    EXPECT_EQ(fit.predictions, predictions.size());
    EXPECT_EQ(fit.acted,
              static_cast<std::size_t>(std::ranges::count(predictions, true, &Prediction::acted)));
    EXPECT_EQ(fit.constant_p, learned.global_probability);
    expect_same_fit(fit.learned, fit_of(predictions));
    const auto cascade = pass_probabilities(graph, WeightedCascade()).value();
    expect_same_fit(fit.weighted_cascade,
                    fit_of(predictions_reference(graph, first, cascade.from_influencers)));
    const auto constant = pass_probabilities(graph, ConstantProbability{fit.constant_p}).value();
    expect_same_fit(fit.constant,
                    fit_of(predictions_reference(graph, first, constant.from_influencers)));
  }
}

TEST(LearnedFit, LearnedProbabilitiesForeseeTheirOwnModel) {
  const World world = draw_world(20'000);
  const auto fit = fit_learned(world.graph, world.actions, {}, Stop()).value();
  EXPECT_EQ(fit.contents_held_out, 2000U);
  EXPECT_GT(fit.learned.area_under_curve, fit.weighted_cascade.area_under_curve + 0.05);
  EXPECT_GT(fit.learned.area_under_curve, fit.constant.area_under_curve + 0.05);
  EXPECT_LT(fit.learned.log_loss, fit.weighted_cascade.log_loss);
  EXPECT_LT(fit.learned.log_loss, fit.constant.log_loss);
  for (const CalibrationBin& bin : fit.learned.calibration) {
    if (bin.count == 0) continue;
    const double variance = bin.predicted_mean * (1.0 - bin.predicted_mean);
    const double error = std::sqrt(variance / static_cast<double>(bin.count));
    EXPECT_NEAR(bin.observed_share, bin.predicted_mean, 4.0 * error + 0.01);
  }
}

TEST(LearnedFit, SameBitsForAnyNumberOfThreads) {
  const World world = draw_world(3000);
  const auto answer = [&] {
    const auto fit = fit_learned(world.graph, world.actions, {}, Stop()).value();
    std::vector<double> all;
    for (const PredictionFit& one : {fit.learned, fit.weighted_cascade, fit.constant}) {
      all.insert(all.end(), {one.area_under_curve, one.log_loss});
      for (const auto& bin : one.calibration) {
        all.insert(all.end(), {bin.predicted_mean, bin.observed_share});
      }
    }
    return all;
  };
  EXPECT_EQ(with_threads(1, answer), with_threads(2, answer));
  EXPECT_EQ(with_threads(1, answer), with_threads(8, answer));
}

TEST(LearnedFit, RefusesWhatItCannotJudge) {
  const World world = draw_world(100);
  const auto code = [&](std::span<const Action> actions, const FitOptions& options) {
    return fit_learned(world.graph, actions, options, Stop()).status().code();
  };
  EXPECT_EQ(code(world.actions, {.learn = {}, .held_out_share = 0.0}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(world.actions, {.learn = {}, .held_out_share = 1.0}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(world.actions, {.learn = {.rounds = 0}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(world.actions, {.learn = {}, .predictions_max = 3}),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code(std::span(world.actions).first(1), {}), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(held_out_from({}, 0.1).status().code(), absl::StatusCode::kFailedPrecondition);
  Stop stop;
  stop.request();
  EXPECT_EQ(fit_learned(world.graph, world.actions, {}, stop).status().code(),
            absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine

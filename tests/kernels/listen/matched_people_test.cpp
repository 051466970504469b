#include "kernels/listen/matched_people.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/listen/lent_lags.hpp"
#include "kernels/listen/matched_people_reference.hpp"

namespace grapevine {
namespace {

void expect_same(const std::optional<Effect>& effect, const std::optional<Effect>& expected) {
  ASSERT_EQ(effect.has_value(), expected.has_value());
  if (!effect) return;
  EXPECT_NEAR(effect->treated_mean, expected->treated_mean, 1e-9);
  EXPECT_NEAR(effect->control_mean, expected->control_mean, 1e-9);
  ASSERT_EQ(effect->standard_error.has_value(), expected->standard_error.has_value());
  if (!effect->standard_error) return;
  EXPECT_NEAR(*effect->standard_error, *expected->standard_error, 1e-9);
  EXPECT_NEAR(*effect->lower, *expected->lower, 1e-9);
  EXPECT_NEAR(*effect->upper, *expected->upper, 1e-9);
}

TEST(MatchedPeople, AgreeWithEachTreatedHeldAgainstTheirLikes) {
  std::mt19937_64 random(1);
  for (const std::size_t people : {0, 1, 2, 3, 10, 64, 65, 400}) {
    for (const std::uint64_t strata : {1, 4, 100}) {
      for (const std::uint64_t treated_of_8 : {0, 1, 4, 8}) {
        SCOPED_TRACE(testing::Message() << people << " people, " << strata << " strata, "
                                        << treated_of_8 << "/8 treated");
        std::vector<std::uint64_t> keys;
        std::vector<Arm> arms;
        std::vector<double> outcome;
        for (std::size_t i = 0; i < people; ++i) {
          keys.push_back(random() % strata * 1'000'003);
          const bool is_treated = random() % 8 < treated_of_8;
          arms.push_back(random() % 9 == 0 ? Arm::None : is_treated ? Arm::Treated : Arm::Control);
          outcome.push_back(static_cast<double>(random() % 6));
        }
        expect_same(effect_on_treated(match_exactly(keys, arms), outcome),
                    effect_on_treated_reference(keys, arms, outcome));
      }
    }
  }
}

TEST(MatchedPeople, EqualAComparisonByHand) {
  // Stratum 1: treated 3 and 5, control 2. Stratum 2: treated 10, controls 6 and 8. The last has no
  // control.
  const std::vector<std::uint64_t> keys{1, 1, 1, 2, 2, 2, 3};
  using enum Arm;
  const std::vector<Arm> arms{Treated, Treated, Control, Treated, Control, Control, Treated};
  const std::vector<double> outcome{3, 5, 2, 10, 6, 8, 1000};
  const MatchedPeople people = match_exactly(keys, arms);
  EXPECT_EQ(people.matched_strata, 2U);
  EXPECT_EQ(people.treated, 3U);
  EXPECT_EQ(people.controls, 3U);
  EXPECT_EQ(people.weights, (std::vector<double>{1, 1, 2, 1, 0.5, 0.5, 0}));
  const Effect effect = *effect_on_treated(people, outcome);
  EXPECT_DOUBLE_EQ(effect.treated_mean, 6.0);
  EXPECT_DOUBLE_EQ(effect.control_mean, (2.0 * 2.0 + 7.0) / 3.0);
  // Alone are the control of the first stratum and the treated of the second: variances of {2, 6,
  // 8} and of {3, 5, 10}, 28/3 and 13.
  const double variance = 4.0 / 9.0 * (2.0 / 2.0 + 28.0 / 3.0) + 1.0 / 9.0 * (13.0 + 2.0 / 2.0);
  EXPECT_DOUBLE_EQ(*effect.standard_error, std::sqrt(variance));
  const Balance balance = balance_of(people, outcome);
  EXPECT_DOUBLE_EQ(balance.treated_before, 1018.0 / 4.0);
  EXPECT_DOUBLE_EQ(balance.treated_after, 6.0);
  EXPECT_DOUBLE_EQ(balance.controls_after, 11.0 / 3.0);
}

TEST(MatchedPeople, AnswerNothingWhereNobodyIsMatched) {
  EXPECT_FALSE(effect_on_treated(match_exactly({}, {}), {}).has_value());
  const std::vector<std::uint64_t> keys{1, 2};
  const std::vector<Arm> arms{Arm::Treated, Arm::Control};
  const std::vector<double> outcome{1, 2};
  const MatchedPeople people = match_exactly(keys, arms);
  EXPECT_FALSE(effect_on_treated(people, outcome).has_value());
  EXPECT_EQ(balance_of(people, outcome).difference_after, std::nullopt);
  const std::vector<std::uint64_t> same{1, 1};
  const Effect pair = *effect_on_treated(match_exactly(same, arms), outcome);
  EXPECT_DOUBLE_EQ(pair.difference(), -1.0);
  EXPECT_EQ(pair.standard_error, std::nullopt);
}

// People who are the more often answered, and the more often praise, the more they did before.
struct World {
  std::vector<std::uint64_t> keys;
  std::vector<Arm> arms;
  std::vector<double> before, praises;

  World(std::uint64_t seed, double effect, std::size_t people = 1500) {
    std::mt19937_64 random(seed);
    const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    for (std::size_t i = 0; i < people; ++i) {
      const double activity = std::floor(-3.0 * std::log(1.0 - uniform()));
      const bool is_treated = uniform() < 0.15 + 0.7 * activity / (activity + 4.0);
      const double mean = 0.2 + 0.25 * activity + (is_treated ? effect : 0.0);
      double praise = 0.0;  // Poisson, by the product of uniform numbers.
      for (double left = uniform(); left > std::exp(-mean); left *= uniform()) praise += 1.0;
      keys.push_back(static_cast<std::uint64_t>(activity));
      arms.push_back(is_treated ? Arm::Treated : Arm::Control);
      before.push_back(activity);
      praises.push_back(praise);
    }
  }
};

TEST(MatchedPeople, FindAKnownEffectThatTheNaiveComparisonMisses) {
  for (const double truth : {0.0, 0.5}) {
    int covered = 0, covered_naively = 0;
    constexpr int kWorlds = 300;
    for (int seed = 1; seed <= kWorlds; ++seed) {
      const World world(static_cast<std::uint64_t>(seed), truth);
      const MatchedPeople people = match_exactly(world.keys, world.arms);
      const Effect matched = *effect_on_treated(people, world.praises);
      covered += *matched.lower <= truth && truth <= *matched.upper ? 1 : 0;
      const std::vector<std::uint64_t> alike(world.keys.size(), 0);
      const Effect naive = *effect_on_treated(match_exactly(alike, world.arms), world.praises);
      covered_naively += *naive.lower <= truth && truth <= *naive.upper ? 1 : 0;
      const Balance balance = balance_of(people, world.before);
      EXPECT_GT(*balance.difference_before, 0.3);
      EXPECT_LT(std::abs(*balance.difference_after), 1e-9);
    }
    RecordProperty("covered", covered);
    // 300 intervals of 95 %: 285 on average, 3.8 the deviation.
    EXPECT_GE(covered, 274) << truth;
    EXPECT_LE(covered_naively, 3) << truth;
  }
}

TEST(LentLags, AreSpreadAsTheLagsOfTheTreated) {
  std::vector<std::uint64_t> keys;
  std::vector<Arm> arms;
  std::vector<TimeMs> lags;
  std::vector<CustomerId> numbers;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    keys.push_back(i < 990 ? i % 2 : 7);  // The last ten: a stratum without controls.
    arms.push_back(i >= 990 || i % 10 < 2 ? Arm::Treated : Arm::Control);
    lags.push_back(arms.back() == Arm::Treated ? static_cast<TimeMs>(i) : -1);
    numbers.push_back(CustomerId(i));
  }
  const MatchedPeople people = match_exactly(keys, arms);
  const std::vector<TimeMs> lent = lend_lags(people, lags, numbers);
  for (const MatchedPeople::Stratum& stratum : people.strata) {
    std::vector<int> lent_by(1000);
    for (const std::uint32_t person : stratum.controls) {
      ASSERT_GE(lent[person], 0);
      EXPECT_EQ(keys[static_cast<std::size_t>(lent[person])], stratum.key);
      ++lent_by[static_cast<std::size_t>(lent[person])];
    }
    if (stratum.controls.empty()) continue;
    for (const std::uint32_t person : stratum.treated) {
      EXPECT_EQ(lent[person], lags[person]);
      EXPECT_EQ(lent_by[person], 4);  // 396 controls, 99 treated.
    }
  }
}

TEST(LentLags, SpreadOverAllLagsWhereControlsAreFew) {
  const std::vector<std::uint64_t> keys(12, 0);
  std::vector<Arm> arms(12, Arm::Treated);
  arms[3] = arms[8] = Arm::Control;
  std::vector<TimeMs> lags{10, 20, 30, 0, 40, 50, 60, 70, 0, 80, 90, 100};
  std::vector<CustomerId> numbers;
  for (std::uint32_t i = 0; i < 12; ++i) numbers.push_back(CustomerId(i));
  const auto lent = lend_lags(match_exactly(keys, arms), lags, numbers);
  const auto [less, more] = std::minmax(lent[3], lent[8]);
  EXPECT_EQ(less, 30);
  EXPECT_EQ(more, 80);
}

}  // namespace
}  // namespace grapevine

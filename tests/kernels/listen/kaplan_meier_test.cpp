#include "kernels/listen/kaplan_meier.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/listen/kaplan_meier_reference.hpp"

namespace grapevine {
namespace {

// Weeks in remission of 21 children under 6-MP. From Freireich et al., Blood 21 (1963) 699-716.
const std::vector<Wait> kLeukaemia{
    {6, true},   {6, true},   {6, true},   {6, false},  {7, true},   {9, false},  {10, true},
    {10, false}, {11, false}, {13, true},  {16, true},  {17, false}, {19, false}, {20, false},
    {22, true},  {23, true},  {25, false}, {32, false}, {32, false}, {34, false}, {35, false}};

WaitPercentile percentile(const KaplanMeier& curve, unsigned percent) {
  const unsigned percents[] = {percent};
  return curve.percentiles(percents).front();
}

TEST(KaplanMeier, EqualsTheLeukaemiaTable) {
  const KaplanMeier curve(kLeukaemia);
  // Kleinbaum & Klein, Survival Analysis (2012), chapter 2; standard errors by Greenwood.
  struct Row {
    TimeMs week;
    std::uint64_t at_risk, ended;
    double share, error;
  };
  const Row kTable[] = {{6, 21, 3, 0.8571, 0.0764},  {7, 17, 1, 0.8067, 0.0869},
                        {10, 15, 1, 0.7529, 0.0963}, {13, 12, 1, 0.6902, 0.1068},
                        {16, 11, 1, 0.6275, 0.1141}, {22, 7, 1, 0.5378, 0.1282},
                        {23, 6, 1, 0.4482, 0.1346}};
  ASSERT_EQ(curve.steps().size(), std::size(kTable));
  for (std::size_t i = 0; i < std::size(kTable); ++i) {
    const KaplanMeier::Step& step = curve.steps()[i];
    EXPECT_EQ(step.length, kTable[i].week);
    EXPECT_EQ(step.at_risk, kTable[i].at_risk);
    EXPECT_EQ(step.ended, kTable[i].ended);
    EXPECT_NEAR(step.share, kTable[i].share, 5e-5);
    EXPECT_NEAR(curve.longer_than(step.length)->standard_error, kTable[i].error, 5e-5);
  }
  EXPECT_EQ(percentile(curve, 50).value, 23);
  EXPECT_EQ(percentile(curve, 25).value, 13);
  EXPECT_EQ(percentile(curve, 75).value, std::nullopt);
}

TEST(KaplanMeier, HasIntervalsOfLogMinusLog) {
  const KaplanMeier curve(kLeukaemia);
  // By hand: log(-log(0.857143)) = -1.869825; its error is 0.0763604 / (0.857143 × 0.154151).
  const Survival at_six = *curve.longer_than(6);
  EXPECT_NEAR(*at_six.lower, 0.619718, 1e-5);
  EXPECT_NEAR(*at_six.upper, 0.951552, 1e-5);
  const WaitPercentile median = percentile(curve, 50);
  EXPECT_EQ(median.lower, 13);
  EXPECT_EQ(median.upper, std::nullopt);
  EXPECT_DOUBLE_EQ(curve.longer_than(5)->share, 1.0);
  EXPECT_EQ(curve.longer_than(5)->lower, std::nullopt);
  EXPECT_TRUE(curve.longer_than(35).has_value());
  EXPECT_FALSE(curve.longer_than(36).has_value());  // Some were still in remission.
}

TEST(KaplanMeier, AgreesWithMassHandedToTheRight) {
  std::mt19937_64 random(1);
  for (const std::size_t waits : {1, 2, 3, 10, 63, 64, 65, 300}) {
    for (const std::uint64_t ended_of_8 : {0, 1, 4, 8}) {
      for (const std::uint64_t lengths : {1, 5, 1000}) {
        SCOPED_TRACE(testing::Message()
                     << waits << " waits, " << ended_of_8 << "/8 ended, " << lengths << " lengths");
        std::vector<Wait> world;
        for (std::size_t i = 0; i < waits; ++i) {
          world.push_back({static_cast<TimeMs>(random() % lengths), random() % 8 < ended_of_8});
        }
        const KaplanMeier curve(world);
        const auto expected = kaplan_meier_reference(world);
        ASSERT_EQ(curve.steps().size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
          EXPECT_EQ(curve.steps()[i].length, expected[i].length);
          EXPECT_EQ(curve.steps()[i].at_risk, expected[i].at_risk);
          EXPECT_EQ(curve.steps()[i].ended, expected[i].ended);
          EXPECT_NEAR(curve.steps()[i].share, expected[i].share, 1e-12);
          if (std::isfinite(expected[i].greenwood)) {
            EXPECT_NEAR(curve.steps()[i].greenwood, expected[i].greenwood,
                        1e-12 * expected[i].greenwood);
          }
        }
      }
    }
  }
}

TEST(KaplanMeier, IsThePlainPercentileWhereAllHaveEnded) {
  std::mt19937_64 random(2);
  for (const std::size_t waits : {1, 2, 3, 4, 10, 20, 40, 100, 1000}) {
    std::vector<Wait> world;
    std::vector<TimeMs> lengths;
    for (std::size_t i = 0; i < waits; ++i) {
      lengths.push_back(static_cast<TimeMs>(random() % 500));
      world.push_back({lengths.back(), true});
    }
    std::ranges::sort(lengths);
    const KaplanMeier curve(world);
    for (const unsigned percent : {5U, 10U, 50U, 75U, 90U, 95U}) {
      const std::size_t rank = (waits * percent + 99) / 100;  // The nearest, from 1.
      EXPECT_EQ(percentile(curve, percent).value, lengths[rank - 1]) << waits << ' ' << percent;
    }
  }
}

TEST(KaplanMeier, FindsTheMedianThatThePlainOneMisses) {
  // Complaints of 30 days, each answered after 10 days on average, as an exponential time: the
  // median is 10 ln 2 = 6.93 days. Who began late is seen for a short time alone.
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    std::vector<Wait> waits;
    std::vector<TimeMs> ended;
    for (int i = 0; i < 500; ++i) {
      const auto answered = static_cast<TimeMs>(-10'000.0 * std::log(1.0 - uniform()));
      const auto seen = static_cast<TimeMs>(30'000.0 * uniform());
      waits.push_back({std::min(answered, seen), answered <= seen});
      if (answered <= seen) ended.push_back(answered);
    }
    std::ranges::sort(ended);
    EXPECT_LT(ended[ended.size() / 2], 6000);
    const WaitPercentile median = percentile(KaplanMeier(waits), 50);
    covered += median.lower <= 6931 && median.upper >= 6931 ? 1 : 0;
  }
  // 200 intervals of 95 %: 190 on average, 3.1 the deviation.
  EXPECT_GE(covered, 181);
  EXPECT_LE(covered, 199);
}

TEST(KaplanMeier, SaysNothingOfNothing) {
  const KaplanMeier nobody({});
  EXPECT_FALSE(nobody.longer_than(0).has_value());
  EXPECT_EQ(percentile(nobody, 50), WaitPercentile{});
  const KaplanMeier all_wait({{5, false}, {9, false}});
  EXPECT_EQ(percentile(all_wait, 50), WaitPercentile{});
  EXPECT_DOUBLE_EQ(all_wait.longer_than(7)->share, 1.0);
  EXPECT_FALSE(all_wait.longer_than(10).has_value());
  const KaplanMeier at_once({{0, true}});
  EXPECT_EQ(percentile(at_once, 50).value, 0);
  EXPECT_DOUBLE_EQ(at_once.longer_than(100)->share, 0.0);
}

}  // namespace
}  // namespace grapevine

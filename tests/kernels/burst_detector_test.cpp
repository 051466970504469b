#include "kernels/listen/burst_detector.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;

// The definition: each bucket in turn, and sums over all before it.
struct Plain {
  std::vector<double> levels, scores;
  std::vector<std::size_t> alarms;

  Plain(const std::vector<std::uint64_t>& counts, std::int64_t bucket_ms) {
    const double length = static_cast<double>(bucket_ms);
    const auto keeps = [&](double half_life, std::size_t buckets) {
      return std::pow(0.5, static_cast<double>(buckets) * length / half_life);
    };
    const double level_half = 40.0 * kMinute, mean_half = 7.0 * kDay;
    const double weight = 1.0 - keeps(level_half, 1);
    const auto in_a_day = static_cast<std::size_t>(std::ceil(kDay / length));
    bool burst = false;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      double level = 0.0;
      for (std::size_t j = 0; j <= i; ++j) {
        level += weight * static_cast<double>(counts[j]) * keeps(level_half, i - j);
      }
      double sum = 0.0, squares = 0.0, weights = 0.0;
      for (std::size_t j = 0; j < i; ++j) {
        const double of_bucket = keeps(mean_half, i - 1 - j);
        weights += of_bucket;
        sum += of_bucket * levels[j];
      }
      const double mean = i == 0 ? 0.0 : sum / weights;
      for (std::size_t j = 0; j < i; ++j) {
        squares += keeps(mean_half, i - 1 - j) * (levels[j] - mean) * (levels[j] - mean);
      }
      const double least = weight / (2.0 - weight) * std::max(mean, 1.0);
      const double variance = i == 0 ? 0.0 : squares / weights;
      const double score = i == 0 ? 0.0 : (level - mean) / std::sqrt(std::max(variance, least));
      if (score <= 0.5) burst = false;
      const bool early = i < in_a_day || (!alarms.empty() && i - alarms.back() <= in_a_day);
      if (score > 3.25 && !burst && !early) {
        alarms.push_back(i);
        burst = true;
      }
      levels.push_back(level);
      scores.push_back(score);
    }
  }
};

// Counts with a daily rhythm, more unequal than Poisson's, and bursts.
std::vector<std::uint64_t> random_counts(std::size_t buckets, double mean, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<std::uint64_t> counts(buckets);
  std::gamma_distribution<double> rate(2.0, mean / 2.0);
  double burst = 0.0;
  for (std::size_t i = 0; i < buckets; ++i) {
    if (draw() % 300 == 0) burst = 20.0 * mean + 5.0;
    const double day = 1.0 + 0.8 * std::sin(static_cast<double>(i) * 6.28318 / 288.0);
    std::poisson_distribution<std::uint64_t> count(rate(draw) * day + burst);
    counts[i] = count(draw);
    burst *= 0.9;
  }
  return counts;
}

TEST(BurstDetector, AgreesWithSumsOverAllBuckets) {
  for (const std::int64_t bucket_ms : {5 * kMinute, 17 * kMinute, kHour, kDay}) {
    for (const double mean : {0.02, 1.0, 50.0}) {
      SCOPED_TRACE(testing::Message() << "bucket=" << bucket_ms << " mean=" << mean);
      const std::vector<std::uint64_t> counts = random_counts(1500, mean, 7);
      const Plain plain(counts, bucket_ms);
      const TimeMs begin = -3 * bucket_ms;  // Before 1970, too.
      const BurstDetector detector(begin, bucket_ms);
      BurstState state;
      std::vector<std::size_t> alarms;
      for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto bucket = static_cast<std::int64_t>(i) - 3;
        bool alarm = false;
        for (std::uint64_t n = 0; n < counts[i]; ++n) alarm |= detector.add(state, bucket, 1);
        if (alarm) alarms.push_back(i);
        const BurstScore score = detector.score(state, bucket);
        if (state.bucket == BurstState::kNever) continue;
        EXPECT_NEAR(score.score, plain.scores[i], 1e-6 * (1.0 + std::abs(plain.scores[i])));
        EXPECT_NEAR(score.level, plain.levels[i], 1e-9 * (1.0 + plain.levels[i]));
      }
      EXPECT_EQ(alarms, plain.alarms);
    }
  }
}

// Many events at once, in a series of which nobody had heard.
TEST(BurstDetector, WhereNothingUsedToHappenNineEventsAreABurst) {
  const BurstDetector detector(0);
  const std::int64_t bucket = detector.bucket_of(30 * kDay);
  for (const std::uint64_t events : {8, 9}) {
    BurstState state;
    bool alarm = false;
    for (std::uint64_t n = 1; n <= events; ++n) {
      alarm = detector.add(state, bucket, 1);
      EXPECT_EQ(alarm, n == 9) << n;  // With the event that makes it, not when the bucket ends.
    }
    EXPECT_EQ(state.burst, events == 9);
    EXPECT_EQ(state.since, bucket);
  }
}

TEST(BurstDetector, SaysNothingBeforeItKnowsADay) {
  const BurstDetector detector(0);
  BurstState state;
  EXPECT_FALSE(detector.add(state, detector.bucket_of(kDay - 1), 1'000'000));
  BurstState later;
  EXPECT_TRUE(detector.add(later, detector.bucket_of(kDay), 1'000'000));
}

TEST(BurstDetector, OneAlarmABurst) {
  const BurstDetector detector(0);
  BurstState state;
  std::int64_t bucket = detector.bucket_of(10 * kDay);
  int alarms = 0;
  for (int i = 0; i < 288; ++i) alarms += static_cast<int>(detector.add(state, bucket + i, 100));
  EXPECT_EQ(alarms, 1);
  EXPECT_TRUE(state.burst);
  bucket += 287;
  EXPECT_EQ(detector.end_of_burst(state, bucket), BurstState::kNever);
  const std::int64_t end = detector.end_of_burst(state, bucket + 10'000);
  EXPECT_GT(end, bucket);
  EXPECT_LE(end, bucket + 288);
  EXPECT_LE(detector.score(state, end).score, BurstDetector::kCalm);
  EXPECT_GT(detector.score(state, end - 1).score, BurstDetector::kCalm);
  EXPECT_EQ(detector.end_of_burst(state, end - 1), BurstState::kNever);
  // Another one, long after.
  EXPECT_TRUE(detector.add(state, bucket + 20 * 288, 100'000));
}

TEST(BurstDetector, GapsOfAnyLengthAreExact) {
  const BurstDetector detector(0);
  for (const std::int64_t gap : {1, 2, 63, 1000, 1'000'000, 1'000'000'000}) {
    BurstState lazy, busy;
    detector.add(lazy, 10, 50);
    detector.add(busy, 10, 50);
    const std::int64_t steps = std::min<std::int64_t>(gap, 5000);
    for (std::int64_t i = 1; i <= steps; ++i) detector.add(busy, 10 + gap - steps + i, 0);
    detector.add(lazy, 10 + gap, 0);
    EXPECT_NEAR(lazy.level, busy.level, 1e-12);
    EXPECT_NEAR(lazy.mean, busy.mean, 1e-12);
    EXPECT_NEAR(lazy.square, busy.square, 1e-12);
    EXPECT_TRUE(std::isfinite(detector.score(lazy, 10 + gap).score));
  }
}

// A late event raises the level by what is left of its weight.
TEST(BurstDetector, LateEventsCountAsIfTheyHadComeInTime) {
  const BurstDetector detector(0);
  BurstState in_time, late;
  detector.add(in_time, 1000, 3);
  detector.add(in_time, 1001, 4);
  detector.add(in_time, 1005, 1);
  detector.add(late, 1001, 4);
  detector.add(late, 1005, 1);
  detector.add(late, 1000, 3);
  EXPECT_NEAR(detector.score(in_time, 1005).level, detector.score(late, 1005).level, 1e-12);
  BurstState state;
  detector.add(state, 1005, 1);
  bool alarm = false;
  for (int i = 0; i < 10; ++i) alarm |= detector.add(state, 1004, 1);
  EXPECT_TRUE(alarm);
  // What is long past is no news.
  BurstState old;
  detector.add(old, 100'000, 1);
  EXPECT_FALSE(detector.add(old, 10, 1'000'000));
  EXPECT_FALSE(detector.add(old, -1'000'000'000'000, 1'000'000));
}

// Bursts of four hours on a noisy daily rhythm: nearly all are found, within their first hour, and
// a series without any has an alarm a month at most.
TEST(BurstDetector, FindsWhatWasPutIntoNoiseAndLittleElse) {
  int bursts = 0, found = 0, elsewhere = 0, series = 0;
  for (const double mean : {0.1, 1.0, 20.0, 300.0}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed, ++series) {
      std::mt19937_64 draw(seed);
      std::gamma_distribution<double> rate(3.0, mean / 3.0);
      const BurstDetector detector(0);
      BurstState state;
      for (std::int64_t i = 0; i < 60 * 288; ++i) {
        const double day = 1.0 + 0.7 * std::sin(static_cast<double>(i) * 6.28318 / 288.0);
        const std::int64_t into = i % (10 * 288) - 9 * 288;  // Every tenth day.
        const bool is_burst = into >= 0 && into < 48;
        std::poisson_distribution<std::uint64_t> count(rate(draw) * day +
                                                       (is_burst ? 5.0 * mean + 6.0 : 0.0));
        bursts += static_cast<int>(into == 0);
        const std::uint64_t events = count(draw);
        if (events == 0 || !detector.add(state, i, events)) continue;
        (into >= 0 && into < 12 ? found : elsewhere) += 1;
      }
    }
  }
  EXPECT_EQ(bursts, series * 6);
  EXPECT_GE(found, bursts * 95 / 100);
  EXPECT_LE(elsewhere, 2 * series);
}

}  // namespace
}  // namespace grapevine

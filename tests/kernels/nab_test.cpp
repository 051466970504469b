#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/listen/burst_detector.hpp"
#include "tests/kernels/nab_series.hpp"

namespace grapevine {
namespace {

std::vector<TimeMs> detect(const NabSeries& series) {
  const BurstDetector detector(series.times.front());
  BurstState state;
  std::vector<TimeMs> found;
  for (std::size_t i = 0; i < series.times.size(); ++i) {
    if (series.counts[i] == 0) continue;
    if (detector.add(state, detector.bucket_of(series.times[i]), series.counts[i])) {
      found.push_back(series.times[i]);
    }
  }
  return found;
}

// NAB leaves out 15 % of a series, 750 points at most; its rule is often told without the latter.
std::size_t probation(const NabSeries& series, std::size_t most) {
  return std::min(series.times.size() * 15 / 100, most);
}

TEST(Nab, OneConfigurationFindsTheLabelledBursts) {
  const std::vector<NabSeries> all = read_nab_series();
  if (all.empty()) GTEST_SKIP() << "the series of NAB are not there";
  NabScore total, total_of_later;
  for (const NabSeries& series : all) {
    const std::vector<TimeMs> found = detect(series);
    const NabScore score = nab_score(series, found, probation(series, 750));
    std::printf("%-24s %5.1f  %d of %d windows, %d elsewhere\n", series.name.c_str(),
                score.normalised(), score.found, score.windows, score.elsewhere);
    total += score;
    total_of_later += nab_score(series, found, probation(series, series.times.size()));
  }
  std::printf("%-24s %5.1f  (%.1f where 15 %% of each are left out, however long)\n", "together",
              total.normalised(), total_of_later.normalised());
  EXPECT_GE(total.normalised(), 80.0);
  EXPECT_GE(total_of_later.normalised(), 80.0);
}

TEST(Nab, ScoresByHand) {
  NabSeries series;
  for (int i = 0; i <= 100; ++i) series.times.push_back(i * 1000);
  series.windows = {{20'000, 30'000}, {60'000, 80'000}};
  const auto score = [&](const std::vector<TimeMs>& found) {
    return nab_score(series, found, 10).normalised();
  };
  EXPECT_DOUBLE_EQ(score({}), 0.0);
  EXPECT_DOUBLE_EQ(score({20'000, 60'000}), 100.0);
  EXPECT_DOUBLE_EQ(score({5'000, 20'000, 25'000, 60'000, 61'000}), 100.0);
  const double best = NabScore::timeliness(-1.0);
  EXPECT_DOUBLE_EQ(score({20'000}), 50.0);
  EXPECT_DOUBLE_EQ(score({15'000, 20'000, 60'000}), 100.0 - 11.0 / (2.0 * (1.0 + best)));
  EXPECT_DOUBLE_EQ(score({20'000, 70'000}),
                   100.0 * (2.0 + best + NabScore::timeliness(-0.5)) / (2.0 * (1.0 + best)));
  EXPECT_DOUBLE_EQ(score({20'000, 35'000, 60'000}),
                   100.0 + 11.0 * NabScore::timeliness(0.5) / (2.0 * (1.0 + best)));
}

}  // namespace
}  // namespace grapevine

#include "kernels/segment/bucket_lanes.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

constexpr TimeMs kBegin = 1'700'000'000'000, kHour = 3'600'000, kDay = 24 * kHour;

// Times of a run alone.
Run run_of(const std::vector<TimeMs>& times) {
  std::vector<std::uint64_t> numbers;
  for (const TimeMs time : times) {
    numbers.push_back(static_cast<std::uint64_t>(time) ^ Run::kSignBit);
  }
  Run run;
  run.times = PackedUints(numbers);
  run.first = *std::min_element(times.begin(), times.end());
  run.last = *std::max_element(times.begin(), times.end());
  return run;
}

// A week's moments: at random, and where buckets begin and end.
std::vector<TimeMs> moments(const TimeBuckets& buckets, TimeMs from) {
  std::mt19937_64 random(3);
  std::vector<TimeMs> times;
  for (int i = 0; i < 300; ++i) {
    times.push_back(from + static_cast<TimeMs>(random() % (7 * kDay)));
    const TimeMs begin =
        times.back() - (times.back() - buckets.from) % buckets.width_ms;  // Of its bucket.
    times.push_back(std::max(from, begin));
    times.push_back(std::max(from, begin - 1));
  }
  return times;
}

TEST(LaneBuckets, AreThoseOfDividing) {
  for (const TimeMs width : {TimeMs{617}, TimeMs{60'000}, kHour, kDay, 7 * kDay, 30 * kDay}) {
    for (const TimeMs from : {kBegin, kBegin + 3 * kDay + 1}) {
      const TimeBuckets buckets{kBegin - 5, width, static_cast<std::size_t>(11 * kDay / width) + 1};
      const std::vector<TimeMs> times = moments(buckets, from);
      const auto run = run_of(times);
      const auto lanes = LaneBuckets::of(run, buckets);
      ASSERT_TRUE(lanes.has_value()) << width;
      for (const std::size_t begin : {0, 1, 7, 333}) {
        std::vector<std::uint32_t> found(times.size() - begin);
        lanes->find(begin, found);
        for (std::size_t i = 0; i < found.size(); ++i) {
          ASSERT_EQ(found[i], (times[begin + i] - buckets.from) / width)
              << "width " << width << ", row " << begin + i;
        }
      }
    }
  }
}

TEST(LaneBuckets, AreNoneWhereTimesAreOutsideOrFarApart) {
  const TimeBuckets buckets{kBegin, kHour, 24 * 100};
  const TimeMs end = buckets.to();
  EXPECT_TRUE(LaneBuckets::of(run_of({kBegin, kBegin + 2 * kDay}), buckets).has_value());
  EXPECT_FALSE(LaneBuckets::of(run_of({kBegin - 1, kBegin + 2 * kDay}), buckets).has_value());
  EXPECT_FALSE(LaneBuckets::of(run_of({end - 2 * kDay, end}), buckets).has_value());
  EXPECT_FALSE(LaneBuckets::of(run_of({kBegin, kBegin + 13 * kDay}), buckets).has_value());
  EXPECT_FALSE(LaneBuckets::of(run_of({kBegin, kBegin + 5}), buckets).has_value());  // A byte each.
}

}  // namespace
}  // namespace grapevine

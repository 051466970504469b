#include "kernels/influence/prediction_fit.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPredictionsPerBlock = 64 * 1024;
constexpr double kSureness = 0x1p-24;  // Nobody is surer than that.

// Bits of numbers of at least 0 order as the numbers do; those of numbers up to 1 leave one free.
std::uint32_t key_of(const Prediction& prediction) {
  const float p = std::clamp(prediction.probability, 0.0F, 1.0F) + 0.0F;  // Not -0.
  return std::bit_cast<std::uint32_t>(p) << 1 | (prediction.acted ? 1U : 0U);
}

}  // namespace

PredictionFit fit_of(std::span<const Prediction> predictions) {
  __extension__ using Wide = unsigned __int128;
  const std::size_t n = predictions.size();
  std::vector<std::uint32_t> keys(n);
  for_each_block(n, kPredictionsPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) keys[i] = key_of(predictions[i]);
  });
  parallel_sort(std::span(keys), std::less());

  PredictionFit fit;
  Wide twice_won = 0;  // Pairs in which who acted was given more; equal ones count 1 instead of 2.
  std::uint64_t acted_before = 0;
  std::uint64_t idle_before = 0;
  for (std::size_t begin = 0; begin != n;) {
    const std::uint32_t bits = keys[begin] >> 1;
    const double p = static_cast<double>(std::bit_cast<float>(bits));
    std::size_t middle = begin;  // The equal ones of those who did not act come first.
    while (middle != n && keys[middle] == bits << 1) ++middle;
    std::size_t end = middle;
    while (end != n && keys[end] >> 1 == bits) ++end;
    const std::uint64_t idle = middle - begin;
    const std::uint64_t acted = end - middle;
    twice_won += Wide{acted} * (2 * idle_before + idle);
    acted_before += acted;
    idle_before += idle;

    const double kept = std::clamp(p, kSureness, 1.0 - kSureness);
    fit.log_loss -=
        static_cast<double>(acted) * std::log(kept) + static_cast<double>(idle) * std::log1p(-kept);
    CalibrationBin& bin = fit.calibration[begin * fit.calibration.size() / n];
    bin.predicted_mean += p * static_cast<double>(end - begin);
    bin.observed_share += static_cast<double>(acted);
    bin.count += end - begin;
    begin = end;
  }
  if (n == 0) return fit;
  fit.log_loss /= static_cast<double>(n);
  for (CalibrationBin& bin : fit.calibration) {
    if (bin.count == 0) continue;
    bin.predicted_mean /= static_cast<double>(bin.count);
    bin.observed_share /= static_cast<double>(bin.count);
  }
  if (acted_before != 0 && idle_before != 0) {
    fit.area_under_curve = static_cast<double>(twice_won) /
                           (2.0 * static_cast<double>(Wide{acted_before} * idle_before));
  }
  return fit;
}

}  // namespace grapevine

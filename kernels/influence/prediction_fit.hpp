#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace grapevine {

/// What was said of someone, and what they did.
struct Prediction {
  float probability = 0.0F;  ///< In [0, 1].
  bool acted = false;
};

/// Some of the predictions that lie next to each other in order of probability.
struct CalibrationBin {
  double predicted_mean = 0.0;  ///< 0 where the bin is empty.
  double observed_share = 0.0;  ///< Of those who acted.
  std::size_t count = 0;
};

/// How well predictions fit what happened.
struct PredictionFit {
  /// The chance that someone who acted was given a higher probability than someone who did not;
  /// equal ones count half. 0.5 where all or none acted.
  double area_under_curve = 0.5;
  /// The mean of -ln of the probability given to what happened, kept within [2^-24, 1 - 2^-24].
  double log_loss = 0.0;
  /// About a tenth of the predictions each, by rising probability; equal ones are never parted, so
  /// a bin may be larger, and then the next ones smaller or empty.
  std::array<CalibrationBin, 10> calibration{};
};

/// Shapes  predictions: in any order, which the answer does not depend on.
/// Cost    A sort, 4 bytes a prediction. The area is exact: counted in integers, divided once.
///         The same bits for any number of threads.
PredictionFit fit_of(std::span<const Prediction> predictions);

}  // namespace grapevine

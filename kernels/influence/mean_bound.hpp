#pragma once

#include <cstddef>

namespace grapevine {

/// What is known of independent samples of one quantity in [0, 1].
struct SampledMean {
  double mean = 0.0;
  double mean_square = 0.0;  ///< Of the squares of the samples; not below that of the mean.
  std::size_t samples = 0;   ///< At least 2.
};

/// How far the mean of the samples is from what is expected, at most, with probability at least
/// 1 - delta: the lower of two bounds, each of which is given half of delta.
///
/// - Hoeffding's with relative entropy [1], both sides: good where the mean is near 0.
/// - Maurer and Pontil's with the variance of the samples [2], both sides: good where samples differ
///   less than coins of the same mean.
///
/// Source  [1] Hoeffding, J. American Statistical Association 58 (1963) 13-30, theorem 1.
///         [2] Maurer & Pontil, COLT 2009, theorem 4.
double mean_deviation_max(const SampledMean& sampled, double delta);

/// No less than mean_deviation_max, but quicker to tell: to find the largest of many.
double mean_deviation_ceiling(const SampledMean& sampled, double delta);

}  // namespace grapevine

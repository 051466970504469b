#include "kernels/influence/mean_bound.hpp"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

// KL(p || q) of two coins, in nats, for q in (0, 1).
double relative_entropy(double p, double q) {
  const double heads = p > 0.0 ? p * std::log(p / q) : 0.0;
  const double tails = p < 1.0 ? (1.0 - p) * (std::log1p(-p) - std::log1p(-q)) : 0.0;
  return heads + tails;
}

// The smallest e, rounded up, such that an expected value of p + e is implausible: samples x KL(p ||
// p + e) reaches `nats`. Below p it is that of 1 - p above 1 - p.
double deviation_above(double p, double nats_per_sample) {
  double low = 0.0;
  double high = 1.0 - p;
  for (int step = 0; step != 40; ++step) {
    const double middle = 0.5 * (low + high);
    const double q = p + middle;
    const bool implausible = q >= 1.0 || relative_entropy(p, q) >= nats_per_sample;
    (implausible ? high : low) = middle;
  }
  return high;
}

double by_variance(const SampledMean& sampled, double delta) {
  const double log = std::log(4.0 / delta);  // Two sides; each has ln(2 / delta) in the theorem.
  const auto samples = static_cast<double>(sampled.samples);
  const double variance =
      std::max(0.0, sampled.mean_square - sampled.mean * sampled.mean) * samples / (samples - 1.0);
  return std::sqrt(2.0 * variance * log / samples) + 7.0 * log / (3.0 * (samples - 1.0));
}

double nats(const SampledMean& sampled, double delta) {
  return std::log(2.0 / delta) / static_cast<double>(sampled.samples);
}

}  // namespace

double mean_deviation_max(const SampledMean& sampled, double delta) {
  const double per_sample = nats(sampled, delta / 2.0);
  const double by_entropy = std::max(deviation_above(sampled.mean, per_sample),
                                     deviation_above(1.0 - sampled.mean, per_sample));
  return std::min(by_entropy, by_variance(sampled, delta / 2.0));
}

double mean_deviation_ceiling(const SampledMean& sampled, double delta) {
  // For p up to 1/2, KL(p || p + e) >= e^2 / (2 (p + e)) and KL(p || p - e) >= e^2 / (2 p); else the
  // same holds with 1 - p.
  const double per_sample = nats(sampled, delta / 2.0);
  const double p = std::min(sampled.mean, 1.0 - sampled.mean);
  const double by_entropy = per_sample + std::sqrt(per_sample * per_sample + 2.0 * p * per_sample);
  return std::min(by_entropy, by_variance(sampled, delta / 2.0));
}

}  // namespace grapevine

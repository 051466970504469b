#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace grapevine {

/// Speeds up the iteration x <- map(x) of an affine map that leads to a distribution: the next x is
/// the combination of the last images whose residuals, map(x) - x, cancel best.
///
/// Cancelling is judged in least squares, each entry divided by about its value: for a Markov chain
/// no step then makes the combination worse, whatever its eigenvalues are. It is advice only: the
/// caller judges how good an x is by applying the map to it.
///
/// Cost    A step reads `depth` vectors of doubles and of floats; the same bits for any number of
///         threads. Thread safety: one thread calls it.
/// Source  Anderson, J. ACM 12 (1965) 547-560; Walker & Ni, SIAM J. Numerical Analysis 49 (2011).
class AndersonMixing {
 public:
  /// Shapes  `depth` images are kept, at least 1, of `size` entries each.
  AndersonMixing(std::size_t size, std::size_t depth);

  /// Where the caller writes map(x) before `mix` or `skip`.
  [[nodiscard]] std::span<double> image() { return {images_[newest_].get(), size_}; }

  /// Replaces `x`, whose image was written, by the mixture that is nearest to the fixed point by
  /// what is known; no entry is negative.
  void mix(std::span<double> x);

  /// Replaces `x` by its image, and begins anew to learn from there.
  void skip(std::span<double> x);

 private:
  void weigh(std::span<const double> values);
  void take_residual(std::span<const double> x);
  [[nodiscard]] std::vector<double> shares() const;

  std::size_t size_;
  // Not cleared: whoever fills them first meets the pages.
  std::vector<std::unique_ptr<double[]>> images_;
  std::vector<std::unique_ptr<float[]>> residuals_;  // Each entry times its weight.
  std::unique_ptr<float[]> weights_;  // 1 / sqrt(about the value); null: not known yet.
  std::vector<double> products_;      // Of each two residuals.
  std::size_t newest_ = 0;
  std::size_t known_ = 0;  // Images with residuals, the newest included once it has one.
};

}  // namespace grapevine

#include "kernels/influence/anderson_mixing.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kEntriesPerBlock = 16 * 1024;
// Of a product relative to the two lengths: what rounding to floats leaves of it.
constexpr double kRidge = 1e-10;

}  // namespace

AndersonMixing::AndersonMixing(std::size_t size, std::size_t depth)
    : size_(size), images_(depth), residuals_(depth), products_(depth * depth) {
  for (auto& image : images_) image = std::make_unique_for_overwrite<double[]>(size);
  for (auto& residual : residuals_) residual = std::make_unique_for_overwrite<float[]>(size);
}

void AndersonMixing::weigh(std::span<const double> values) {
  weights_ = std::make_unique_for_overwrite<float[]>(size_);
  for_each_block(values.size(), kEntriesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      // Whoever can get nothing has a residual of 0 anyway.
      weights_[i] = values[i] > 1e-30 ? static_cast<float>(1.0 / std::sqrt(values[i])) : 0.0F;
    }
  });
}

void AndersonMixing::take_residual(std::span<const double> x) {
  const std::size_t depth = images_.size();
  const double* const image = images_[newest_].get();
  float* const residual = residuals_[newest_].get();
  std::vector<double> sums(blocks_of(x.size(), kEntriesPerBlock) * depth);
  for_each_block(x.size(), kEntriesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      residual[i] = static_cast<float>((image[i] - x[i]) * static_cast<double>(weights_[i]));
    }
    for (std::size_t other = 0; other != known_; ++other) {
      const float* const a = residual;
      const float* const b = residuals_[other].get();
      std::array<double, 4> sum{};
      std::size_t i = begin;
      for (; i + 4 <= end; i += 4) {
        for (std::size_t lane = 0; lane != 4; ++lane) {
          sum[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
        }
      }
      for (; i != end; ++i) sum[0] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
      sums[begin / kEntriesPerBlock * depth + other] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
  });
  for (std::size_t other = 0; other != known_; ++other) {
    double sum = 0.0;
    for (std::size_t at = other; at < sums.size(); at += depth) sum += sums[at];
    products_[newest_ * depth + other] = products_[other * depth + newest_] = sum;
  }
}

// The shares, with sum 1, that make the mixed residual shortest: products x shares = 1, scaled.
// Residuals of very different lengths are brought to one length first. Empty: none could be found.
std::vector<double> AndersonMixing::shares() const {
  const std::size_t depth = images_.size();
  std::vector<double> length(known_);
  for (std::size_t i = 0; i != known_; ++i) length[i] = std::sqrt(products_[i * depth + i]);
  std::vector<double> lower(known_ * known_);  // Of the Cholesky factors.
  std::vector<double> share(known_);
  for (std::size_t i = 0; i != known_; ++i) {
    share[i] = 1.0 / length[i];
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = products_[i * depth + j] / (length[i] * length[j]) + (i == j ? kRidge : 0.0);
      for (std::size_t k = 0; k != j; ++k) rest -= lower[i * known_ + k] * lower[j * known_ + k];
      lower[i * known_ + j] = i == j ? std::sqrt(rest) : rest / lower[j * known_ + j];
    }
    for (std::size_t k = 0; k != i; ++k) share[i] -= lower[i * known_ + k] * share[k];
    share[i] /= lower[i * known_ + i];
  }
  double sum = 0.0;
  for (std::size_t i = known_; i-- > 0;) {
    for (std::size_t k = i + 1; k != known_; ++k) share[i] -= lower[k * known_ + i] * share[k];
    share[i] /= lower[i * known_ + i];
  }
  for (std::size_t i = 0; i != known_; ++i) sum += share[i] /= length[i];
  for (double& s : share) s /= sum;
  if (!std::ranges::all_of(share, [](double s) { return std::isfinite(s); })) return {};
  return share;
}

void AndersonMixing::mix(std::span<double> x) {
  if (weights_ == nullptr) weigh(image());
  known_ = std::max(known_, newest_ + 1);
  take_residual(x);
  const std::vector<double> share = shares();
  if (share.empty()) return skip(x);
  for_each_block(x.size(), kEntriesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) x[i] = share[0] * images_[0][i];
    for (std::size_t other = 1; other != known_; ++other) {
      const double* const values = images_[other].get();
      for (std::size_t i = begin; i != end; ++i) x[i] += share[other] * values[i];
    }
    // What is looked for is not negative, so this only brings x nearer.
    for (std::size_t i = begin; i != end; ++i) x[i] = std::max(x[i], 0.0);
  });
  newest_ = (newest_ + 1) % images_.size();
}

void AndersonMixing::skip(std::span<double> x) {
  std::ranges::copy(image(), x.begin());
  newest_ = known_ = 0;
}

}  // namespace grapevine

#pragma once

#include <cmath>

namespace grapevine {

/// The mean and the spread of numbers, added one by one or joined. The order of adding decides the
/// last bits, so blocks are joined in a fixed one. Not thread-safe.
/// Source  Chan, Golub & LeVeque, The American Statistician 37 (1983) 242-247.
struct Moments {
  double count = 0.0;
  double mean = 0.0;
  double squares = 0.0;  ///< Sum of squared differences from the mean.

  void add(double value) { join({1.0, value, 0.0}); }

  void join(const Moments& other) {
    if (other.count == 0.0) return;
    const double sum = count + other.count;
    const double apart = other.mean - mean;
    mean += apart * other.count / sum;
    squares += other.squares + apart * apart * count * other.count / sum;
    count = sum;
  }

  /// Of the mean; 0 for fewer than two numbers.
  [[nodiscard]] double standard_error() const {
    return count < 2.0 ? 0.0 : std::sqrt(squares / (count - 1.0) / count);
  }
};

}  // namespace grapevine

#pragma once

#include <cmath>

namespace grapevine {

/// tanh by Lambert's continued fraction, within 1e-4: the same bits everywhere, unlike libm's.
inline double hyperbolic_tangent(double x) {
  if (std::abs(x) > 4.9) return x > 0 ? 0.9999 : -0.9999;
  const double y = x * x;
  const double above = x * (135135.0 + y * (17325.0 + y * (378.0 + y)));
  const double below = 135135.0 + y * (62370.0 + y * (3150.0 + y * 28.0));
  return above / below;
}

}  // namespace grapevine

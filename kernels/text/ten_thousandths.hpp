#pragma once

#include <cmath>

namespace grapevine {

/// The nearest ten-thousandth, ties to even: scores are compared, stored and shown as these.
inline double in_ten_thousandths(double score) { return std::nearbyint(score * 1e4) / 1e4; }

}  // namespace grapevine

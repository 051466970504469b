#pragma once

#include <cstdint>

namespace grapevine {

/// How word passes. Independent cascade: whoever is reached tries each of their listeners once,
/// each with its own probability. Linear threshold: a listener is reached when the weights of those
/// reached among whom they hear come to a threshold drawn evenly from [0, 1]; the same as if at
/// most one edge into each listener were alive, chosen by its weight.
/// Source  Kempe, Kleinberg & Tardos, KDD 2003, 137-146.
enum class CascadeModel : std::uint8_t { IndependentCascade, LinearThreshold };

}  // namespace grapevine

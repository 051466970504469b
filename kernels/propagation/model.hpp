#pragma once

#include <cstdint>

namespace grapevine {

/// How word passes. Independent cascade: whoever is reached tries each of their listeners once, each
/// edge by its own coin. Linear threshold, in its live-edge form: each listener hears from at most
/// one influencer, chosen by weight; with the rest of 1 from none.
/// Source  Kempe, Kleinberg & Tardos, KDD 2003, 137-146.
enum class CascadeModel : std::uint8_t { IndependentCascade, LinearThreshold };

}  // namespace grapevine

#pragma once

#include <span>
#include <vector>

#include "kernels/listen/kaplan_meier.hpp"

namespace grapevine {

/// What the steps of a KaplanMeier must be: each wait has the same mass, and one that has not ended
/// hands its mass on, in equal parts, to those that are longer; a share is the mass that is left.
/// The sum for the error is made anew for each step. O(n^2).
/// Source  Efron, Proceedings of the Fifth Berkeley Symposium 4 (1967) 831-853.
std::vector<KaplanMeier::Step> kaplan_meier_reference(std::span<const Wait> waits);

}  // namespace grapevine

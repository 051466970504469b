#pragma once

#include <optional>
#include <span>

#include "kernels/listen/matched_people.hpp"

namespace grapevine {

/// What effect_on_treated must answer of match_exactly: each treated person is held against the
/// mean of everybody like them, and the variance is that of a sum of independent people, each with
/// their own factor. O(n^2).
std::optional<Effect> effect_on_treated_reference(std::span<const std::uint64_t> keys,
                                                  std::span<const Arm> arms,
                                                  std::span<const double> outcome);

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kernels/segment/sequence.hpp"
#include "kernels/segment/sequence_matcher.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What SequenceMatcher must answer: every choice of events is tried, straight from the definition.
/// `events` in any order. Cost: exponential in the steps.
std::uint8_t sequence_level_reference(const std::vector<bool>& negated,
                                      std::optional<TimeMs> window_ms, TimeMs as_of,
                                      std::span<const StepEvent> events);

/// What `sequence_levels` must answer: each row is asked by itself which steps it is.
std::vector<std::uint8_t> sequence_levels_reference(const Snapshot& snapshot,
                                                    const Sequence& sequence);

}  // namespace grapevine

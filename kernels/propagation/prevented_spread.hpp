#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/outbreak.hpp"

namespace grapevine {

/// What each person alone would prevent if they did not pass it on, in whole units (see
/// `whole_values`), summed over samples: the values of those in live-edge samples to whom every
/// path leads through them, themselves included.
///
/// Shapes  weights: by vertex. blocked: by vertex, those who pass nothing on already. Result: by
///         vertex, 0 for the blocked and the spreading. Not complete once `stop` was requested.
/// Cost    As `contain`, for one round.
std::vector<std::uint64_t> prevented_by_each(const Outbreak& outbreak,
                                             std::span<const std::uint64_t> weights,
                                             const std::vector<bool>& blocked, std::size_t samples,
                                             std::uint64_t random_seed, const Stop& stop);

/// Values as whole numbers that sum to at most 2^40 + n / 2, whatever the values; 1 each without
/// values. Integers, so that sums over samples have the same bits in any order.
std::vector<std::uint64_t> whole_values(std::span<const double> values, std::size_t vertices);

}  // namespace grapevine

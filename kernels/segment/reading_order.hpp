#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/segment/sequence.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The steps of a sequence in the order in which they are read: the rarest first, negated ones at the
/// end. The first `pinned` steps go first.
std::vector<std::uint32_t> reading_order(const Snapshot& snapshot, const Sequence& sequence,
                                         std::size_t pinned);

}  // namespace grapevine

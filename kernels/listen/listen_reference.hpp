#pragma once

#include "kernels/listen/bursts.hpp"
#include "kernels/listen/mentions.hpp"

namespace grapevine {

// What the kernels of this folder must answer: every row is looked at alone and counted in a map.

Mentions count_mentions_reference(const Snapshot& snapshot, const EventSelection& mentions,
                                  ColumnId by, const TimeBuckets& buckets);

/// Adds the history of each count up bucket by bucket.
std::vector<Burst> find_bursts_reference(const Snapshot& snapshot, const BurstQuestion& question);

}  // namespace grapevine

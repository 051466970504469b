#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/cohort/last_touch.hpp"
#include "kernels/cohort/lookalikes.hpp"
#include "kernels/cohort/retention.hpp"
#include "kernels/cohort/rfm.hpp"
#include "kernels/segment/time_buckets.hpp"

namespace grapevine {

// What the kernels of this folder must answer: every row is looked at alone, in the order in which it
// happens to stand, and kept in ordered maps and sets.

Retention count_retention_reference(const Snapshot& snapshot, const EventSelection& active,
                                    const TimeBuckets& periods);

std::vector<std::uint64_t> count_active_people_reference(const Snapshot& snapshot,
                                                         const EventSelection& active,
                                                         const TimeBuckets& buckets,
                                                         const CustomerSet* among);

/// Counts, for each value, how many are below it. O(n²).
std::vector<RfmGroups> group_by_rfm_reference(const Snapshot& snapshot,
                                              const EventSelection& orders, ColumnId money,
                                              std::size_t groups);

/// Looks at all touches for each goal.
LastTouches count_last_touches_reference(const Snapshot& snapshot, const EventSelection& goals,
                                         const EventSelection& touches, ColumnId by,
                                         TimeMs within_ms);

/// Values as texts, weights looked up by them, everyone sorted.
std::vector<Lookalike> find_lookalikes_reference(std::span<const LikenessTrait> traits,
                                                 const CustomerSet& members,
                                                 const CustomerSet& population, std::size_t most);

}  // namespace grapevine

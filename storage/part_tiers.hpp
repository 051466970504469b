#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "storage/part.hpp"

namespace grapevine {

/// As many parts of one tier become one.
inline constexpr std::size_t kFanIn = 16;

/// Rows of parts that are merged together at most: bounds the memory and the time of a merge.
inline constexpr std::size_t kMergeRowsMax = std::size_t{4} << 20;

/// The parts that should be merged next, or none.
///
/// Parts whose rows are all of one time span are merged with those of that span; parts across spans
/// among themselves, and what has rows enough of one span goes there (see merge_parts). A part's
/// tier spans a factor of kFanIn in rows: 4,096, then 64 Ki, then 1 Mi. kFanIn of one tier are due:
/// each row is copied about once a tier. Small tiers first.
std::vector<std::shared_ptr<const Part>> due_merge(
    std::span<const std::shared_ptr<const Part>> parts);

/// The parts that are worth merging when there is nothing else to do, or none: those of a span of
/// which each has no more rows than the smaller ones together, so that a span comes down to few
/// parts of very different sizes; else one of which more than an eighth is dead.
std::vector<std::shared_ptr<const Part>> tidy_merge(
    std::span<const std::shared_ptr<const Part>> parts);

}  // namespace grapevine

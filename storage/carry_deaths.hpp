#pragma once

#include <memory>
#include <span>
#include <vector>

#include "storage/part.hpp"

namespace grapevine {

/// The parts that hold the rows of `begun` now, each in its newest version: of two versions of a
/// part some run is the same object. nullptr: none does any more. Shapes: one for each of `begun`.
std::vector<std::shared_ptr<const Part>> newest_versions(
    std::span<const std::shared_ptr<const Part>> begun,
    std::span<const std::shared_ptr<const Part>> parts);

/// `merged`, which was made of `begun`, without the rows that died while it was made: those that
/// are dead in `now` and were not in `begun`. Rows are found by (event, customer, time, sequence).
/// Shapes  now: the newest version of each of `begun`; nullptr: all of its rows died.
/// Cost    A binary search for each row that died.
std::vector<std::shared_ptr<const Part>> carry_deaths(
    std::span<const std::shared_ptr<const Part>> begun,
    std::span<const std::shared_ptr<const Part>> now,
    std::vector<std::shared_ptr<const Part>> merged);

}  // namespace grapevine

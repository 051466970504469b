#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "storage/ids.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Some rows of a part: for each of its runs, which ones, ascending.
using RowsOfPart = std::vector<std::vector<std::uint32_t>>;

/// The rows of these customers (ascending) that stand under another person by now: `person_of` gives
/// the representative of the external id under which a row came. Dead rows are left out.
/// Cost: two binary searches a run and customer, and the customers' rows.
RowsOfPart rows_to_move(const Part& part, std::span<const CustomerId> customers,
                        const std::function<CustomerId(CustomerId)>& person_of);

/// The rows with a sequence in one of the ranges [first, second), which ascend and do not overlap.
/// Dead rows are left out. Cost: a pass over the runs that may have some.
RowsOfPart rows_of_sequences(const Part& part,
                             std::span<const std::pair<std::uint64_t, std::uint64_t>> ranges);

/// The rows from before `horizon`. Dead rows are left out.
RowsOfPart rows_before(const Part& part, TimeMs horizon);

/// Whether there are any.
bool any_rows(const RowsOfPart& rows);

/// The part with these rows dead. Columns are shared, not copied; runs that have no other rows are
/// left out. nullptr: nothing is left.
std::shared_ptr<const Part> without_rows(const Part& part, const RowsOfPart& rows);

/// The part with every other row dead. Columns are shared, not copied.
std::shared_ptr<const Part> only_rows(const Part& part, const RowsOfPart& rows);

}  // namespace grapevine

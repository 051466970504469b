#pragma once

#include <memory>
#include <span>
#include <vector>

#include "storage/column_strings.hpp"
#include "storage/delta.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Sorts rows of the delta into a part.
/// Cost: about 0.1 µs a row.
std::shared_ptr<const Part> sort_into_part(const DeltaView& delta);

/// The living rows of all parts, with their values and sequences, in new parts: one for each week
/// that has at least `kSpanRowsMin` of them, and one for what is left. None where no row lives.
///
/// Cost    About 0.1 µs a row. Memory beside the new parts: 48 bytes a row of the event name that
///         has most rows, and its longest text column in plain.
std::vector<std::shared_ptr<const Part>> merge_parts(
    std::span<const std::shared_ptr<const Part>> parts, const ColumnStrings& strings);

}  // namespace grapevine

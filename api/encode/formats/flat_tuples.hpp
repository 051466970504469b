#pragma once

#include "api/encode/formats/buffered_writer.hpp"

namespace grapevine::sql {

/// The columns of CSV: a tuple is a column for each of its elements, `t.1` or `t.name`, and so on
/// inside of them. A tuple of nothing is an empty cell.
ResultColumns flat_columns(const ResultColumns& columns);
Block flat_block(const Block& block);

}  // namespace grapevine::sql

#pragma once

#include "api/encode/formats/cell_writer.hpp"

namespace grapevine::sql {

/// Values as RowBinary has them: little-endian numbers, a varuint before what has a size, a byte
/// before what may be NULL.
std::unique_ptr<CellWriter> make_binary_cell(const DataType& type);

}  // namespace grapevine::sql

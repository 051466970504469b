#pragma once

#include <cstdint>
#include <string>

#include "storage/value.hpp"

namespace grapevine {

/// A Bool, Int64, Float64 or DateTime (64 bits as in Cell) as the text that it becomes in a column
/// of strings: "true", decimal digits, the shortest decimal that reads back to the same double,
/// "2026-11-22T01:02:03.004Z".
std::string canonical_text(ValueType type, std::uint64_t bits);

}  // namespace grapevine

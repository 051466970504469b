#pragma once

#include <cstdint>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// The numbers [first, first + count) as UInt64, which wrap around, in a column of that name.
TablePtr number_table(std::uint64_t first, std::uint64_t count, std::string column = "number");
inline constexpr std::uint64_t kAllNumbers = ~std::uint64_t{0};

}  // namespace grapevine::sql

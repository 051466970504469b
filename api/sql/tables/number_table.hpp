#pragma once

#include <cstdint>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// So many numbers from `first` on, each by `step` more than the one before it, as UInt64, which
/// wrap around, in a column of that name.
TablePtr number_table(std::uint64_t first, std::uint64_t count, std::string column = "number",
                      std::uint64_t step = 1);
/// So many rows of a UInt8 that is 0.
TablePtr zero_table(std::uint64_t count, std::string column = "zero");
inline constexpr std::uint64_t kAllNumbers = ~std::uint64_t{0};

}  // namespace grapevine::sql

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// The pool of constant Strings that one of several is chosen from, made once for a function.
struct ConstantTexts {
  std::shared_ptr<const StringPool> pool;
  std::vector<std::uint32_t> codes;  ///< Of each branch; NULL has any.
};

/// Row i is row i of branches[choice[i]].
/// Shapes  each branch has values for `rows` rows, stored or as a constant, and is of `type`, but for
///         NULL. `constants`: the branches' texts, where all are constants; else nullptr.
ColumnPtr choose(const DataType& type, std::span<const ColumnPtr> branches,
                 std::span<const std::uint16_t> choice, const ConstantTexts* constants = nullptr);

/// Of branches that are all constant Strings (or NULL). Precondition: they are.
ConstantTexts constant_texts(std::span<const ColumnPtr> branches);

}  // namespace grapevine::sql

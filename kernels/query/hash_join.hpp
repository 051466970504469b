#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/memory.hpp"

namespace grapevine::sql {

/// The right side of a join, found by key. NULL keys match nothing. Immutable once built, so that any
/// number of threads may probe it; keys of one and the same pool on both sides are looked up in an array.
class JoinTable {
 public:
  /// Shapes  `keys`: of all rows of the right side, of the types that both sides have in common.
  static absl::StatusOr<JoinTable> build(std::vector<ColumnPtr> keys, std::size_t rows,
                                         MemoryBudget& budget);
  ~JoinTable();
  JoinTable(JoinTable&&) noexcept;

  /// The pairs that match, in order of left rows and then of right ones.
  struct Matches {
    std::vector<std::uint32_t> left;   ///< Rows of the left block.
    std::vector<std::uint32_t> right;  ///< Rows of the right side.
  };
  /// `first_only`: at most one, the first, right row for each left one.
  [[nodiscard]] Matches probe(std::span<const ColumnPtr> keys, std::size_t rows,
                              bool first_only) const;

 private:
  struct Impl;
  explicit JoinTable(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine::sql

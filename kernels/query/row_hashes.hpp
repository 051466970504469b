#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Hashes of keys that stand in several lists of columns: equal keys hash alike in all of them.
/// Immutable; any number of threads may ask.
class RowHashes {
 public:
  /// Texts are hashed by their codes where all lists have them of one pool.
  /// Shapes  keys[list][key].
  explicit RowHashes(std::span<const std::vector<ColumnPtr>> keys);

  /// Of the rows of one of the lists.
  [[nodiscard]] std::vector<std::uint64_t> of(std::span<const ColumnPtr> keys,
                                              std::size_t rows) const;

 private:
  std::vector<bool> by_code_;  // A key.
};

}  // namespace grapevine::sql

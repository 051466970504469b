#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/memory.hpp"

namespace grapevine::sql {

/// Numbers or times as unsigned numbers in the same order.
struct OrderedValues {
  /// Precondition: of the column's type width_of is not 0.
  static OrderedValues of(const ColumnPtr& column);

  std::vector<std::uint64_t> words;
  std::vector<std::uint8_t>
      missing;  ///< A byte a row, 1: NULL or NaN, which has no place; empty: none.
};

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

  /// The right row of each left one, kNoRow where there is none, where no key has several.
  /// nullopt: some key has.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>> probe_unique(
      std::span<const ColumnPtr> keys, std::size_t rows) const;

  /// Places the rows of each key in order of a value, for `probe_nearest`.
  /// Shapes  a value a row of the right side. Precondition: they ascend.
  absl::Status order_by(const OrderedValues& values);
  /// The right row of each left one's key whose value is nearest to its own: of those that are not above
  /// it (`before`) or not below it, or of those that differ. Of equal ones the first.
  /// Cost    a binary search a row. Precondition: order_by was called.
  [[nodiscard]] Matches probe_nearest(std::span<const ColumnPtr> keys, std::size_t rows,
                                      const OrderedValues& values, bool before,
                                      bool or_equal) const;

 private:
  struct Impl;
  explicit JoinTable(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine::sql

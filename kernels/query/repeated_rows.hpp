#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Rows that stand several times each, cut into stretches that are small enough to be gathered: row i
/// stands at the places [ends[i - 1], ends[i]). A stretch has at most kBlockRows places, and
/// fewer where the columns hold long arrays, of which each place has a copy: in memory or, of a
/// constant, once it is written out.
class RepeatedRows {
 public:
  /// Elements of arrays in one stretch, about.
  static constexpr std::size_t kElementsOfStretch = std::size_t{1} << 20;

  /// `ends` outlives it. `columns`: what is to be gathered. Cost: linear in the rows.
  RepeatedRows(std::span<const std::uint64_t> ends, std::span<const ColumnPtr> columns);

  /// Goes to the next stretch; false: there is none.
  bool next();
  /// The row at each place of the stretch.
  [[nodiscard]] std::span<const std::uint32_t> rows() const { return rows_; }
  /// The first place of the stretch.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return begin_ + rows_.size(); }

 private:
  std::span<const std::uint64_t> ends_;
  std::vector<std::uint64_t>
      elements_;  ///< By row, in the columns' arrays; empty: none has arrays.
  std::vector<std::uint32_t> rows_;
  std::size_t begin_ = 0;
  std::size_t row_ = 0;  ///< That the next stretch begins in.
};

}  // namespace grapevine::sql

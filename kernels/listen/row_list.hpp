#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/segment/run_range.hpp"

namespace grapevine {

/// Some of the rows of a run, in the form that takes less: numbers of rows, or a bit a row.
/// Immutable; any number of threads may read.
class RowList {
 public:
  RowList() = default;
  /// `rows` ascend, each once and below `run_rows`.
  RowList(std::span<const std::uint32_t> rows, std::size_t run_rows);

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Bytes of memory beside the object.
  [[nodiscard]] std::size_t bytes() const {
    return rows_.capacity() * sizeof(std::uint32_t) + bits_.capacity() * sizeof(std::uint64_t);
  }

  /// Sets to 0 what stands for a row that is not in the list.
  /// Shapes  `mask` has an element for each of `rows`.
  /// Cost    One pass over `mask`; for numbers a binary search besides.
  void keep(RowRange rows, std::span<std::uint8_t> mask) const;
  /// Sets to 1 what stands for a row in the list, and leaves the others. Shapes and cost as `keep`.
  void mark(RowRange rows, std::span<std::uint8_t> mask) const;

  /// Calls `body(row)` for every row of the list, ascending.
  template <typename Body>
  void for_each(const Body& body) const {
    for (const std::uint32_t row : rows_) body(row);
    for (std::size_t word = 0; word < bits_.size(); ++word) {
      for (std::uint64_t left = bits_[word]; left != 0; left &= left - 1) {
        body(static_cast<std::uint32_t>(word * 64 +
                                        static_cast<std::size_t>(__builtin_ctzll(left))));
      }
    }
  }

 private:
  std::size_t count_ = 0;
  std::vector<std::uint32_t> rows_;  // Empty where `bits_` is not.
  std::vector<std::uint64_t> bits_;
};

}  // namespace grapevine

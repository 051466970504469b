#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Numbers the distinct keys of rows 0, 1, 2, ... in order of their first row. NULL is a key like
/// others; all NaNs are one key, -0.0 and 0.0 are two, as in ClickHouse. Not thread-safe, but for
/// `find`.
///
/// How     Keys become numbers: texts their codes in a pool or their order of appearance, a tuple is its
///         elements. Where the numbers lie in small domains, an array is looked into. Else they are packed
///         into as few words as they need, and hashed.
/// Limits  2^32 - 2 groups.
class GroupTable {
 public:
  /// `groups_expected`: an array for so many is worth its place from the beginning.
  explicit GroupTable(std::vector<DataType> keys, std::size_t groups_expected = 0);
  ~GroupTable();
  GroupTable(GroupTable&&) noexcept;

  /// The group of each row. Shapes: a column a key, `rows` rows each; groups.size() == rows.
  void assign(std::span<const ColumnPtr> keys, std::size_t rows, std::span<std::uint32_t> groups);
  /// The group that rows with these keys have, or kNoRow where there is none; adds nothing.
  void find(std::span<const ColumnPtr> keys, std::size_t rows,
            std::span<std::uint32_t> groups) const;

  [[nodiscard]] std::size_t size() const;
  /// The keys, a row a group.
  [[nodiscard]] std::vector<ColumnPtr> keys() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine::sql

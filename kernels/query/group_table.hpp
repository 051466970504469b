#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Numbers the distinct keys of rows 0, 1, 2, ... in order of their first row. NULL is a key like
/// others; -0.0 and 0.0 are one key, and so are all NaNs. Not thread-safe.
///
/// How     Keys of a pool, of a byte, of a constant or of few values in a narrow range are numbers of
///         small domains: where their product is small an array is looked into. Else keys are packed
///         into 8 or 16 bytes where they fit, or hashed as bytes (XXH3).
class GroupTable {
 public:
  explicit GroupTable(std::vector<DataType> keys);
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

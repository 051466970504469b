#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/group_table.hpp"

namespace grapevine::sql {

/// The right side of IN: distinct values, or tuples of them. Strings of a pool are looked up by code
/// in an array that is made once for each pool. Thread-safe.
class ValueSet {
 public:
  /// NULLs in the rows are left out, as in ClickHouse. Shapes: a column a part of the tuple.
  ValueSet(std::vector<DataType> types, std::span<const Block> rows);

  [[nodiscard]] const std::vector<DataType>& types() const { return types_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The distinct values, a row each.
  [[nodiscard]] std::vector<ColumnPtr> values() const { return table().keys(); }
  /// Whether each row is in: 1 or 0; a row with a NULL is not.
  /// Precondition: the columns are of types(), but for being nullable.
  void find(std::span<const ColumnPtr> columns, std::size_t rows,
            std::span<std::uint8_t> is_in) const;
  /// For each code of a pool whether its string is in: 1 or 0. Precondition: a set of single strings.
  [[nodiscard]] std::shared_ptr<const std::vector<std::uint8_t>> of_pool(
      const std::shared_ptr<const StringPool>& pool) const;

 private:
  // Takes strings of one pool by their codes; false: the rows have something else.
  bool take_codes(std::span<const Block> rows);
  // The values, to be looked up; made when somebody asks first.
  const GroupTable& table() const;
  void fill_table(std::span<const Block> rows) const;

  std::vector<DataType> types_;
  std::size_t size_ = 0;
  std::shared_ptr<const StringPool> pool_;  // Of all values; nullptr: the table has them.
  std::shared_ptr<const std::vector<std::uint8_t>> of_pool_;  // By code of it: 1, it is in.
  mutable std::once_flag is_filled_;
  mutable GroupTable table_;
  mutable std::mutex mutex_;  // Guards what follows.
  mutable std::map<const StringPool*, std::pair<std::shared_ptr<const StringPool>,
                                                std::shared_ptr<const std::vector<std::uint8_t>>>>
      pools_;  // Whether each code's string is in.
};

}  // namespace grapevine::sql

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Codes of one pool from `first` on, `count` of them.
struct CodeRange {
  std::uint32_t first = 0;
  std::size_t count = 0;
};

/// Numbers the distinct codes of a range in order of their first row: an array is looked into,
/// nothing is hashed. Not thread-safe.
class CodeGroups {
 public:
  explicit CodeGroups(CodeRange range) : range_(range), group_of_(range.count, 0) {}

  /// The group of each row. Preconditions: `key` is pooled, without NULL, of the pool of all others,
  /// with codes in the range; groups.size() == key.rows.
  void assign(const Column& key, std::span<std::uint32_t> groups);

  [[nodiscard]] std::size_t size() const { return codes_.size(); }
  /// A row a group.
  [[nodiscard]] ColumnPtr keys() const;
  [[nodiscard]] std::size_t bytes() const {
    return (group_of_.capacity() + codes_.capacity()) * sizeof(std::uint32_t);
  }

 private:
  CodeRange range_;
  std::vector<std::uint32_t> group_of_;  // Group + 1 by place in the range.
  std::vector<std::uint32_t> codes_;
  std::shared_ptr<const StringPool> pool_;
};

}  // namespace grapevine::sql

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// A value of one type for each group, of those that have one. Codes of a pool are kept as such, as
/// long as there is one pool only. Not thread-safe.
class ValueStore {
 public:
  explicit ValueStore(DataType type) : type_(std::move(type)), width_(width_of(type_.id)) {}

  void resize(std::size_t groups);
  [[nodiscard]] bool has(std::size_t group) const { return has_[group] != 0; }
  /// Keeps the value of a row, which is not NULL. The column is of the type, NULL aside.
  void set(std::size_t group, const ColumnPtr& column, std::size_t row);
  /// Keeps the value of another store's group, which has one.
  void set(std::size_t group, const ValueStore& other, std::size_t from);
  /// How a row's value compares with that of a group, which has one: below, at or above 0. A NaN is
  /// beyond all others.
  [[nodiscard]] int compare(const Column& column, std::size_t row, std::size_t group) const;
  [[nodiscard]] int compare(const ValueStore& other, std::size_t from, std::size_t group) const;
  /// A row a group: the type's default where there is no value.
  [[nodiscard]] ColumnPtr values() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  void forget_pool();
  [[nodiscard]] std::string_view text(std::size_t group) const;
  [[nodiscard]] ColumnPtr complex_values() const;

  DataType type_;
  std::size_t width_;
  std::vector<std::uint8_t> has_;
  std::vector<char> fixed_;           // Numbers and times.
  std::vector<std::uint32_t> codes_;  // Texts, while they have one pool.
  std::shared_ptr<const StringPool> pool_;
  bool uses_pool_ = true;
  std::vector<std::string> texts_;  // Texts otherwise.
  std::vector<ColumnPtr> complex_;  // Arrays and tuples: columns of one row.
  std::size_t heap_bytes_ = 0;
};

}  // namespace grapevine::sql

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"
#include "kernels/query/group_table.hpp"
#include "kernels/query/key_slots.hpp"

namespace grapevine::sql {

/// Numbers the distinct rows that each group has, 0, 1, 2, ..., in order of their first appearance.
/// Not thread-safe.
class DistinctRows {
 public:
  explicit DistinctRows(std::vector<DataType> types) : values_(std::move(types)) {}

  /// The number of each row. Shapes: an element a row; columns without constants.
  std::span<const std::uint32_t> add(std::span<const std::uint32_t> groups,
                                     std::span<const ColumnPtr> columns);
  [[nodiscard]] std::size_t size() const { return pairs_.size(); }
  [[nodiscard]] std::uint32_t group(std::size_t number) const {
    return static_cast<std::uint32_t>(pairs_[number] >> 32);
  }
  /// The rows with these numbers.
  [[nodiscard]] std::vector<ColumnPtr> rows(std::span<const std::uint32_t> numbers) const;

  /// Comes between the last `add` and being merged from. `groups`: how many there are.
  void seal(std::size_t groups);
  /// Those of a group, in order. Precondition: sealed.
  [[nodiscard]] std::span<const std::uint32_t> numbers_of(std::size_t group) const {
    return std::span(sealed_numbers_)
        .subspan(sealed_offsets_[group], sealed_offsets_[group + 1] - sealed_offsets_[group]);
  }
  /// What another's rows in groups from[i] are numbered here, in groups to[i].
  struct Merged {
    std::vector<std::uint32_t> numbers_there;
    std::vector<std::uint32_t> numbers_here;
  };
  Merged merge(const DistinctRows& other, std::span<const std::uint32_t> from,
               std::span<const std::uint32_t> to);
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::uint32_t number_of(std::uint64_t pair);

  GroupTable values_;
  std::vector<std::uint64_t> pairs_;  // Group and value of each number.
  WordSlots numbers_;
  std::vector<std::uint32_t> ids_;
  // Once sealed: the values, and the numbers of each group.
  std::vector<ColumnPtr> sealed_values_;
  std::vector<std::uint32_t> sealed_numbers_;
  std::vector<std::size_t> sealed_offsets_;
};

}  // namespace grapevine::sql

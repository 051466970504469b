#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "kernels/query/aggregates/distinct_rows.hpp"

namespace grapevine::sql {

/// How often each group has each of its distinct rows. Not thread-safe.
class CountedRows {
 public:
  explicit CountedRows(std::vector<DataType> types) : rows_(std::move(types)) {}

  /// Shapes: an element a row; columns without constants.
  void add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> columns);
  /// Row i as often as `weights` says: integers.
  void add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> columns,
           const Column& weights);
  /// Comes between the last `add` and being merged from. `groups`: how many there are.
  void seal(std::size_t groups) { rows_.seal(groups); }
  /// Adds the other's group from[i] to to[i].
  void merge(const CountedRows& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to);

  /// The rows by their numbers.
  [[nodiscard]] const DistinctRows& rows() const { return rows_; }
  /// How often the row with a number came.
  [[nodiscard]] std::uint64_t count(std::size_t number) const { return counts_[number]; }
  [[nodiscard]] std::size_t bytes() const {
    return rows_.bytes() + counts_.capacity() * sizeof(counts_[0]);
  }

 private:
  DistinctRows rows_;
  std::vector<std::uint64_t> counts_;  // By number.
};

}  // namespace grapevine::sql

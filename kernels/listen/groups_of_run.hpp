#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "kernels/listen/group_dimension.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"
#include "storage/text_values.hpp"

namespace grapevine {

/// A row, as its place in a block of rows, and a group that it is in.
struct GroupedRow {
  std::uint32_t row;
  std::uint32_t group;
};

/// Finds the groups of rows of one run. Not thread-safe; run and dimensions outlive it.
class GroupsOfRun {
 public:
  GroupsOfRun(const Run& run, std::span<const GroupDimension> dimensions);

  /// Whether no row of the run is in a group of the dimension.
  [[nodiscard]] bool has_none(std::size_t dimension) const { return ready_[dimension].is_empty; }

  /// Takes each of `rows` apart by one dimension: a row of group g that is in its group h becomes one
  /// of g × groups + h, as often as there is an h. Rows count from `begin`, and ascend.
  void divide(std::size_t dimension, std::size_t begin, std::vector<GroupedRow>& rows);

 private:
  // A dimension, made ready for the run.
  struct Ready {
    const GroupDimension* dimension;
    const RunColumn* column = nullptr;   // nullptr: no row has a value.
    const PackedUints* codes = nullptr;  // One of these two where there is a column.
    std::optional<TextReader> texts;
    std::vector<std::pair<std::uint32_t, const RowList*>> topics;
    bool is_empty = false;

    [[nodiscard]] bool is_by_code_alone() const;
  };

  void divide_by_code(const Ready& by, std::size_t begin, std::vector<GroupedRow>& rows);
  // Marks the rows of a block that are about each topic.
  void mark_topics(const Ready& by, RowRange block);
  void find_groups(Ready& by, RowRange block, std::size_t row,
                   std::vector<std::uint32_t>& groups) const;

  const Run& run_;
  std::vector<Ready> ready_;
  std::vector<GroupedRow> divided_;
  std::vector<std::uint32_t> groups_;             // Of one row.
  std::vector<std::vector<std::uint8_t>> about_;  // By topic of the dimension and row of the block.
};

}  // namespace grapevine

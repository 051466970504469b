#pragma once

#include <vector>

#include "storage/column_strings.hpp"
#include "storage/merge_order.hpp"
#include "storage/part.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// Merges one column after another of the runs of one event name. Not thread-safe; refers to its
/// arguments.
class ColumnMerge {
 public:
  ColumnMerge(const MergeInputs& inputs, const MergeOrder& order, const ColumnStrings& strings)
      : inputs_(inputs), order_(order), strings_(strings) {}

  /// Adds a column to the run of each output that has a value in it, with the narrowest type that
  /// holds every input's values without losing any. Shapes: a run an output.
  void merge(ColumnId id, std::vector<Run>& merged);
  void merge_targets(std::vector<Run>& merged);
  void merge_message_ids(std::vector<Run>& merged);
  /// `moved`: rows may stand under other customers than in the inputs.
  void merge_identities(std::vector<Run>& merged, bool moved);

 private:
  void place_values(const RunColumn& column, std::size_t input, ValueType type);
  void merge_values(ColumnId id, ValueType type, std::vector<Run>& merged);
  void merge_texts(ColumnId id, std::vector<Run>& merged);

  const MergeInputs& inputs_;
  const MergeOrder& order_;
  const ColumnStrings& strings_;
  std::vector<const RunColumn*> columns_;  // By input; nullptr: it has none.
  std::vector<std::uint64_t> bits_;        // By place.
  std::vector<std::uint8_t> present_;      // By place.
};

}  // namespace grapevine

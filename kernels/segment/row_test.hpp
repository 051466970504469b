#pragma once

#include <cstdint>
#include <vector>

#include "kernels/segment/customer_rows.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Asks single rows what RowFilter asks whole runs: the rules of a selection on columns and clock,
/// but not its names, window and targets. Remembers what it found of each string, also for later
/// snapshots of the same store. Not thread-safe.
class RowTest {
 public:
  /// The selection outlives it. Precondition: it has no rules on targets.
  explicit RowTest(const EventSelection& selection)
      : selection_(&selection), known_(selection.where.size()) {}

  /// Precondition: the types of the columns are those that the selection was planned for.
  bool accepts(const Snapshot& snapshot, const CustomerRow& row);

 private:
  enum class Known : std::uint8_t { Not, No, Yes };
  bool accepts_value(const Snapshot& snapshot, const RunColumn& column, std::size_t row,
                     std::size_t rule);

  const EventSelection* selection_;
  std::vector<std::vector<Known>> known_;  // By rule and code.
};

}  // namespace grapevine

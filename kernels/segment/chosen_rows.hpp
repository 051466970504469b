#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kernels/segment/measure.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/ids.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Which of a customer's rows are looked at, of those until a moment (that included).
struct RowPick {
  RowChoice choice = RowChoice::Any;
  TimeMs until = std::numeric_limits<TimeMs>::max();
};

/// The first or last row of each of some customers. Not thread-safe; memory is kept from one call
/// to the next.
class ChosenRows {
 public:
  /// Finds them for the customers [first, last) in all living rows of `runs`.
  /// Cost: one pass over the customers and times of their rows.
  void find(std::span<const LiveRun* const> runs, std::size_t first, std::size_t last,
            const RowPick& pick);

  /// Of the rows of a run, keeps those in the mask that were found. Shapes: a byte a row.
  /// Precondition: the rows are of the customers of the last `find`.
  void keep(const LiveRun& run, RowRange rows, std::span<std::uint8_t> mask) const;

 private:
  struct Row {
    const LiveRun* run = nullptr;  // nullptr: none.
    std::uint32_t row = 0;
    TimeMs time = 0;
  };
  void look_at(const LiveRun& run, RowRange rows, const RowPick& pick);

  std::size_t first_ = 0;
  std::vector<Row> rows_;  // By customer.
};

}  // namespace grapevine

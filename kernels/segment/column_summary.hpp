#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/customers.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What a column holds, counted over all of it.
struct ColumnSummary {
  std::size_t present = 0;              ///< Customers, or rows, with a value.
  std::optional<std::size_t> distinct;  ///< Exact; nullopt: not counted.
  std::optional<double> least;          ///< Of numbers, and of times in milliseconds since 1970.
  std::optional<double> most;
  /// The most frequent values, the most frequent one first; of equally frequent ones the one that
  /// came first. A code of the column's dictionary; of Bool columns 0 or 1.
  std::vector<std::pair<std::uint32_t, std::size_t>> top;
};

/// Summaries of some columns of attributes, in their order: of what `people` have.
///
/// Errors  Cancelled: `stop` fired. Cost: as below.
absl::StatusOr<std::vector<ColumnSummary>> summarize_columns(
    std::span<const AttributeColumn* const> columns, const CustomerSet& people, std::size_t top_max,
    const Stop& stop);

/// Summaries of all attributes, in the order of `CustomerTable::attributes()`.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    One pass over each column, a column to a task; counting distinct numbers takes a hash
///         table of them.
absl::StatusOr<std::vector<ColumnSummary>> summarize_attributes(const CustomerTable& customers,
                                                                std::size_t top_max,
                                                                const Stop& stop);

/// Summaries of all columns of events, by ColumnId: `present`, `distinct` of those with a
/// dictionary, `least` and `most` of numbers. Errors and cost as above.
absl::StatusOr<std::vector<ColumnSummary>> summarize_event_columns(const Snapshot& snapshot,
                                                                   const Stop& stop);

/// First and last time of each event name, by EventNameId; nullopt where it never happened.
struct EventSpan {
  TimeMs first = 0;
  TimeMs last = 0;
};
std::vector<std::optional<EventSpan>> event_spans(const Snapshot& snapshot);

}  // namespace grapevine

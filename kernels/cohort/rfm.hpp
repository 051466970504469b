#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A customer's groups by recency, frequency and money: 1 to the number of groups, the highest the
/// best (the latest order, the most orders, the largest sum).
struct RfmGroups {
  CustomerId customer{};
  std::uint8_t recency = 0;
  std::uint8_t frequency = 0;
  std::uint8_t money = 0;

  friend bool operator==(const RfmGroups&, const RfmGroups&) = default;
};

/// Groups everyone with a selected order by their last time, their number of orders and the sum of
/// column `money` over them, each into `groups` QuantileGroups of those customers.
///
/// Shapes  Result: a row for each customer with an order, by ascending CustomerId.
/// Order   Sums are exact and rounded once, so the answer depends on no order of rows.
/// Errors  InvalidArgument: groups is not 1 to 100. Cancelled.
/// Cost    Reads the selected rows once; O(n) to find the bounds of each of the three. 32 bytes for
///         each customer with an order.
/// Source  Hughes, "Strategic Database Marketing", Probus 1994 (quintiles by rank).
absl::StatusOr<std::vector<RfmGroups>> group_by_rfm(const Snapshot& snapshot,
                                                    const EventSelection& orders, ColumnId money,
                                                    std::size_t groups, const Stop& stop);

}  // namespace grapevine

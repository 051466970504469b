#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/time_buckets.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Who came back: of those whose first period is c, how many are active k periods later.
struct Retention {
  static constexpr std::size_t kPeriodsMax = 64;

  std::size_t periods = 0;
  std::vector<std::uint64_t> people;  ///< By c × periods + k; 0 where c + k is no period.

  [[nodiscard]] std::uint64_t at(std::size_t cohort, std::size_t later) const {
    return people[cohort * periods + later];
  }
};

/// Counts the customers by the period of their first selected event and by each period in which
/// they have one. Events outside of the periods are as if they were not; the cohort is the first
/// period among those counted, and at(c, 0) its size.
///
/// Errors  InvalidArgument: more than kPeriodsMax periods, or as TimeBuckets::valid. Cancelled.
/// Cost    A mark a customer and quarter hour, as count_active_people; else the customer of each
///         selected row, and its time only where a run lies in more than one period. 3 bytes and a
///         bit a period for each customer of a task, which are a block of CustomerColumn.
absl::StatusOr<Retention> count_retention(const Snapshot& snapshot, const EventSelection& active,
                                          const TimeBuckets& periods, const Stop& stop);

}  // namespace grapevine

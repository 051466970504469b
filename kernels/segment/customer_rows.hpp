#pragma once

#include <cstdint>
#include <vector>

#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A row of one customer.
struct CustomerRow {
  const Run* run = nullptr;
  std::uint32_t row = 0;
  TimeMs ts = 0;
};

/// Finds what single customers did, where the kernels that walk runs would read everybody's rows.
/// Any number of threads may ask as long as the snapshot lives.
class CustomerRows {
 public:
  /// Cost: a look at every run.
  explicit CustomerRows(const Snapshot& snapshot);

  /// Fills `rows` with the customer's living rows of that name from `from` on, by (time, sequence).
  /// Cost: a search, mostly of a few steps, in each run that reaches `from`.
  void read(CustomerId customer, EventNameId event, TimeMs from,
            std::vector<CustomerRow>& rows) const;

 private:
  std::vector<std::vector<LiveRun>> runs_;  // By event.
};

/// Adds to `found` the customers of living rows of that name whose time is in [from, to), with the
/// time. Cost: one pass over the times of the runs that touch the stretch.
struct TimedCustomer {
  TimeMs ts = 0;
  CustomerId customer{};
};
void rows_between(const Snapshot& snapshot, EventNameId event, TimeMs from, TimeMs to,
                  std::vector<TimedCustomer>& found);

}  // namespace grapevine

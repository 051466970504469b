#include "kernels/cohort/retention.hpp"

#include "kernels/cohort/active_periods.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {

absl::StatusOr<Retention> count_retention(const Snapshot& snapshot, const EventSelection& active,
                                          const TimeBuckets& periods, const Stop& stop) {
  if (absl::Status valid = periods.valid(); !valid.ok()) return valid;
  if (periods.count > Retention::kPeriodsMax) {
    return absl::InvalidArgumentError("there must be at most 64 periods");
  }
  struct Scratch {
    ActivePeriods active;
    std::vector<std::uint64_t> people;
  };
  const RowFilter filter(snapshot, active);
  const ActiveSources sources =
      ActiveSources::of(snapshot.parts(), ActiveEvents(snapshot, active), filter, periods);
  const SourcesByPeriod by_period(sources, periods);
  Retention retention{periods.count, std::vector<std::uint64_t>(periods.count * periods.count)};
  WorkerLocal<Scratch> scratch([&] { return Scratch{ActivePeriods(periods), retention.people}; });
  for_each(blocks_of(snapshot.customers().count(), kCustomersPerBlock), [&](std::size_t block) {
    if (stop.requested()) return;
    Scratch& mine = scratch.mine();
    mine.active.read(by_period, filter, block);
    mine.active.add_to(mine.people);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting retention");
  scratch.for_each_made([&](const Scratch& made) {
    for (std::size_t i = 0; i < made.people.size(); ++i) retention.people[i] += made.people[i];
  });
  return retention;
}

}  // namespace grapevine

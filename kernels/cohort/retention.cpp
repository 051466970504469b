#include "kernels/cohort/retention.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/stretches.hpp"

namespace grapevine {
namespace {

// Customers to a task: their bits fit a second-level cache, and every run is searched once a task.
constexpr std::size_t kCustomersTogether = 16'384;

// Sets the bit of each row's period at its customer.
void note_periods(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                  const TimeBuckets& periods, const BucketFinder& finder, std::size_t first,
                  std::span<std::uint64_t> active) {
  if (run.last < periods.from || run.first >= periods.to()) return;
  const bool is_inside = run.first >= periods.from && run.last < periods.to();
  const auto period_of = [&](TimeMs time) {
    return finder.of(static_cast<std::uint64_t>(time - periods.from));
  };
  const std::size_t begin = is_inside ? period_of(run.first) : 0;
  if (is_inside && begin == period_of(run.last)) {
    const std::uint64_t bit = std::uint64_t{1} << begin;
    return for_each_meant(run, rows, mask, [&](std::size_t, CustomerId customer) {
      active[index(customer) - first] |= bit;
    });
  }
  const auto to_offset = [&](TimeMs time) {
    return (static_cast<std::uint64_t>(time) ^ Run::kSignBit) - run.times.base();
  };
  run.times.visit([&](const auto offsets) {
    if (is_inside && begin + 1 == period_of(run.last)) {  // A comparison tells the two.
      const auto width = static_cast<std::uint64_t>(periods.width_ms);
      const std::uint64_t second =
          to_offset(periods.from + static_cast<TimeMs>((begin + 1) * width));
      return for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
        const std::uint64_t later = offsets[row] >= second ? 1 : 0;
        active[index(customer) - first] |= std::uint64_t{1} << (begin + later);
      });
    }
    const std::uint64_t before = to_offset(periods.from);  // Wraps where the run begins later.
    for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
      const std::uint64_t elapsed = offsets[row] - before;
      if (elapsed >= finder.span()) return;
      active[index(customer) - first] |= std::uint64_t{1} << finder.of(elapsed);
    });
  });
}

void count_periods(std::span<const std::uint64_t> active, std::size_t periods,
                   std::span<std::uint64_t> people) {
  for (const std::uint64_t bits : active) {
    if (bits == 0) continue;
    const auto cohort = static_cast<std::size_t>(std::countr_zero(bits));
    std::uint64_t* row = people.data() + cohort * periods;
    for (std::uint64_t rest = bits >> cohort; rest != 0; rest &= rest - 1) {
      ++row[std::countr_zero(rest)];
    }
  }
}

}  // namespace

absl::StatusOr<Retention> count_retention(const Snapshot& snapshot, const EventSelection& active,
                                          const TimeBuckets& periods, const Stop& stop) {
  if (absl::Status valid = periods.valid(); !valid.ok()) return valid;
  if (periods.count > Retention::kPeriodsMax) {
    return absl::InvalidArgumentError("there must be at most 64 periods");
  }
  struct Scratch {
    std::vector<std::uint64_t> active;
    std::vector<std::uint8_t> mask;
    std::vector<std::uint64_t> people;
  };
  const RowFilter filter(snapshot, active);
  const BucketFinder finder(periods);
  const auto parts = snapshot.parts();  // Sorts what came last, before tasks look at it.
  WorkerLocal<Scratch> scratch([&] {
    return Scratch{{}, {}, std::vector<std::uint64_t>(periods.count * periods.count)};
  });
  for_each_block(
      snapshot.customers().count(), kCustomersTogether, [&](std::size_t first, std::size_t last) {
        if (stop.requested()) return;
        Scratch& mine = scratch.mine();
        mine.active.assign(last - first, 0);
        for_each_stretch(parts, filter, first, last, mine.mask,
                         [&](const LiveRun& live, RowRange rows, const auto& mask) {
                           note_periods(*live, rows, mask, periods, finder, first, mine.active);
                         });
        count_periods(mine.active, periods.count, mine.people);
      });
  if (stop.requested()) return absl::CancelledError("stopped while counting retention");
  Retention retention{periods.count, std::vector<std::uint64_t>(periods.count * periods.count)};
  scratch.for_each_made([&](const Scratch& made) {
    for (std::size_t i = 0; i < made.people.size(); ++i) retention.people[i] += made.people[i];
  });
  return retention;
}

}  // namespace grapevine

#include "kernels/cohort/retention.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/stretch_walk.hpp"

namespace grapevine {
namespace {

// Customers to a task: their bits fit a second-level cache, and each run is read in stretches that are
// long enough for the processor to read ahead.
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

// How many customers have which byte of their periods, counted from their first one: without a branch a
// customer, and taken apart into bits once at the end.
class PeriodBytes {
 public:
  explicit PeriodBytes(std::size_t periods)
      : periods_(periods), bytes_((periods + 7) / 8), counts_(periods * bytes_ * 256) {}

  void add(std::span<const std::uint64_t> active) {
    const std::uint64_t last = std::uint64_t{1} << (periods_ - 1);
    for (const std::uint64_t bits : active) {  // Who was never there is at byte 0: nobody looks.
      const auto cohort = static_cast<std::size_t>(std::countr_zero(bits | last));
      std::uint32_t* counts = counts_.data() + cohort * bytes_ * 256;
      std::uint64_t rest = bits >> cohort;
      for (std::size_t byte = 0; byte < bytes_; ++byte, rest >>= 8) {
        ++counts[byte * 256 + (rest & 0xFF)];
      }
    }
  }

  void add_to(std::span<std::uint64_t> people) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const std::size_t first = i / 256 % bytes_ * 8;  // The period of the byte's lowest bit.
      std::uint64_t* of_cohort = people.data() + i / 256 / bytes_ * periods_;
      for (std::size_t bits = i % 256; bits != 0; bits &= bits - 1) {
        of_cohort[first + static_cast<std::size_t>(std::countr_zero(bits))] += counts_[i];
      }
    }
  }

 private:
  std::size_t periods_;
  std::size_t bytes_;                  // Of one customer's periods.
  std::vector<std::uint32_t> counts_;  // By cohort, byte and its value.
};

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
    PeriodBytes bytes;
  };
  const RowFilter filter(snapshot, active);
  const BucketFinder finder(periods);
  const auto runs = selected_runs(snapshot.parts(), filter);
  WorkerLocal<Scratch> scratch([&] { return Scratch{{}, {}, PeriodBytes(periods.count)}; });
  for_each_block(snapshot.customers().count(), kCustomersTogether,
                 [&](std::size_t first, std::size_t last) {
                   if (stop.requested()) return;
                   Scratch& mine = scratch.mine();
                   mine.active.assign(last - first, 0);
                   for (const LiveRun* live : runs) {
                     const RowRange rows = rows_of_customers(**live, first, last);
                     if (rows.begin == rows.end) continue;
                     note_periods(**live, rows, filter.meant(*live, rows, mine.mask), periods,
                                  finder, first, mine.active);
                   }
                   mine.bytes.add(mine.active);
                 });
  if (stop.requested()) return absl::CancelledError("stopped while counting retention");
  Retention retention{periods.count, std::vector<std::uint64_t>(periods.count * periods.count)};
  scratch.for_each_made([&](const Scratch& made) { made.bytes.add_to(retention.people); });
  return retention;
}

}  // namespace grapevine

#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Customers to a task that walks runs: half a block of CustomerColumn, so that a task lies in one.
inline constexpr std::size_t kCustomersPerWalk = std::size_t{1} << 15;

/// The runs that may hold selected rows. Valid as long as the parts.
std::vector<const LiveRun*> selected_runs(std::span<const std::shared_ptr<const Part>> parts,
                                          const RowFilter& filter);

/// Walks the rows of one task's customers, a block of customers after the other: where a block ends in
/// a run is where the next one begins, so each is searched once and nearby. Not thread-safe; refers to
/// the runs.
class StretchWalk {
 public:
  /// Begins anew at customer `first`. Precondition: [first, last) lies in one block of CustomerColumn.
  /// Cost: four binary searches a run.
  void begin(std::span<const LiveRun* const> runs, std::size_t first, std::size_t last);

  /// Calls `body(live, rows)` for the rows of each run from where the walk stands up to `customer`.
  template <typename Body>
  void advance_to(std::size_t customer, const Body& body) {
    assert(customer >= first_ && customer - (first_ & ~std::size_t{0xFFFF}) <= 0x10000);
    const std::size_t limit = customer - (first_ & ~std::size_t{0xFFFF});
    constexpr std::size_t kAhead = 6;  // Runs: the processor does not guess where the next one is.
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (i + kAhead < places_.size()) {
        const Place& later = places_[i + kAhead];
        __builtin_prefetch(later.lows + later.row);
        __builtin_prefetch(later.lows + later.row + 32);
        prefetch_times(later);
      }
      Place& place = places_[i];
      const std::size_t end = limit > 0xFFFF ? place.end : first_from(place, limit);
      if (end == place.row) continue;
      const RowRange rows{place.row, end};
      place.row = end;
      body(*place.live, rows);
    }
  }

 private:
  struct Place {
    const LiveRun* live;
    const std::uint16_t* lows;  // Of the run's customers.
    std::size_t row;            // The next one.
    std::size_t end;            // Behind the task's last one.
  };

  static void prefetch_times(const Place& place) {
    const PackedUints& times = (*place.live)->times;
    const std::uint8_t* first = times.raw().data() + place.row * times.width();
    __builtin_prefetch(first);
    __builtin_prefetch(first + 64);
    __builtin_prefetch(first + 128);
    __builtin_prefetch(first + 192);
  }

  // The first row from `place.row` on whose customer's lower half is at least `limit`: it is looked
  // for nearby first.
  static std::size_t first_from(const Place& place, std::size_t limit) {
    std::size_t begin = place.row;
    std::size_t step = 8;
    while (begin + step < place.end && place.lows[begin + step] < limit) {
      begin += step + 1;
      step *= 2;
    }
    const std::size_t end = std::min(begin + step, place.end);
    return static_cast<std::size_t>(std::lower_bound(place.lows + begin, place.lows + end, limit) -
                                    place.lows);
  }

  std::size_t first_ = 0;
  std::vector<Place> places_;
};

}  // namespace grapevine

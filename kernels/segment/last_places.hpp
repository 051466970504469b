#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/persons.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A run that has places. Valid as long as its part.
struct PlaceRun {
  const LiveRun* live;
  const RunColumn* latitude;
  const RunColumn* longitude;
  const RealValues* latitudes;
  const RealValues* longitudes;
};

/// The runs that have places from before a moment. `reads`: told of parts, where set.
std::vector<PlaceRun> runs_with_places(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads);

/// The last place among the events of those people of a block of whom nothing else says where they
/// are. Not thread-safe; memory is kept from one block to the next.
class LastPlaces {
 public:
  /// The block is that of the customers [first, last), at most 8,192 in one block of CustomerColumn.
  /// `known`: a bit a customer, 1 = not wanted.
  void reset(std::size_t first, std::size_t last, const Persons& persons,
             std::span<const std::uint64_t> known);
  [[nodiscard]] bool any_wanted() const { return !wanted_.empty(); }
  /// `rows`: those of the block's customers.
  void look_at(const PlaceRun& run, RowRange rows, TimeMs as_of);

  /// Calls `body(slot, latitude, longitude)` for each place that was found; slots count from `first`.
  template <typename Body>
  void for_each(const Body& body) const {
    for (const Wanted& wanted : wanted_) {
      if (wanted.any) body(wanted.slot, wanted.latitude, wanted.longitude);
    }
  }

 private:
  static constexpr std::uint16_t kNone = 0xFFFF;
  struct Wanted {
    std::size_t slot;
    const LiveRun* known_in = nullptr;  // The run of whose rows none can be later.
    TimeMs time = 0;
    std::uint64_t sequence = 0;
    double latitude = 0.0;
    double longitude = 0.0;
    bool any = false;
  };
  static void look_at_row(const PlaceRun& run, std::size_t row, TimeMs as_of, Wanted& latest);

  std::size_t first_ = 0;
  std::vector<Wanted> wanted_;
  std::vector<std::uint16_t> number_of_;  // By slot: which of the wanted; or kNone.
};

}  // namespace grapevine

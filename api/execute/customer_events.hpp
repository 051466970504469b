#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "storage/snapshot.hpp"

namespace grapevine {

/// The events of one person by time, then by arrival: one after the other, none of them copied.
/// Cost: O(runs) of memory, O(log runs) an event. Not thread-safe; refers to the snapshot.
class CustomerEvents {
 public:
  struct Place {
    const Run* run;
    std::size_t row;
  };

  CustomerEvents(const Snapshot& snapshot, CustomerId customer);
  /// nullopt: that was the last one.
  std::optional<Place> next();

 private:
  // Rows of one run that are still to come. They are in order of time already.
  struct Stretch {
    const LiveRun* run;
    std::size_t row;
    std::size_t end;
    TimeMs ts = 0;               // Of `row`.
    std::uint64_t sequence = 0;  // Of `row`.
  };
  static bool is_later(const Stretch& a, const Stretch& b);
  void put(Stretch stretch);

  std::vector<Stretch> heap_;  // The earliest one is its front.
};

}  // namespace grapevine

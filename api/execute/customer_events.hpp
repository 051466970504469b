#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
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
  enum class From : std::uint8_t { Earliest, Latest };

  /// Those until a moment, that included, beginning with the earliest or with the latest.
  CustomerEvents(const Snapshot& snapshot, CustomerId customer, From from = From::Earliest,
                 TimeMs until = std::numeric_limits<TimeMs>::max());
  /// nullopt: that was the last one.
  std::optional<Place> next();

 private:
  // Rows [begin, end) of one run that are still to come. They are in order of time already.
  struct Stretch {
    const LiveRun* run;
    std::size_t begin;
    std::size_t end;
    TimeMs ts = 0;               // Of the row that comes next.
    std::uint64_t sequence = 0;  // Of that row.
  };
  [[nodiscard]] std::size_t next_row(const Stretch& stretch) const {
    return from_ == From::Earliest ? stretch.begin : stretch.end - 1;
  }
  void drop_row(Stretch& stretch) const {
    if (from_ == From::Earliest) {
      ++stretch.begin;
    } else {
      --stretch.end;
    }
  }
  [[nodiscard]] bool comes_after(const Stretch& a, const Stretch& b) const;
  void put(Stretch stretch);

  From from_;
  TimeMs until_;
  std::vector<Stretch> heap_;  // The one that comes next is its front.
};

/// What a person did, counted: until a moment, that included.
struct CustomerCounts {
  std::vector<std::size_t> by_event;  ///< By EventNameId.
  std::optional<TimeMs> first_seen;
  std::optional<TimeMs> last_seen;
};

/// Cost: one pass over the person's rows.
CustomerCounts count_events(const Snapshot& snapshot, CustomerId customer, TimeMs until);

}  // namespace grapevine

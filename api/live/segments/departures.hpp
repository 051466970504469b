#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "api/live/segments/needs.hpp"
#include "kernels/segment/customer_rows.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Somebody's row left a window, or came to be in the past.
struct Departed {
  CustomerId customer{};  ///< Who had the row; perhaps no person any more.
  Needs::Departure by;
  TimeMs when = 0;
};

/// Knows when rows leave the windows that conditions look through: each stretch of a minute is
/// looked for in the parts once, ahead of time, and what comes later is told to it. So an hour
/// without events costs nothing, and no customer has a timer. Not thread-safe.
class Departures {
 public:
  /// What is watched from now on; forgets what came before `now`.
  void restart(std::vector<Needs::Departure> watched, TimeMs now);
  /// Watches one more, from now on.
  void watch(const Needs::Departure& departure, TimeMs now);

  /// A row was stored.
  void note(EventNameId event, CustomerId customer, TimeMs ts);

  /// What happened since the last time, until `now`. `snapshot` has every row that was noted.
  void advance(const Snapshot& snapshot, TimeMs now, std::vector<Departed>& departed);

 private:
  static constexpr TimeMs kAhead = 60'000;
  struct Later {
    bool operator()(const TimedCustomer& a, const TimedCustomer& b) const { return a.ts > b.ts; }
  };
  /// Rows of one name, as they reach one age.
  struct Watch {
    TimeMs passed = 0;                  // Rows until here, included, are older.
    TimeMs looked = 0;                  // Rows until here, included, that are not, are in `coming`.
    std::vector<TimedCustomer> coming;  // A heap by Later.
  };

  std::map<Needs::Departure, Watch> watches_;
  std::vector<std::vector<std::pair<const Needs::Departure*, Watch*>>> by_event_;
};

}  // namespace grapevine

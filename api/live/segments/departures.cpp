#include "api/live/segments/departures.hpp"

#include <algorithm>
#include <utility>

namespace grapevine {

void Departures::restart(std::vector<Needs::Departure> watched, TimeMs now) {
  watches_.clear();
  by_event_.clear();
  for (const Needs::Departure& departure : watched) watch(departure, now);
}

void Departures::watch(const Needs::Departure& departure, TimeMs now) {
  const auto [at, is_new] = watches_.try_emplace(departure);
  if (!is_new) return;
  at->second.passed = at->second.looked = now - departure.delay;
  const std::size_t event = index(departure.event);
  if (event >= by_event_.size()) by_event_.resize(event + 1);
  by_event_[event].emplace_back(&at->first, &at->second);
}

void Departures::note(EventNameId event, CustomerId customer, TimeMs ts) {
  if (index(event) >= by_event_.size()) return;
  for (const auto& [departure, watch] : by_event_[index(event)]) {
    if (ts <= watch->passed || ts > watch->looked) continue;
    watch->coming.push_back({ts, customer});
    std::push_heap(watch->coming.begin(), watch->coming.end(), Later());
  }
}

void Departures::advance(const Snapshot& snapshot, TimeMs now, std::vector<Departed>& departed) {
  for (auto& [departure, watch] : watches_) {
    const TimeMs passed = now - departure.delay;
    if (passed <= watch.passed) continue;
    if (passed > watch.looked) {
      const TimeMs until = passed + kAhead;
      rows_between(snapshot, departure.event, watch.looked + 1, until + 1, watch.coming);
      std::make_heap(watch.coming.begin(), watch.coming.end(), Later());
      watch.looked = until;
    }
    while (!watch.coming.empty() && watch.coming.front().ts <= passed) {
      const TimedCustomer row = watch.coming.front();
      std::pop_heap(watch.coming.begin(), watch.coming.end(), Later());
      watch.coming.pop_back();
      departed.push_back({row.customer, departure, row.ts + departure.delay});
    }
    watch.passed = passed;
  }
}

}  // namespace grapevine

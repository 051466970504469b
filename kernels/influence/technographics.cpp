#include "kernels/influence/technographics.hpp"

#include <limits>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/combine.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/window.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kWordsPerBlock = 1024;
// A year of weeks. With periods no longer than 2^50 ms, no moment before one overflows.
constexpr std::size_t kPeriodsMax = 53;
constexpr TimeMs kPeriodMsMax = TimeMs{1} << 50;

absl::Status check(const RungCadence& cadence) {
  if (cadence.period_ms <= 0 || cadence.period_ms > kPeriodMsMax) {
    return absl::InvalidArgumentError("a period is not between 1 ms and 2^50 ms");
  }
  if (cadence.periods == 0 || cadence.periods > kPeriodsMax) {
    return absl::InvalidArgumentError("a cadence has not between 1 and 53 periods");
  }
  return absl::OkStatus();
}

// Who did one of the events in each period of a cadence.
absl::StatusOr<CustomerSet> active_in_each(const Snapshot& snapshot,
                                           const std::vector<EventNameId>& events, TimeMs as_of,
                                           const RungCadence& cadence, const Stop& stop) {
  constexpr TimeMs kFirst = std::numeric_limits<TimeMs>::min();
  CustomerSet active = CustomerSet::everyone(snapshot.customers().count());
  // A window is half-open at its end, but the moment asked about is meant.
  TimeMs to = as_of == std::numeric_limits<TimeMs>::max() ? as_of : as_of + 1;
  for (std::size_t period = 0; period != cadence.periods && !active.empty(); ++period) {
    const TimeMs from = to < kFirst + cadence.period_ms ? kFirst : to - cadence.period_ms;
    EventSelection selection{.events = events, .where = {}, .targets = {}, .from = from, .to = to};
    const Range<std::int64_t> once{1, std::numeric_limits<std::int64_t>::max()};
    absl::StatusOr<CustomerSet> found = customers_by_count(snapshot, selection, once, stop);
    if (!found.ok()) return found.status();
    intersect(active, *found);
    to = from;
  }
  return active;
}

std::vector<EventNameId> known_events(const Snapshot& snapshot, std::span<const RungEvent> events,
                                      Rung rung) {
  std::vector<EventNameId> known;
  for (const RungEvent& event : events) {
    if (event.rung != rung) continue;
    const EventNameId id = snapshot.find_event(event.event);
    if (index(id) == Dictionary::kMissing) continue;
    if (std::ranges::find(known, id) == known.end()) known.push_back(id);
  }
  return known;
}

}  // namespace

std::string_view rung_name(Rung rung) {
  switch (rung) {
    using enum Rung;
    case Inactive: return "inactive";
    case Spectator: return "spectator";
    case Joiner: return "joiner";
    case Collector: return "collector";
    case Critic: return "critic";
    case Conversationalist: return "conversationalist";
    case Creator: return "creator";
  }
  return "inactive";
}

std::span<const RungEvent> default_rung_events() {
  using enum Rung;
  static const std::vector<RungEvent> events{{"Page Viewed", Spectator},
                                             {"Screen Viewed", Spectator},
                                             {"Product Viewed", Spectator},
                                             {"Post Viewed", Spectator},
                                             {"Video Watched", Spectator},
                                             {"Customer Followed", Joiner},
                                             {"Community Joined", Joiner},
                                             {"Profile Updated", Joiner},
                                             {"Post Liked", Collector},
                                             {"Post Saved", Collector},
                                             {"Post Tagged", Collector},
                                             {"Product Added to Wishlist", Collector},
                                             {"Post Replied", Critic},
                                             {"Product Reviewed", Critic},
                                             {"Ticket Answered", Critic},
                                             {"Post Shared", Conversationalist},
                                             {"Product Shared", Conversationalist},
                                             {"Customer Mentioned", Conversationalist},
                                             {"Status Updated", Conversationalist},
                                             {"Post Created", Creator},
                                             {"Article Published", Creator},
                                             {"Video Published", Creator}};
  return events;
}

absl::StatusOr<RungSets> rung_sets(const Snapshot& snapshot, std::span<const RungEvent> events,
                                   TimeMs as_of, const TechnographicsOptions& options,
                                   const Stop& stop) {
  for (const RungCadence& cadence : {options.cadence, options.conversation_cadence}) {
    if (absl::Status status = check(cadence); !status.ok()) return status;
  }
  RungSets sets;
  for (std::size_t i = 0; i != kActiveRungs; ++i) {
    const auto rung = static_cast<Rung>(i + 1);
    sets[i] = CustomerSet(snapshot.customers().count());
    const bool conversation = rung == Rung::Conversationalist;
    if (conversation && !options.conversationalists) continue;
    const std::vector<EventNameId> known = known_events(snapshot, events, rung);
    if (known.empty()) continue;
    absl::StatusOr<CustomerSet> active =
        active_in_each(snapshot, known, as_of,
                       conversation ? options.conversation_cadence : options.cadence, stop);
    if (!active.ok()) return active.status();
    sets[i] = *std::move(active);
  }
  return sets;
}

absl::StatusOr<Technographics> technographics(const RungSets& active, const CustomerSet& counted) {
  const std::size_t customers = counted.customers();
  for (const CustomerSet& set : active) {
    if (set.customers() != customers) {
      return absl::InvalidArgumentError("sets range over different numbers of customers");
    }
  }
  Technographics ladder;
  ladder.masks.resize(customers);
  using Counts = std::array<std::size_t, std::size_t{1} << kActiveRungs>;
  WorkerLocal<Counts> worker_counts([] { return Counts{}; });
  for_each_block(counted.words().size(), kWordsPerBlock, [&](std::size_t begin, std::size_t end) {
    Counts& mine = worker_counts.mine();
    for (std::size_t v = 64 * begin; v != std::min(64 * end, customers); ++v) {
      std::uint8_t mask = 0;
      for (std::size_t i = 0; i != kActiveRungs; ++i) {
        const std::uint64_t bit = active[i].words()[v / 64] >> (v % 64) & 1;
        mask = static_cast<std::uint8_t>(mask | bit << i);
      }
      ladder.masks[v] = mask;
      if (counted.has(CustomerId(static_cast<std::uint32_t>(v)))) ++mine[mask];
    }
  });
  Counts sum{};
  worker_counts.for_each_made([&](const Counts& made) {
    for (std::size_t mask = 0; mask != sum.size(); ++mask) sum[mask] += made[mask];
  });
  ladder.on_rung[0] = sum[0];
  for (std::size_t mask = 0; mask != sum.size(); ++mask) {
    const auto highest = highest_rung(static_cast<std::uint8_t>(mask));
    ladder.highest[static_cast<std::size_t>(highest)] += sum[mask];
    for (std::size_t i = 0; i != kActiveRungs; ++i) {
      if ((mask >> i & 1) != 0) ladder.on_rung[i + 1] += sum[mask];
    }
  }
  return ladder;
}

}  // namespace grapevine

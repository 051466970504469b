#include "kernels/graph/social_ties.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

struct SocialRun {
  const LiveRun* run;
  float weight;
};

EventSelection selection_of(const Snapshot& snapshot, const SocialTieRules& rules) {
  EventSelection rows;
  for (const VerbWeight& verb : rules.verbs) rows.events.push_back(snapshot.find_event(verb.event));
  rows.where = rules.where;
  rows.from = rules.from;
  rows.to = rules.to;
  return rows;
}

std::vector<SocialRun> social_runs(const Snapshot& snapshot, const SocialTieRules& rules,
                                   const RowFilter& filter) {
  std::vector<SocialRun> runs;
  for (const auto& part : snapshot.parts()) {
    for (std::size_t i = 0; i < rules.verbs.size(); ++i) {
      const LiveRun* run = part->run(filter.selection().events[i]);
      if (run != nullptr && filter.may_have(**run)) runs.push_back({run, rules.verbs[i].weight});
    }
  }
  return runs;
}

// The ties of one run, and the times around `as_of` between which no event of it lies.
struct RunTies {
  std::vector<SocialTie> ties;
  TimeMs first = INT64_MIN;
  TimeMs next = INT64_MAX;
};

bool has(const std::optional<CustomerSet>& among, CustomerId customer) {
  return !among || among->has(customer);
}

RunTies ties_of(const Snapshot& snapshot, const SocialTieRules& rules, const RowFilter& filter,
                const SocialRun& social, TimeMs as_of) {
  const Run& run = **social.run;
  std::vector<std::uint8_t> scratch;
  const std::span<const std::uint8_t> meant = filter.meant(*social.run, {0, run.size()}, scratch);
  RunTies found;
  found.ties.reserve(meant.empty() ? run.size() : 0);
  for (std::size_t row = 0; row < run.size(); ++row) {
    if (!meant.empty() && meant[row] == 0) continue;
    const TimeMs time = run.time(row);
    if (time > as_of) {
      found.next = std::min(found.next, time);
      continue;
    }
    found.first = std::max(found.first, time);
    const CustomerId heard = snapshot.target(run, row);
    const CustomerId listener = run.customers[row];
    if (heard == kNobody || !has(rules.among, heard) || !has(rules.among, listener)) continue;
    found.ties.push_back({heard, listener, time, social.weight});
  }
  return found;
}

}  // namespace

std::vector<VerbWeight> default_verbs() {
  std::vector<VerbWeight> verbs;
  for (const auto& [event, weight] : kVerbWeights) verbs.push_back({std::string(event), weight});
  return verbs;
}

absl::StatusOr<SocialTies> social_ties(const Snapshot& snapshot, const SocialTieRules& rules,
                                       TimeMs as_of, const Stop& stop) {
  const EventSelection selection = selection_of(snapshot, rules);
  const RowFilter filter(snapshot, selection);
  const std::vector<SocialRun> runs = social_runs(snapshot, rules, filter);
  std::vector<RunTies> found(runs.size());
  for_each(runs.size(), [&](std::size_t i) {
    if (!stop.requested()) found[i] = ties_of(snapshot, rules, filter, runs[i], as_of);
  });
  if (stop.requested()) return absl::CancelledError("the graph is not wanted any more");
  SocialTies ties;
  for (RunTies& of_run : found) {
    ties.first = std::max(ties.first, of_run.first);
    ties.next = std::min(ties.next, of_run.next);
    ties.chunks.push_back(std::move(of_run.ties));
  }
  return ties;
}

}  // namespace grapevine

#include "kernels/graph/social_ties.hpp"

#include <algorithm>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

struct SocialRun {
  const LiveRun* run;
  float weight;
};

std::vector<SocialRun> social_runs(const Snapshot& snapshot) {
  std::vector<SocialRun> runs;
  for (const auto& part : snapshot.parts()) {
    for (const VerbWeight& verb : kVerbWeights) {
      if (const LiveRun* run = part->run(snapshot.find_event(verb.event))) {
        runs.push_back({run, verb.weight});
      }
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

RunTies ties_of(const Snapshot& snapshot, const SocialRun& social, TimeMs as_of) {
  const Run& run = **social.run;
  RunTies found;
  found.ties.reserve(run.size());
  for (std::size_t row = 0; row < run.size(); ++row) {
    if (social.run->is_dead(row)) continue;
    const TimeMs time = run.time(row);
    if (time > as_of) {
      found.next = std::min(found.next, time);
      continue;
    }
    found.first = std::max(found.first, time);
    const CustomerId heard = snapshot.target(run, row);
    if (heard == kNobody) continue;
    found.ties.push_back({heard, run.customers[row], time, social.weight});
  }
  return found;
}

}  // namespace

absl::StatusOr<SocialTies> social_ties(const Snapshot& snapshot, TimeMs as_of, const Stop& stop) {
  const std::vector<SocialRun> runs = social_runs(snapshot);
  std::vector<RunTies> found(runs.size());
  for_each(runs.size(), [&](std::size_t i) {
    if (!stop.requested()) found[i] = ties_of(snapshot, runs[i], as_of);
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

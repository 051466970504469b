#include "kernels/graph/social_ties.hpp"

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

struct SocialRun {
  const Run* run;
  float weight;
};

std::vector<SocialRun> social_runs(const Snapshot& snapshot) {
  std::vector<SocialRun> runs;
  for (const auto& part : snapshot.parts()) {
    for (const VerbWeight& verb : kVerbWeights) {
      if (const Run* run = part->run(snapshot.find_event(verb.event))) {
        runs.push_back({run, verb.weight});
      }
    }
  }
  return runs;
}

std::vector<SocialTie> ties_of(const Snapshot& snapshot, const SocialRun& social) {
  const Run& run = *social.run;
  std::vector<SocialTie> ties;
  ties.reserve(run.size());
  for (std::size_t row = 0; row < run.size(); ++row) {
    const CustomerId heard = snapshot.target(run, row);
    if (heard == kNobody) continue;
    ties.push_back({heard, run.customers[row], run.time(row), social.weight});
  }
  return ties;
}

}  // namespace

absl::StatusOr<std::vector<std::vector<SocialTie>>> social_ties(const Snapshot& snapshot,
                                                                const Stop& stop) {
  const std::vector<SocialRun> runs = social_runs(snapshot);
  std::vector<std::vector<SocialTie>> ties(runs.size());
  for_each(runs.size(), [&](std::size_t i) {
    if (!stop.requested()) ties[i] = ties_of(snapshot, runs[i]);
  });
  if (stop.requested()) return absl::CancelledError("the graph is not wanted any more");
  return ties;
}

}  // namespace grapevine

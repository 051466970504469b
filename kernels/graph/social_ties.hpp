#pragma once

#include <array>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A verb that shows that someone was heard, and how much one such event counts.
struct VerbWeight {
  std::string_view event;
  float weight;
};

/// api.md, "Who influences whom": the defaults.
inline constexpr std::array<VerbWeight, 5> kVerbWeights{{{"Post Shared", 1.0F},
                                                         {"Post Replied", 0.5F},
                                                         {"Customer Mentioned", 0.3F},
                                                         {"Post Liked", 0.2F},
                                                         {"Customer Followed", 0.2F}}};

/// Who heard whom, up to a moment.
struct SocialTies {
  std::vector<std::vector<SocialTie>> chunks;
  /// The same ties answer for every moment from `first` on, and before `next`.
  TimeMs first = INT64_MIN;
  TimeMs next = INT64_MAX;
};

/// Every social event of a snapshot, not after `as_of`, that is directed at someone.
///
/// Shapes  Result: a chunk for each run of such an event, in the order of parts and verbs.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One read of the runs of those events: O(their rows); parallel over runs.
absl::StatusOr<SocialTies> social_ties(const Snapshot& snapshot, TimeMs as_of, const Stop& stop);

}  // namespace grapevine

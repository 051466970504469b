#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A verb that shows that someone was heard, and how much one such event counts.
struct VerbWeight {
  std::string event;
  float weight = 1.0F;
  friend bool operator==(const VerbWeight&, const VerbWeight&) = default;
};

/// api.md, "Who influences whom": the defaults.
inline constexpr std::array<std::pair<std::string_view, float>, 5> kVerbWeights{
    {{"Post Shared", 1.0F},
     {"Post Replied", 0.5F},
     {"Customer Mentioned", 0.3F},
     {"Post Liked", 0.2F},
     {"Customer Followed", 0.2F}}};
/// The same as a list.
std::vector<VerbWeight> default_verbs();

/// Which social events count.
struct SocialTieRules {
  std::vector<VerbWeight> verbs = default_verbs();  ///< Each event once; weights above 0.
  std::vector<ColumnRule> where;                    ///< Rules on their columns, all of them.
  TimeMs from = std::numeric_limits<TimeMs>::min();
  TimeMs to = std::numeric_limits<TimeMs>::max();  ///< Not included.
  std::optional<CustomerSet> among;                ///< Both of a tie are members; unset: anyone.
};

/// Who heard whom, up to a moment.
struct SocialTies {
  std::vector<std::vector<SocialTie>> chunks;
  /// The same ties answer for every moment from `first` on, and before `next`.
  TimeMs first = INT64_MIN;
  TimeMs next = INT64_MAX;
};

/// Every social event of a snapshot that the rules want, not after `as_of`, and directed at someone.
///
/// Shapes  Result: a chunk for each run of such an event, in the order of parts and verbs.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One read of the runs of those events: O(their rows); parallel over runs.
absl::StatusOr<SocialTies> social_ties(const Snapshot& snapshot, const SocialTieRules& rules,
                                       TimeMs as_of, const Stop& stop);

}  // namespace grapevine

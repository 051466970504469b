#include "kernels/listen/episode_activity_reference.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

#include "kernels/listen/row_groups_reference.hpp"
#include "kernels/segment/window_reference.hpp"
#include "storage/schema.hpp"

namespace grapevine {

EpisodeActivity episode_activity_reference(const Snapshot& snapshot,
                                           std::span<const Episode> episodes,
                                           std::span<const GroupDimension> about, TimeMs until) {
  using Names = std::set<std::string_view>;
  const Names social{"Post Created", "Post Shared",        "Post Replied",
                     "Post Liked",   "Customer Mentioned", "Customer Followed"};
  const Names praising{"Post Created",       "Post Shared",      "Post Replied",
                       "Customer Mentioned", "Product Reviewed", "Product Shared"};
  EpisodeActivity activity;
  activity.prior.resize(episodes.size());
  std::vector<std::multiset<TimeMs>> after(episodes.size());
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const TimeMs time = run.time(row);
    const std::string_view name = snapshot.event_names().at(index(run.event));
    const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
    const bool is_scored = column != nullptr && column->has(row);
    const double score = is_scored ? std::get<RealValues>(column->values).at(row) : 0.0;
    const bool praises = is_scored ? score > static_cast<double>(0.05F) : name == "Product Shared";
    const bool is_advocacy = praising.contains(name) && praises &&
                             !row_groups_reference(run, row, about, 0, about.size()).empty();
    for (std::size_t e = 0; e < episodes.size(); ++e) {
      if (episodes[e].person != run.customers[row] || time >= until) continue;
      const TimeMs before = episodes[e].begin - time;
      if (before <= 0 && is_advocacy) after[e].insert(time);
      if (before <= 0 || before > kPriorMs) continue;
      PriorActivity& prior = activity.prior[e];
      ++prior.events;
      if (before <= kRecentMs) ++prior.events_30;
      if (social.contains(name)) ++prior.posts;
      if (name == "Order Completed") ++prior.orders;
      if (is_advocacy) ++prior.advocacies;
      if (!is_scored) continue;
      ++prior.scored;
      prior.sentiment_sum += std::llrint(std::clamp(score, -1.0, 1.0) * 4294967296.0);
    }
  });
  activity.offsets.push_back(0);
  for (const std::multiset<TimeMs>& times : after) {
    activity.advocacies.insert(activity.advocacies.end(), times.begin(), times.end());
    activity.offsets.push_back(activity.advocacies.size());
  }
  return activity;
}

}  // namespace grapevine

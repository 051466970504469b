#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/live/graph_view.hpp"
#include "api/plan/computed_plan.hpp"
#include "api/result_cache.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Computes attributes over one snapshot as of one moment, each once. Not thread-safe: one for each
/// request; parallel inside. What it is made with outlives it.
class ComputedColumns {
 public:
  using Column = std::shared_ptr<const AttributeColumn>;
  struct Source {
    const Snapshot& snapshot;
    TimeMs as_of = 0;
    GraphView& graph;
    const Stop& stop;
  };
  /// `kept`: where columns are looked for and left, for the next pages of a list; nullptr: nowhere.
  explicit ComputedColumns(const Source& source, ResultCache* kept = nullptr)
      : source_(source), kept_(kept) {}

  /// The attribute by customer, without a name. Errors  Cancelled: `stop` fired.
  absl::StatusOr<Column> column(const ComputedPlan& plan);
  /// A score with its ranks. Precondition: the plan is a ScoreColumnPlan of numbers.
  absl::StatusOr<std::shared_ptr<const RankedScore>> score(const ComputedPlan& plan);

 private:
  absl::StatusOr<std::vector<double>> worth_of_people(const ScoreColumnPlan& plan);
  absl::StatusOr<Column> find_or_compute(const ComputedPlan& plan);
  absl::StatusOr<Column> compute(const ComputedNode& node);
  absl::StatusOr<Column> seen_column(bool last);
  absl::StatusOr<Column> combine(const CombinedPlan& plan);
  const CustomerSet& people();

  Source source_;
  ResultCache* kept_;
  std::optional<CustomerSet> people_;
  std::optional<SeenTimes> seen_;
  std::map<std::string, Column> computed_;                            // By what was said.
  std::map<std::string, std::shared_ptr<const RankedScore>> scores_;  // Likewise.
};

}  // namespace grapevine

#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/live/graph_view.hpp"
#include "api/plan/segment_plan.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Conditions that only a pass over everybody can find, as of one snapshot and moment: found one
/// after the other beside the rounds, so that none waits for them. One thread runs it; any thread
/// may ask.
class LivePass {
 public:
  struct Condition {
    std::string said;
    Plan plan;  ///< As of whenever.
  };
  struct Found {
    std::string said;
    CustomerSet holds;  ///< Of the customers of the snapshot.
  };

  /// `graph` outlives it.
  LivePass(std::shared_ptr<const Snapshot> snapshot, TimeMs as_of, GraphView& graph,
           std::vector<Condition> conditions);

  /// Finds them all, unless `stop` fires.
  void run(const Stop& stop);

  [[nodiscard]] TimeMs as_of() const { return as_of_; }
  /// What was found since the last time; `is_done`: nothing comes after it.
  std::vector<Found> take_found(bool& is_done);

 private:
  const std::shared_ptr<const Snapshot> snapshot_;
  const TimeMs as_of_;
  GraphView& graph_;
  const std::vector<Condition> conditions_;

  std::mutex mutex_;
  std::vector<Found> found_;
  bool done_ = false;
};

}  // namespace grapevine

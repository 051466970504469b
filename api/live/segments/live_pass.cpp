#include "api/live/segments/live_pass.hpp"

#include <utility>

#include "api/execute/segment_executor.hpp"

namespace grapevine {

LivePass::LivePass(std::shared_ptr<const Snapshot> snapshot, TimeMs as_of, GraphView& graph,
                   std::vector<Condition> conditions)
    : snapshot_(std::move(snapshot)),
      as_of_(as_of),
      graph_(graph),
      conditions_(std::move(conditions)) {}

void LivePass::run(const Stop& stop) {
  std::vector<Plan> plans;
  for (const Condition& condition : conditions_) {
    plans.push_back(plan_at(condition.plan, *snapshot_, as_of_));
  }
  SegmentExecutor executor({*snapshot_, as_of_, graph_, stop});
  for (std::size_t i = 0; i < plans.size(); ++i) {
    absl::StatusOr<CustomerSet> holds = executor.evaluate(plans[i]);
    if (!holds.ok()) break;
    const std::lock_guard lock(mutex_);
    found_.push_back({conditions_[i].said, *std::move(holds)});
  }
  const std::lock_guard lock(mutex_);
  done_ = true;
}

std::vector<LivePass::Found> LivePass::take_found(bool& is_done) {
  const std::lock_guard lock(mutex_);
  is_done = done_;
  return std::exchange(found_, {});
}

}  // namespace grapevine

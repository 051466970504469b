#include "api/plan/computed_plan.hpp"

#include <map>
#include <utility>

namespace grapevine {
namespace {

// An operand that several share is moved once.
class ComputedMover {
 public:
  explicit ComputedMover(TimeMs as_of) : as_of_(as_of) {}

  ComputedPlan move(const ComputedPlan& plan) {
    if (const auto known = moved_.find(plan.get()); known != moved_.end()) return known->second;
    ComputedNode moved = *plan;
    if (auto* measured = std::get_if<MeasuredPlan>(&moved.what)) {
      measured->events = plan_at(measured->events, as_of_);
    } else if (auto* latest = std::get_if<LatestPlan>(&moved.what)) {
      latest->events = plan_at(latest->events, as_of_);
    } else if (auto* combined = std::get_if<CombinedPlan>(&moved.what)) {
      for (ComputedPlan& operand : combined->operands) operand = move(operand);
    } else if (auto* groups = std::get_if<GroupsPlan>(&moved.what)) {
      groups->of = move(groups->of);
    } else if (auto* score = std::get_if<ScoreColumnPlan>(&moved.what); score && score->value) {
      score->value = move(score->value);
    }
    return moved_[plan.get()] = std::make_shared<const ComputedNode>(std::move(moved));
  }

 private:
  TimeMs as_of_;
  std::map<const ComputedNode*, ComputedPlan> moved_;
};

}  // namespace

ComputedPlan computed_at(const ComputedPlan& plan, TimeMs as_of) {
  return ComputedMover(as_of).move(plan);
}

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/parse/definition.hpp"
#include "api/plan/calendar.hpp"
#include "api/plan/moving_rule.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/measure.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/customers.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

struct PlanNode;
/// Shared, because a segment that is nested twice is planned and evaluated once.
using Plan = std::shared_ptr<const PlanNode>;

struct EveryonePlan {};
struct NobodyPlan {};
struct AllPlan {
  std::vector<Plan> parts;  ///< At least two, cheapest first.
};
struct AnyPlan {
  std::vector<Plan> parts;  ///< At least two, cheapest first.
};
struct NotPlan {
  Plan part;
};
/// Customers by the value of an attribute.
struct AttributePlan {
  std::shared_ptr<const AttributeColumn> column;
  ValueTest test;
  std::shared_ptr<const MovingRule> moving;  ///< What `test` comes from, where it moves with time.
};
struct ComputedNode;
/// How a computed attribute comes about (see computed_plan.hpp).
using ComputedPlan = std::shared_ptr<const ComputedNode>;

/// Customers by the value of a computed attribute.
struct ComputedAttributePlan {
  ComputedPlan computed;
  ValueTest test;
  std::shared_ptr<const MovingRule> moving;  ///< What `test` comes from, where it moves with time.
};
/// Customers by the time of their first or last event.
struct SeenPlan {
  bool last = false;
  ValueTest test;
  std::shared_ptr<const MovingRule> moving;  ///< As above.
};
/// Customers by their own id.
struct IdPlan {
  ValueTest test;
  std::shared_ptr<const MovingRule> moving;  ///< As above.
};
/// Rows of events by name, columns and time.
struct SelectionPlan {
  /// A rule on the customer at whom an event is directed; its set is made when it is evaluated.
  struct Target {
    ValueTest test;
    bool negated = false;
    std::shared_ptr<const MovingRule> moving;
  };
  EventSelection rows;  ///< Bound to a moment. `targets` is empty until it is evaluated.
  std::vector<Target> targets;
  std::vector<std::shared_ptr<const MovingRule>> moving;  ///< One for each rule of `rows.where`.
  std::optional<std::vector<std::string>> ids;  ///< Only rows with one of these event ids.
  std::vector<WindowPlan> times;  ///< What rules on `ts` say: each is one more window.
};

/// Sets `rows.from` and `rows.to` to what a window and `times` have in common as of a moment.
void bind_times(SelectionPlan& plan, TimeWindow window, TimeMs as_of);

/// Customers by what they did.
struct EventPlan {
  SelectionPlan events;
  WindowPlan window;  ///< What `events.rows.from` and `to` come from.
  RowChoice choice = RowChoice::Any;
  Measure measure;
};
/// Customers by what they did one after the other.
struct SequencePlan {
  struct Step {
    SelectionPlan events;  ///< The first within `window`; the others from there until `as_of`.
    bool negated = false;  ///< None of them happened between its neighbours.
  };
  std::vector<Step> steps;                  ///< The first is not negated.
  WindowPlan window;                        ///< Of the first step.
  std::optional<TimeMs> conversion_window;  ///< Set where the last step is negated.
};
/// Customers by where they are (see kernels/segment/place.hpp).
struct NearPlan {
  NearCondition circle;
};
struct BoxPlan {
  BoxCondition box;
};
/// Customers by a score of influence.
struct ScorePlan {
  ComputedPlan score;  ///< A ScoreColumnPlan of numbers.
  std::variant<TopPeople, TopShare, Range<double>> which;
};
/// Customers who are at most so many ties away from a member other than themselves.
struct ConnectedPlan {
  Plan members;
  int hops = 1;
  ConnectedCondition::Direction direction = ConnectedCondition::Direction::Either;
};

/// One step of a plan: names are columns by now, times are numbers, constants are folded.
/// Immutable.
struct PlanNode {
  std::variant<EveryonePlan, NobodyPlan, AllPlan, AnyPlan, NotPlan, AttributePlan,
               ComputedAttributePlan, SeenPlan, IdPlan, EventPlan, SequencePlan, NearPlan, BoxPlan,
               ScorePlan, ConnectedPlan>
      what;
  double cost = 0.0;  ///< Bytes read, roughly: what is compared when parts are ordered.
  /// The condition as JSON, where it is one: equal conditions are the same text. Of a nested segment
  /// what its definition says.
  std::string said;
};

/// Binds the rows of a sequence's steps to a moment.
void bind_steps(SequencePlan& plan, TimeMs as_of);

/// The same plan at another moment: windows and rules that move with time are bound to `as_of`, what
/// does not depend on it is shared. The data are those that it was planned over.
Plan plan_at(const Plan& plan, TimeMs as_of);
/// The same over another snapshot of the same store, in which attributes and columns have the types
/// that they had.
Plan plan_at(const Plan& plan, const Snapshot& snapshot, TimeMs as_of);

/// What a step is made of; none for one that reads data itself.
std::vector<Plan> parts_of(const PlanNode& node);

/// Makes plans of parts, and folds what needs no data: all of nothing is everyone, any of nothing
/// is nobody, not of not is the part itself.
Plan plan_all(std::vector<Plan> parts);
Plan plan_any(std::vector<Plan> parts);
Plan plan_not(Plan part);
Plan plan_everyone();
Plan plan_nobody();

}  // namespace grapevine

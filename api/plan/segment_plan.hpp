#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/customers.hpp"
#include "storage/ids.hpp"

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
};
/// Customers by the time of their first or last event.
struct SeenPlan {
  bool last = false;
  ValueTest test;
};
/// Customers by their own id.
struct IdPlan {
  ValueTest test;
};
/// Customers by what they did.
struct EventPlan {
  /// A rule on the customer at whom an event is directed; its set is made when it is evaluated.
  struct Target {
    ValueTest test;
    bool negated = false;
  };
  struct Sum {
    ColumnId of{};
    Range<double> bounds{};
  };
  EventSelection selection;
  std::vector<Target> targets;
  std::variant<Range<std::int64_t>, Sum> measure;  ///< Bounds on the count, or a sum.
};

/// One step of a plan: names are columns by now, times are numbers, constants are folded.
/// Immutable.
struct PlanNode {
  std::variant<EveryonePlan, NobodyPlan, AllPlan, AnyPlan, NotPlan, AttributePlan, SeenPlan, IdPlan,
               EventPlan>
      what;
  double cost = 0.0;  ///< Bytes read, roughly: what is compared when parts are ordered.
};

/// Makes plans of parts, and folds what needs no data: all of nothing is everyone, any of nothing
/// is nobody, not of not is the part itself.
Plan plan_all(std::vector<Plan> parts);
Plan plan_any(std::vector<Plan> parts);
Plan plan_not(Plan part);
Plan plan_everyone();
Plan plan_nobody();

}  // namespace grapevine

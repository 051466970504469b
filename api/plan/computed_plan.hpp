#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "api/plan/segment_plan.hpp"
#include "kernels/segment/aggregate.hpp"
#include "kernels/segment/derived_column.hpp"
#include "storage/customers.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// An attribute that is not computed.
struct TraitPlan {
  std::string name;
};
/// The time of the first or last event.
struct SeenTimePlan {
  bool last = false;
};
struct MeasuredPlan {
  Plan events;  ///< An EventPlan, whose bounds are not looked at.
};
struct LatestPlan {
  Plan events;  ///< An EventPlan, whose measure is not looked at.
  EventValue value;
};
struct CombinedPlan {
  Arithmetic operation = Arithmetic::Add;
  std::vector<ComputedPlan> operands;
};
struct GroupsPlan {
  ComputedPlan of;
  std::size_t groups = 0;
};

/// A score of influence, or a label that comes with one.
struct ScoreColumnPlan {
  std::string score;             ///< A name of score_names.hpp.
  ComputedPlan value = nullptr;  ///< What people are worth, where the score asks for it.
};

/// How an attribute is computed: names are columns by now. Immutable.
struct ComputedNode {
  std::variant<TraitPlan, SeenTimePlan, MeasuredPlan, LatestPlan, CombinedPlan, GroupsPlan,
               ScoreColumnPlan>
      what;
  ValueType type = ValueType::Null;
  std::string said;   ///< The definition as JSON, those of its operands included.
  double cost = 0.0;  ///< Bytes read, roughly.
};

/// The same computation at another moment (see plan_at).
ComputedPlan computed_at(const ComputedPlan& plan, TimeMs as_of);

}  // namespace grapevine

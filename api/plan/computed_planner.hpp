#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/parse/computed_definition.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/bind_value_rule.hpp"
#include "api/plan/computed_plan.hpp"
#include "api/plan/score_names.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Turns definitions of computed attributes into plans over one snapshot, as of one moment. Not
/// thread-safe; snapshot, mistakes and the moment's timezone outlive it.
class ComputedPlanner {
 public:
  /// What the value of the influence model is called where it is asked for by what it asks for.
  static constexpr std::string_view kModelValue = "the influence model's value";

  /// `defining`: the name under which the definition is about to be stored, so that one that is
  /// computed from itself is refused; empty for none.
  ComputedPlanner(const Snapshot& snapshot, Moment moment, Mistakes& mistakes,
                  std::string_view defining = {});

  /// Notes every name that the snapshot does not know, every wrong type, attributes that are
  /// computed from each other in a circle. nullptr after a mistake.
  ComputedPlan plan(const ComputedDefinition& definition);

  /// The plan of a stored one. `pointer`: where mistakes are noted.
  ComputedPlan plan_stored(const std::string& name, const std::string& pointer);

  /// The plan of an attribute by name, whether stored, a score of influence or not computed at all.
  ComputedPlan plan_named(const std::string& name, const std::string& pointer);
  /// The plan of a score or label of influence by its name alone.
  ComputedPlan plan_score(const ScoreName& score, const std::string& pointer);

  /// The plan of what people are worth: a number.
  ComputedPlan plan_value(const ComputedOperand& value);

  /// The traits that it is computed from, stored ones included.
  [[nodiscard]] const std::set<std::string>& traits() const { return traits_; }

 private:
  bool is_in_circle(const std::string& name, const std::string& pointer);
  ComputedPlan plan_what(const ComputedDefinition& definition);
  ComputedPlan plan_measured(const ComputedDefinition& definition, const MeasuredEvents& measured);
  ComputedPlan plan_latest(const ComputedDefinition& definition, const LatestEvent& latest);
  ComputedPlan plan_combined(const CombinedAttributes& combined);
  ComputedPlan plan_groups(const AttributeGroups& groups);
  ComputedPlan plan_operand(const ComputedOperand& operand);
  struct Stored;
  Stored plan_document(const std::string& name);
  Plan plan_events(const std::string& pointer, const EventCondition& condition);

  const Snapshot& snapshot_;
  Moment moment_;
  Mistakes& mistakes_;
  std::vector<std::string> path_;  // Attributes being planned, outermost first.
  // Stored ones that were planned already, and what was wrong with them.
  struct Stored {
    ComputedPlan plan;
    std::string problem;
  };
  std::map<std::string, Stored> stored_;
  std::set<std::string> traits_;
};

}  // namespace grapevine

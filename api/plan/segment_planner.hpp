#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/parse/definition.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/bind_value_rule.hpp"
#include "api/plan/segment_plan.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Turns definitions into plans over one snapshot, as of one moment. Not thread-safe; snapshot,
/// mistakes and the moment's timezone outlive it.
class SegmentPlanner {
 public:
  /// `defining`: the name under which the definition is about to be stored, so that one that nests
  /// itself is refused; empty for none.
  SegmentPlanner(const Snapshot& snapshot, Moment moment, Mistakes& mistakes,
                 std::string_view defining = {});

  /// Notes every name that the snapshot does not know (and the nearest one that it does), every
  /// wrong type, nested segments that go in a circle. With mistakes the plan means nothing.
  Plan plan(const Condition& condition);

  /// The plan of a stored segment. `pointer`: where mistakes are noted.
  Plan plan_segment(const std::string& name, const std::string& pointer);

  /// The traits that were looked at, nested segments included: an answer for the past takes them as
  /// they are today.
  [[nodiscard]] const std::set<std::string>& traits() const { return traits_; }

 private:
  Plan make_plan(const Condition& condition);
  // Places are told by attributes, too.
  void note_places();
  std::shared_ptr<const ZoneOffsets> zone(const std::string& timezone);
  Plan plan_parts(const std::vector<Condition>& parts, Plan (*fold)(std::vector<Plan>));
  Plan plan_attribute(const AttributeCondition& condition);
  Plan plan_computed(const AttributeCondition& condition);
  Plan plan_event(const Condition& place, const EventCondition& condition);
  Plan plan_sequence(const Condition& place, const SequenceCondition& condition);
  Plan plan_influence(const Condition& place, const InfluenceCondition& condition);
  Plan plan_connected(const Condition& place, const ConnectedCondition& condition);
  // What rules on `customer_id` ask of the customer; all of them.
  Plan plan_customers(const std::vector<ValueRule>& rules, const std::string& timezone);
  [[nodiscard]] SelectionPlan bind_events(const EventRule& rule, const std::string& timezone,
                                          Occurrence occurrence);
  void keep_ids(const ValueRule& where, SelectionPlan& plan);
  // Keeps the names that a rule on `event` means.
  void keep_names(const ValueRule& where, const EventRule& rule, const Moment& moment,
                  Occurrence occurrence, EventSelection& rows);
  void bind_names(const EventRule& rule, EventSelection& rows);
  void bind_where(const ValueRule& rule, const Moment& moment, SelectionPlan& plan);
  [[nodiscard]] Moment moment_in(const std::string& timezone) const;
  [[nodiscard]] double cost_of(const SelectionPlan& plan) const;

  const Snapshot& snapshot_;
  Moment moment_;
  Mistakes& mistakes_;
  std::vector<std::string> path_;         // Segments being planned, outermost first.
  std::map<std::string, Plan> segments_;  // Planned already.
  std::map<std::string, Plan> planned_;   // By what was said: equal parts are one plan.
  std::map<std::string, std::shared_ptr<const ZoneOffsets>> zones_;
  std::set<std::string> traits_;
};

}  // namespace grapevine

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/bind/planner.hpp"

namespace grapevine::sql {

/// A column of the answer.
struct SelectItem {
  std::string name;
  BoundPtr expression;
};

/// One SELECT on its way to a plan: each member does the work of one clause.
class SelectPlanner {
 public:
  SelectPlanner(Planner& planner, const Select& select, const Environment& environment,
                Planner::From from)
      : planner_(planner),
        select_(select),
        plan_(std::move(from.plan)),
        scope_(std::move(from.scope)),
        binder_(planner, environment, scope_),
        environment_(environment) {}

  absl::StatusOr<PlanPtr> plan();

 private:
  absl::Status refuse();

  absl::Status note_names();

  absl::Status bind_items();

  // What ClickHouse calls a column or a parameter in the name of an expression: a column without its
  // table, unless another table before it has one of that name.
  std::optional<std::string> name_of_part(const Expression& part);

  bool is_repeated(const ScopeColumn& column) const;
  absl::Status add_all(const Expression& asterisk);
  // The elements of untuple(...), each a column.
  absl::Status add_untupled(const Expression& call);

  absl::StatusOr<BoundPtr> bind_condition(const ExpressionPtr& expression, const char* where);

  absl::Status add_where();

  // An expression of GROUP BY, ORDER BY or LIMIT BY: perhaps a column's place.
  absl::StatusOr<BoundPtr> bind_placed(const ExpressionPtr& expression, const char* where);

  absl::Status bind_rest();

  // Every expression that is evaluated over the groups, to be rewritten where it stands.
  void for_each_expression(const std::function<void(BoundPtr&)>& body);

  // arrayJoin(...), whose elements are a column of the plan.
  struct Element {
    std::string key;
    BoundPtr column;
  };
  absl::StatusOr<BoundPtr> with_element(const BoundPtr& expression, const Element& element);
  // Multiplies the rows of a plan for the calls in some expressions; others are to have the elements too.
  absl::Status join_arrays(PlanPtr& plan, const std::vector<BoundPtr*>& wanted,
                           const std::vector<BoundPtr*>& others = {}, bool only_in_windows = false);
  std::vector<BoundPtr*> expressions();
  // What WHERE multiplied rows by, in what was bound since.
  absl::Status use_elements();

  absl::Status add_groups();
  absl::StatusOr<PlanPtr> grouped(PlanPtr input, const std::vector<BoundPtr>& keys,
                                  const std::vector<PlannedAggregate>& aggregates);
  absl::StatusOr<PlanPtr> grouped_by_sets(const std::vector<PlannedAggregate>& aggregates);
  BoundPtr grouping_of(const sql::Bound& call, const std::vector<bool>& set) const;
  absl::Status note_grouping(const sql::Bound& call);
  absl::StatusOr<BoundPtr> over_groups(const BoundPtr& expression);
  absl::StatusOr<BoundPtr> with_window(
      const BoundPtr& node, const std::function<absl::StatusOr<BoundPtr>(const BoundPtr&)>& part);
  absl::Status add_windows();
  absl::StatusOr<PlanPtr> finish();
  absl::Status read_limit(const Limit& limit, Plan& plan);
  PlanPtr deduplicated(PlanPtr plan, std::size_t width);
  absl::StatusOr<PlanPtr> limited_by(PlanPtr plan);
  PlanPtr cut(PlanPtr plan, std::size_t width);

  Planner& planner_;
  const Select& select_;
  PlanPtr plan_;
  Scope scope_;
  ExpressionBinder binder_;
  const Environment& environment_;
  std::vector<SelectItem> items_;
  std::vector<BoundPtr> keys_;
  std::vector<std::vector<BoundPtr>> grouping_sets_;
  std::unordered_map<std::string, std::size_t> places_;         // Keys and aggregates, by key.
  std::vector<BoundPtr> groupings_;                             // Calls of grouping().
  std::unordered_map<std::string, BoundPtr> groupings_by_key_;  // What they are in all rows.
  BoundPtr having_;
  BoundPtr qualify_;
  std::vector<BoundOrder> order_;
  std::vector<BoundPtr> limit_by_;
  std::vector<BoundPtr> distinct_on_;
  std::vector<Element> elements_;
  std::size_t array_joins_ = 0;
  bool grouped_ = false;
};

}  // namespace grapevine::sql

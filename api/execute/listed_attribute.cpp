#include "api/execute/listed_attribute.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/execute/computed_columns.hpp"
#include "api/live/graph_view.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/computed_planner.hpp"
#include "api/plan/score_names.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Computes it, unless an earlier page did.
absl::StatusOr<bool> find_computed_column(std::string_view name, const ListSource& source,
                                          const Context& context, Attribute& found) {
  Mistakes mistakes;
  ComputedPlanner planner(*source.snapshot, {source.moment.as_of, context.timezone}, mistakes);
  const ComputedPlan plan = planner.plan_named(std::string(name), "?" + std::string(name));
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  ComputedColumns columns({*source.snapshot, source.moment.as_of, context.graph, context.stop},
                          &context.results);
  GRAPEVINE_ASSIGN_OR_RETURN(const auto column, columns.column(plan));
  found = {Attribute::From::Column, plan->type, column, true};
  return true;
}

}  // namespace

absl::StatusOr<bool> find_listed(std::string_view name, const ListSource& source,
                                 const Context& context, Attribute& found) {
  const bool is_computed =
      has_computed(*source.snapshot, name) || find_score_attribute(name) != nullptr;
  if (is_computed) return find_computed_column(name, source, context, found);
  return find_attribute(*source.snapshot, name, found);
}

absl::StatusOr<std::vector<ComputedAttribute>> all_computed(const ListSource& source,
                                                            const Context& context) {
  std::vector<ComputedAttribute> all;
  for (const std::string_view name : computed_names(*source.snapshot)) {
    Attribute attribute;
    const auto found = find_computed_column(name, source, context, attribute);
    if (absl::IsCancelled(found.status())) return found.status();
    if (found.ok()) all.push_back({std::string(name), std::move(attribute)});
  }
  return all;
}

std::string no_such_listed(std::string_view name, const Snapshot& snapshot) {
  std::vector<std::string_view> known = attribute_names(snapshot);
  std::vector<std::string> scores;
  for (const ScoreName& score : kScores) {
    scores.push_back(std::string(kScorePrefix) + std::string(score.name));
  }
  for (const ScoreName& label : kScoreLabels) {
    scores.push_back(std::string(kScorePrefix) + std::string(label.name));
  }
  known.insert(known.end(), scores.begin(), scores.end());
  return no_such("attribute", name, known);
}

}  // namespace grapevine

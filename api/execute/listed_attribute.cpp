#include "api/execute/listed_attribute.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/execute/computed_columns.hpp"
#include "api/live/graph_view.hpp"
#include "api/live/score_column.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/computed_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kScorePrefix = "influence.";

// Computes it, unless an earlier page did.
absl::StatusOr<bool> find_computed_column(std::string_view name, const ListSource& source,
                                          const Context& context, Attribute& found) {
  Mistakes mistakes;
  ComputedPlanner planner(*source.snapshot, {source.moment.as_of, context.timezone}, mistakes);
  const ComputedPlan plan = planner.plan_stored(std::string(name), "?" + std::string(name));
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  ComputedColumns columns({*source.snapshot, source.moment.as_of, context.stop}, &context.results);
  GRAPEVINE_ASSIGN_OR_RETURN(const auto column, columns.column(plan));
  found = {Attribute::From::Column, plan->type, column, true};
  return true;
}

}  // namespace

absl::StatusOr<bool> find_listed(std::string_view name, const ListSource& source,
                                 const Context& context, Attribute& found) {
  if (has_computed(*source.snapshot, name))
    return find_computed_column(name, source, context, found);
  if (!name.starts_with(kScorePrefix)) return find_attribute(*source.snapshot, name, found);
  const std::string_view score_name = name.substr(kScorePrefix.size());
  if (std::find(kScoreNames.begin(), kScoreNames.end(), score_name) == kScoreNames.end()) {
    return false;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto graph,
                             context.graph.at(*source.snapshot, source.moment.as_of, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto score, graph->score(score_name, context.stop));
  found = {Attribute::From::Column, ValueType::Float64,
           score_column(*graph, *score, std::string(name)), true};
  return true;
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
  for (const std::string_view score : kScoreNames) {
    scores.push_back(std::string(kScorePrefix) + std::string(score));
  }
  known.insert(known.end(), scores.begin(), scores.end());
  return no_such("attribute", name, known);
}

}  // namespace grapevine

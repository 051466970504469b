#include "api/execute/listed_attribute.hpp"

#include <algorithm>
#include <vector>

#include "api/live/graph_view.hpp"
#include "api/live/score_column.hpp"
#include "api/parse/nearest_name.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kScorePrefix = "influence.";

}  // namespace

absl::StatusOr<bool> find_listed(std::string_view name, const ListSource& source,
                                 const Context& context, Attribute& found) {
  if (!name.starts_with(kScorePrefix)) return find_attribute(*source.snapshot, name, found);
  const std::string_view score_name = name.substr(kScorePrefix.size());
  if (std::find(kScoreNames.begin(), kScoreNames.end(), score_name) == kScoreNames.end()) {
    return false;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto graph,
                             context.graph.at(*source.snapshot, source.moment.as_of, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto score, graph->score(score_name, context.stop));
  found = {Attribute::From::Column, ValueType::Float64,
           score_column(*graph, *score, std::string(name))};
  return true;
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

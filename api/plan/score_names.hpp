#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "storage/value.hpp"

namespace grapevine {

/// What influence says of a person.
struct ScoreName {
  enum class From : std::uint8_t {
    Graph,   ///< Who listens to whom.
    Events,  ///< What people did.
    Value,   ///< The graph, and what people are worth.
  };
  std::string_view name;
  From from;
  ValueType type = ValueType::Float64;
};

/// Numbers by which people are ranked.
inline constexpr std::array kScores{
    ScoreName{"pagerank", ScoreName::From::Graph},
    ScoreName{"spread", ScoreName::From::Graph},
    ScoreName{"core_number", ScoreName::From::Graph, ValueType::Int64},
    ScoreName{"betweenness", ScoreName::From::Graph},
    ScoreName{"answers", ScoreName::From::Events, ValueType::Int64},
    ScoreName{"advocacy", ScoreName::From::Events, ValueType::Int64},
    ScoreName{"ambassador", ScoreName::From::Events},
    ScoreName{"critic", ScoreName::From::Events},
    ScoreName{"influence_value", ScoreName::From::Value},
    ScoreName{"own_value", ScoreName::From::Value},
};

/// What else is said of people: attributes, but nothing to rank by.
inline constexpr std::array kScoreLabels{
    ScoreName{"community", ScoreName::From::Graph, ValueType::Int64},
    ScoreName{"rung", ScoreName::From::Events, ValueType::String},
    ScoreName{"rungs", ScoreName::From::Events, ValueType::Int64},
    ScoreName{"tier", ScoreName::From::Value, ValueType::String},
};

/// How a score is called as an attribute: `influence.pagerank`.
inline constexpr std::string_view kScorePrefix = "influence.";

/// nullptr: no score by which people are ranked has this name.
constexpr const ScoreName* find_score(std::string_view name) {
  const auto found = std::find_if(kScores.begin(), kScores.end(),
                                  [&](const ScoreName& score) { return score.name == name; });
  return found == kScores.end() ? nullptr : &*found;
}

/// The same for an attribute, `influence.` included; labels too.
constexpr const ScoreName* find_score_attribute(std::string_view attribute) {
  if (!attribute.starts_with(kScorePrefix)) return nullptr;
  const std::string_view name = attribute.substr(kScorePrefix.size());
  const auto found = std::find_if(kScoreLabels.begin(), kScoreLabels.end(),
                                  [&](const ScoreName& label) { return label.name == name; });
  return found == kScoreLabels.end() ? find_score(name) : &*found;
}

}  // namespace grapevine

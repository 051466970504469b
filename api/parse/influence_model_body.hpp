#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "api/parse/computed_definition.hpp"
#include "api/parse/json_value.hpp"
#include "api/parse/mistakes.hpp"
#include "kernels/graph/social_ties.hpp"
#include "kernels/influence/technographics.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// How influence is modelled: the body of PUT /v1/influence/model.
struct InfluenceModel {
  static constexpr std::size_t kVerbsMax = 64;
  static constexpr std::size_t kBrandsMax = 1000;
  static constexpr std::size_t kRungEventsMax = 64;

  InfluenceModel();

  std::vector<VerbWeight> verbs = default_verbs();
  TimeMs half_life_ms = TimeMs{90} * 24 * 3600 * 1000;
  ComputedOperand value;                ///< What a person is worth: an attribute or a computation.
  std::vector<std::string> own_brands;  ///< Ascending; empty: every brand counts as one's own.
  std::vector<RungEvent> ladder;        ///< What shows that someone is on a rung.
  bool conversationalists = true;       ///< False: the ladder of 2008, with six rungs.
};

/// Reads a model and notes every mistake that can be told without the data; what is absent keeps its
/// default.
InfluenceModel parse_influence_model(const JsonObject& body, Mistakes& mistakes);

/// What a person is worth where the model does not say: net spend of the last 365 days, as JSON.
extern const std::string_view kDefaultValue;

}  // namespace grapevine

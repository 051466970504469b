#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/parse/object_reader.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

/// How likely word passes an edge: the member `probability` of a question about word of mouth.
struct ProbabilityRule {
  enum class Kind : std::uint8_t { WeightedCascade, Constant, Learned };
  static constexpr std::size_t kChannelsMax = 16;

  Kind kind = Kind::WeightedCascade;
  double p = 0.01;  ///< Of Constant: on every channel that is not named.
  /// Of Constant: on some channels, ascending by name. An edge on several passes word if one does.
  std::vector<std::pair<std::string, double>> by_channel;
  std::string pointer;  ///< Where `rule` stands.

  /// The same text for the same rule.
  [[nodiscard]] std::string key() const;
};

/// The member `probability`; weighted cascade where it is absent.
ProbabilityRule take_probability(ObjectReader& reader);

/// The member `model`; independent cascade where it is absent.
CascadeModel take_model(ObjectReader& reader);

/// A number of a JSON value; nothing for what is none.
std::optional<double> number_of(const JsonValue& given);

}  // namespace grapevine

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/parse/definition.hpp"
#include "api/parse/json_value.hpp"
#include "api/parse/mistakes.hpp"
#include "kernels/segment/derived_column.hpp"

namespace grapevine {

// What the definition of a computed attribute says, as plain data: names are not looked up yet.

struct ComputedDefinition;

/// An attribute by name, or computed on the spot.
struct ComputedOperand {
  std::string pointer;
  std::string name;                          ///< Empty: `computed` has it.
  std::vector<ComputedDefinition> computed;  ///< One, or none.
};
/// What a customer's events come to. Its aggregate has no bounds.
struct MeasuredEvents {
  EventCondition events;
};
/// The value of a column at the customer's latest event that has one.
struct LatestEvent {
  EventCondition events;
  std::string of;
};
struct CombinedAttributes {
  Arithmetic operation = Arithmetic::Add;
  std::vector<ComputedOperand> operands;  ///< At least two; of Subtract and Divide two.
};
struct AttributeGroups {
  std::vector<ComputedOperand> of;  ///< One.
  std::size_t groups = 0;
};

struct ComputedDefinition {
  std::string pointer;
  std::string said;  ///< The definition as JSON.
  std::variant<MeasuredEvents, LatestEvent, CombinedAttributes, AttributeGroups> what;
};

inline constexpr std::size_t kOperandsMax = 10;  ///< Of `add`.
inline constexpr std::int64_t kGroupsMax = 100;  ///< Of `quantile_of`.

/// Reads a definition and notes every mistake that can be told without the data, each with its
/// place; nullopt: nothing of it was right.
std::optional<ComputedDefinition> parse_computed_definition(const JsonValue& definition,
                                                            const std::string& pointer,
                                                            Mistakes& mistakes);

/// The names of the attributes that a definition is computed from, each once, ascending.
std::vector<std::string> attributes_in(const ComputedDefinition& definition);

}  // namespace grapevine

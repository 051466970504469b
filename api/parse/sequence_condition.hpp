#pragma once

#include <cstddef>
#include <optional>

#include "api/parse/condition_budget.hpp"
#include "api/parse/definition.hpp"
#include "api/parse/object_reader.hpp"

namespace grapevine {

inline constexpr std::size_t kSequenceStepsMax = 32;

/// Reads the members of a `sequence`. Each step counts as a condition. nullopt: its steps are no
/// list.
std::optional<SequenceCondition> read_sequence(ObjectReader& reader, ConditionBudget& budget);

}  // namespace grapevine

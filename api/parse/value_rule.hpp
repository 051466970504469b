#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/parse/definition.hpp"
#include "api/parse/object_reader.hpp"

namespace grapevine {

/// Reads the one operator of a rule from the members of its object. Mistakes are noted; nullopt
/// where no rule can be made of it. Does not refuse other members.
std::optional<ValueRule> read_value_rule(ObjectReader& reader, std::string name);

/// The operators that bound a number: `eq lt lte gt gte between`.
inline constexpr std::array<Operator, 6> kBounds{Operator::Eq, Operator::Lt,  Operator::Lte,
                                                 Operator::Gt, Operator::Gte, Operator::Between};

/// Reads bounds on a number, of these operators, from the members of an object.
std::vector<Bound> read_bounds(ObjectReader& reader, bool whole_numbers,
                               std::span<const Operator> operators = kBounds);

/// An ISO 8601 time or epoch milliseconds, in a member that may be absent.
std::optional<SaidTime> read_time(ObjectReader& reader, std::string_view name);

/// The member `timezone`; empty where it is absent or no zone.
std::string read_timezone(ObjectReader& reader);

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/parse/definition.hpp"
#include "api/parse/mistakes.hpp"
#include "kernels/segment/measure.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// What a rule may be asked of: a column's name for messages, and its type. `is_time`: a moment,
/// kept as epoch milliseconds.
struct RuleSubject {
  std::string_view name;
  ValueType type = ValueType::Null;
  bool is_time = false;
};

/// A rule made ready: who satisfies `test`, or, where negated, everyone else, those without a value
/// included.
struct BoundRule {
  ValueTest test;
  bool negated = false;
};

/// The moment that a definition speaks from.
struct Moment {
  TimeMs as_of = 0;
  std::string_view timezone;  ///< IANA; outlives the call.
};

/// Holds a rule against the type of what it is asked of. A wrong type is a mistake that says what
/// would be right, and nullopt. A column of which no value is known yet (Null) takes any rule.
std::optional<BoundRule> bind_value_rule(const ValueRule& rule, const RuleSubject& subject,
                                         const Moment& moment, Mistakes& mistakes);

/// The numbers that satisfy every bound.
NumberBounds number_bounds(const std::vector<Bound>& bounds);
/// The doubles that do.
Range<double> real_range(const std::vector<Bound>& bounds);

}  // namespace grapevine

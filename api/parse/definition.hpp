#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/parse/within.hpp"
#include "storage/ids.hpp"

namespace grapevine {

// What a definition says, as plain data: names are not looked up yet. Each part knows its pointer
// (RFC 6901) in the request that it came from.

/// A value to compare with.
using Scalar = std::variant<bool, std::int64_t, double, std::string>;

enum class Operator : std::uint8_t {
  Eq,
  Ne,
  In,
  NotIn,
  Lt,
  Lte,
  Gt,
  Gte,
  Between,
  Contains,
  StartsWith,
  Exists,
  Within,
  AnniversaryWithin,
};

/// How an operator is written: "eq", "not_in".
std::string_view name_of(Operator op);

/// One operator on one attribute, or on one column of events.
struct ValueRule {
  std::string pointer;  ///< Of the object that holds the rule.
  std::string name;     ///< Of the attribute or column.
  Operator op = Operator::Exists;
  std::vector<Scalar> operands;  ///< Between: two. Exists: a bool. In and NotIn: any number.
  WithinSpan within;             ///< Of Within and AnniversaryWithin.

  [[nodiscard]] std::string operand_pointer() const {
    return pointer + '/' + std::string(name_of(op));
  }
};

/// A window of time: `within`, or `from` and `to`, or nothing.
struct WindowRule {
  std::optional<WithinSpan> within;
  std::optional<TimeMs> from;  ///< Included.
  std::optional<TimeMs> to;    ///< Excluded.
};

/// A bound on a count or a sum; several hold together.
struct Bound {
  Operator op = Operator::Gte;
  std::vector<Scalar> operands;  ///< Numbers: two of Between, else one.
};

struct Aggregate {
  enum class Kind : std::uint8_t { Count, Sum };
  Kind kind = Kind::Count;
  std::string of;  ///< The column of Sum.
  std::vector<Bound> bounds;
};

struct Condition;

struct AllOf {
  std::vector<Condition> parts;
};
struct AnyOf {
  std::vector<Condition> parts;
};
struct NotOf {
  std::vector<Condition> part;  ///< One.
};
struct AttributeCondition {
  ValueRule rule;
  std::string timezone;  ///< Empty: the server's.
};
struct EventCondition {
  std::vector<std::string> events;
  bool events_is_list = false;  ///< Pointers of names: "/event/0" rather than "/event".
  std::vector<ValueRule> where;
  WindowRule window;
  std::string timezone;                ///< Empty: the server's.
  std::optional<Aggregate> aggregate;  ///< None: at least once.
};
struct SegmentCondition {
  std::string name;
};
struct CustomersCondition {
  std::vector<std::string> ids;
};

/// One part of a definition.
struct Condition {
  std::string pointer;
  std::variant<AllOf, AnyOf, NotOf, AttributeCondition, EventCondition, SegmentCondition,
               CustomersCondition>
      what;
};

}  // namespace grapevine

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/parse/time.hpp"
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
  std::optional<SaidTime> from;  ///< Included.
  std::optional<SaidTime> to;    ///< Excluded.
};

/// A bound on what was measured; several hold together.
struct Bound {
  Operator op = Operator::Gte;
  std::vector<Scalar> operands;  ///< Numbers: two of Between, else one.
};

/// What is measured of the selected events, and what it must be.
struct Aggregate {
  enum class Kind : std::uint8_t { Count, Sum, Avg, Min, Max, Distinct };
  Kind kind = Kind::Count;
  std::string of;  ///< The column; of Count nothing.
  std::vector<Bound> bounds;
};

/// How an aggregate is written: "count", "sum".
std::string_view name_of(Aggregate::Kind kind);

/// Which of a customer's events a condition looks at.
enum class Occurrence : std::uint8_t {
  Any,
  First,  ///< The first one of those names, whatever `where` and the window say of it.
  Last,   ///< The last one of those names up to `as_of`.
};

/// Events by name and by what their columns hold.
struct EventRule {
  std::string pointer;  ///< Of the member that names them: "/definition/all/0/event".
  std::vector<std::string> names;
  bool is_list = false;  ///< Pointers of names: "/event/0" rather than "/event".
  std::vector<ValueRule> where;
};

/// Hours of the day and days of the week, in the timezone of the condition.
struct ClockRule {
  static constexpr std::uint32_t kAllHours = 0xFF'FFFF;
  static constexpr std::uint8_t kAllWeekdays = 0x7F;
  std::uint32_t hours = kAllHours;       ///< Bit h: from h:00 until before h + 1:00.
  std::uint8_t weekdays = kAllWeekdays;  ///< Bit 0 is Monday.

  [[nodiscard]] bool is_any() const { return hours == kAllHours && weekdays == kAllWeekdays; }
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
  EventRule events;
  WindowRule window;
  ClockRule clock;
  std::string timezone;  ///< Empty: the server's.
  Occurrence occurrence = Occurrence::Any;
  std::optional<Aggregate> aggregate;  ///< None: at least once.
};
/// Events one after the other, each later than the one before.
struct SequenceCondition {
  struct Step {
    EventRule events;
    bool negated = false;  ///< `not_event`: none of them happened at this place.
  };
  std::vector<Step> steps;                  ///< The first is not negated.
  WindowRule window;                        ///< Of the first step.
  std::string timezone;                     ///< Empty: the server's.
  std::optional<TimeMs> conversion_window;  ///< From the first step to the last; none: any time.
};
/// Customers who are within a distance of a place.
struct NearCondition {
  double latitude = 0.0;   ///< Degrees north, -90 to 90.
  double longitude = 0.0;  ///< Degrees east, -180 to 180.
  double radius_km = 0.0;  ///< Along a great circle.
};
/// Customers who are between two parallels and two meridians, both ends included. West of more
/// degrees than east: across the antimeridian.
struct BoxCondition {
  double south = 0.0;
  double west = 0.0;
  double north = 0.0;
  double east = 0.0;
};
/// So many people of the highest rank.
struct TopPeople {
  std::int64_t people = 0;
};
/// That share of the people in the graph, of the highest rank.
struct TopShare {
  double share = 0.0;  ///< 0 to 1; rounded up to whole people.
};
/// Customers by a score of influence.
struct InfluenceCondition {
  std::string score;
  std::variant<TopPeople, TopShare, std::vector<Bound>>
      which;  ///< Bounds are on the score's value.
};
/// Customers by whom they listen to, or who listens to them.
struct ConnectedCondition {
  enum class Direction : std::uint8_t {
    InfluencedBy,  ///< They listen to a member.
    Influences,    ///< A member listens to them.
    Either,
  };
  std::string segment;
  int hops = 1;  ///< At most so many ties lie between, 1 to 3.
  Direction direction = Direction::Either;
};
struct SegmentCondition {
  std::string name;
};
struct CustomersCondition {
  std::vector<std::string> ids;
};

/// How a direction is written: "influenced_by".
std::string_view name_of(ConnectedCondition::Direction direction);

/// One part of a definition.
struct Condition {
  std::string pointer;
  std::variant<AllOf, AnyOf, NotOf, AttributeCondition, EventCondition, SequenceCondition,
               NearCondition, BoxCondition, InfluenceCondition, ConnectedCondition,
               SegmentCondition, CustomersCondition>
      what;
};

}  // namespace grapevine

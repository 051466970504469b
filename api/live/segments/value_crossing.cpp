#include "api/live/segments/value_crossing.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <variant>

#include "api/encode/attribute_value.hpp"
#include "api/plan/calendar.hpp"

namespace grapevine {
namespace {

// Collects the next moment at which a value enters (as_of - duration, as_of], or leaves it.
class NextCrossing {
 public:
  NextCrossing(TimeMs duration, TimeMs now) : duration_(duration), now_(now) {}

  void meet(TimeMs value) {
    // Far values of a hostile sender must not overflow.
    constexpr TimeMs kFar = std::numeric_limits<TimeMs>::max() / 2;
    if (value > kFar || value < -kFar) return;
    if (value > now_) next_ = std::min(next_, value);
    if (value + duration_ > now_) next_ = std::min(next_, value + duration_);
  }
  [[nodiscard]] TimeMs next() const { return next_; }

 private:
  TimeMs duration_;
  TimeMs now_;
  TimeMs next_ = std::numeric_limits<TimeMs>::max();
};

// Meets the value of a customer, if it is a time.
void meet_value(const AttributePlan& plan, const AttributeColumn& column, CustomerId customer,
                NextCrossing& crossing) {
  const AttributeValue value = value_of(column, customer);
  if (const auto* number = std::get_if<std::int64_t>(&value)) crossing.meet(*number);
  if (const auto* time = std::get_if<DateTime>(&value)) crossing.meet(time->ms);
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    if (const auto named = parse_local_time(*text, plan.moving->timezone)) crossing.meet(*named);
  }
}

}  // namespace

TimeMs next_crossing(const AttributePlan& plan, const Snapshot& snapshot, CustomerId customer,
                     TimeMs now) {
  const AttributeColumn* column = snapshot.customers().attribute(plan.column->name);
  const auto* duration = std::get_if<TimeMs>(&plan.moving->rule.within);
  if (column == nullptr || duration == nullptr) return std::numeric_limits<TimeMs>::max();
  NextCrossing crossing(*duration, now);
  meet_value(plan, *column, customer, crossing);
  return crossing.next();
}

TimeMs next_crossing(const AttributePlan& plan, const Snapshot& snapshot, TimeMs now) {
  const AttributeColumn* column = snapshot.customers().attribute(plan.column->name);
  const auto* duration = std::get_if<TimeMs>(&plan.moving->rule.within);
  if (column == nullptr || duration == nullptr) return std::numeric_limits<TimeMs>::max();
  NextCrossing crossing(*duration, now);
  if (column->type == ValueType::String) {
    const Dictionary& strings = *column->dictionary;
    for (std::uint32_t code = 0; code < strings.size(); ++code) {
      const auto time = parse_local_time(strings.at(code), plan.moving->timezone);
      if (time) crossing.meet(*time);
    }
    return crossing.next();
  }
  for (std::size_t customer = 0; customer < snapshot.customers().count(); ++customer) {
    meet_value(plan, *column, CustomerId(static_cast<std::uint32_t>(customer)), crossing);
  }
  return crossing.next();
}

}  // namespace grapevine

#include "api/sql/tables/event_conditions.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "api/plan/number_interval.hpp"
#include "api/sql/bind/value_set.hpp"

namespace grapevine::sql {
namespace {

enum class Compare : std::uint8_t { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

std::optional<Compare> comparison(std::string_view name) {
  if (name == "equals") return Compare::Equal;
  if (name == "notEquals") return Compare::NotEqual;
  if (name == "less") return Compare::Less;
  if (name == "lessOrEquals") return Compare::LessOrEqual;
  if (name == "greater") return Compare::Greater;
  if (name == "greaterOrEquals") return Compare::GreaterOrEqual;
  return std::nullopt;
}

Compare mirrored(Compare compare) {
  switch (compare) {
    case Compare::Less: return Compare::Greater;
    case Compare::LessOrEqual: return Compare::GreaterOrEqual;
    case Compare::Greater: return Compare::Less;
    case Compare::GreaterOrEqual: return Compare::LessOrEqual;
    default: return compare;
  }
}

// A stored number of a constant or a set. Every one of them is a long double exactly.
std::optional<long double> number_at(const Column& column, std::size_t row) {
  const std::size_t slot = column.slot(row);
  switch (column.type.id) {
    case TypeId::Bool:
    case TypeId::UInt8: return column.fixed<std::uint8_t>()[slot];
    case TypeId::UInt16: return column.fixed<std::uint16_t>()[slot];
    case TypeId::UInt32: return column.fixed<std::uint32_t>()[slot];
    case TypeId::UInt64: return static_cast<long double>(column.fixed<std::uint64_t>()[slot]);
    case TypeId::Int8: return column.fixed<std::int8_t>()[slot];
    case TypeId::Int16: return column.fixed<std::int16_t>()[slot];
    case TypeId::Int32: return column.fixed<std::int32_t>()[slot];
    case TypeId::Int64: return static_cast<long double>(column.fixed<std::int64_t>()[slot]);
    case TypeId::Float32: return column.fixed<float>()[slot];
    case TypeId::Float64: return column.fixed<double>()[slot];
    default: return std::nullopt;
  }
}

// The floats of an interval: what is kept in 32 bits is compared as the number that it is.
Range<float> floats_of(const NumberInterval& interval) {
  const auto up = [](long double end, bool open) {
    auto nearest = static_cast<float>(end);
    while (nearest < end || (open && nearest == end)) {
      if (std::isinf(nearest) && nearest > 0) break;
      nearest = std::nextafter(nearest, INFINITY);
    }
    return nearest;
  };
  const float least = up(interval.low, interval.low_open);
  const float most = -up(-interval.high, interval.high_open);
  // Nothing beyond the infinities: an open end there leaves nothing.
  if (interval.low_open && interval.low == INFINITY) return {1, 0};
  if (interval.high_open && interval.high == -INFINITY) return {1, 0};
  return {least, most};
}

void add_interval(ValueTest& test, const NumberInterval& interval) {
  test.whole.push_back(interval.whole());
  test.real.push_back(interval.real());
  test.real32.push_back(floats_of(interval));
}

void add_comparison(ValueTest& test, Compare compare, long double number) {
  constexpr long double kInfinity = std::numeric_limits<long double>::infinity();
  switch (compare) {
    case Compare::Equal: return add_interval(test, {number, number, false, false});
    case Compare::Less: return add_interval(test, {-kInfinity, number, false, true});
    case Compare::LessOrEqual: return add_interval(test, {-kInfinity, number, false, false});
    case Compare::Greater: return add_interval(test, {number, kInfinity, true, false});
    case Compare::GreaterOrEqual: return add_interval(test, {number, kInfinity, false, false});
    case Compare::NotEqual:
      add_interval(test, {-kInfinity, number, false, true});
      return add_interval(test, {number, kInfinity, true, false});
  }
}

void normalize_all(ValueTest& test) {
  normalize(test.whole);
  normalize(test.real);
  normalize(test.real32);
  std::sort(test.texts.begin(), test.texts.end());
  test.texts.erase(std::unique(test.texts.begin(), test.texts.end()), test.texts.end());
}

// The conditions of one query, one after the other.
class Taker {
 public:
  Taker(std::span<const EventColumn> columns, const Snapshot& snapshot, const SessionFacts& facts)
      : columns_(columns), snapshot_(snapshot), facts_(facts) {}

  EventConditions take(const std::vector<BoundPtr>& conditions) {
    for (const BoundPtr& condition : conditions) {
      if (take_one(*condition)) {
        taken_.taken.push_back(condition->name);
      } else {
        taken_.left.push_back(condition);
      }
    }
    if (!events_) {
      for (std::uint32_t id = 0; id < snapshot_.event_names().size(); ++id) {
        taken_.selection.events.push_back(EventNameId(id));
      }
    } else {
      taken_.selection.events = std::move(*events_);
    }
    return std::move(taken_);
  }

 private:
  bool take_one(const Bound& condition) {
    if (condition.kind == Bound::Kind::In) return take_in(condition);
    if (condition.kind != Bound::Kind::Call) return false;
    if (condition.name == "isNotNull" || condition.name == "isNull") return take_null(condition);
    const auto compare = comparison(condition.name);
    if (!compare || condition.arguments.size() != 2) return false;
    const Bound& left = *condition.arguments[0];
    const Bound& right = *condition.arguments[1];
    if (left.kind == Bound::Kind::Column && right.constant != nullptr) {
      return take_comparison(left, *compare, right.constant);
    }
    if (right.kind == Bound::Kind::Column && left.constant != nullptr) {
      return take_comparison(right, mirrored(*compare), left.constant);
    }
    return false;
  }

  bool take_null(const Bound& condition) {
    const Bound& of = *condition.arguments[0];
    if (of.kind != Bound::Kind::Column) return false;
    const EventColumn& column = columns_[of.column];
    if (column.of != EventColumn::Of::Stored) return false;
    ColumnRule rule{column.id, {}, condition.name == "isNull"};
    rule.test.any = true;
    taken_.selection.where.push_back(std::move(rule));
    return true;
  }

  bool take_comparison(const Bound& of, Compare compare, const ColumnPtr& value) {
    if (value->is_null(0)) return false;
    const EventColumn& column = columns_[of.column];
    switch (column.of) {
      case EventColumn::Of::Time: return take_time(compare, value);
      case EventColumn::Of::Event:
        return value->type.id == TypeId::String &&
               take_events([&](std::string_view name) { return holds(name, compare, value); });
      case EventColumn::Of::Customer:
        return compare == Compare::Equal && value->type.id == TypeId::String &&
               take_customers({value});
      case EventColumn::Of::Stored: return take_stored(column.id, of.type, compare, value);
      default: return false;
    }
  }

  bool take_in(const Bound& condition) {
    if (condition.arguments.size() != 1) return false;
    const Bound& of = *condition.arguments[0];
    if (of.kind != Bound::Kind::Column) return false;
    const EventColumn& column = columns_[of.column];
    const std::vector<ColumnPtr> values = condition.set->values();
    const bool strings = values[0]->type.id == TypeId::String;
    if (column.of == EventColumn::Of::Event && strings) {
      return take_events([&](std::string_view name) {
        bool found = false;
        for (std::size_t row = 0; row < condition.set->size(); ++row) {
          found = found || values[0]->text(row) == name;
        }
        return found != condition.negated;
      });
    }
    if (column.of == EventColumn::Of::Customer && strings && !condition.negated &&
        condition.set->size() <= kCustomersMax) {
      return take_customers(values);
    }
    if (column.of != EventColumn::Of::Stored || condition.negated ||
        condition.set->size() > kValuesMax) {
      return false;
    }
    ValueTest test;
    for (std::size_t row = 0; row < condition.set->size(); ++row) {
      if (!add_value(test, snapshot_.columns()[index(column.id)].type, Compare::Equal, values[0],
                     row)) {
        return false;
      }
    }
    add_rule(column.id, std::move(test));
    return true;
  }

  static bool holds(std::string_view text, Compare compare, const ColumnPtr& value) {
    const int order = text.compare(value->text(0));
    switch (compare) {
      case Compare::Equal: return order == 0;
      case Compare::NotEqual: return order != 0;
      case Compare::Less: return order < 0;
      case Compare::LessOrEqual: return order <= 0;
      case Compare::Greater: return order > 0;
      case Compare::GreaterOrEqual: return order >= 0;
    }
    return false;
  }

  bool take_events(const std::function<bool(std::string_view)>& accepts) {
    std::vector<EventNameId> accepted;
    if (events_) {
      for (const EventNameId id : *events_) {
        if (accepts(snapshot_.event_names().at(index(id)))) accepted.push_back(id);
      }
    } else {
      for (std::uint32_t id = 0; id < snapshot_.event_names().size(); ++id) {
        if (accepts(snapshot_.event_names().at(id))) accepted.push_back(EventNameId(id));
      }
    }
    events_ = std::move(accepted);
    return true;
  }

  bool take_customers(const std::vector<ColumnPtr>& values) {
    std::vector<CustomerId> people;
    for (std::size_t row = 0; row < values[0]->stored(); ++row) {
      const std::string_view name = values[0]->text(row);
      const CustomerId person = snapshot_.customers().find(name);
      if (person == kNobody || snapshot_.customers().external_id(person) != name) continue;
      if (taken_.customers &&
          !std::binary_search(taken_.customers->begin(), taken_.customers->end(), person)) {
        continue;
      }
      people.push_back(person);
    }
    std::sort(people.begin(), people.end());
    people.erase(std::unique(people.begin(), people.end()), people.end());
    taken_.customers = std::move(people);
    return true;
  }

  // Times are compared as whole milliseconds: constants that are finer are left to the rows.
  bool take_time(Compare compare, const ColumnPtr& value) {
    const DataType& type = value->type;
    const bool fits = type.id == TypeId::String || type.id == TypeId::Date ||
                      type.id == TypeId::DateTime ||
                      (type.id == TypeId::DateTime64 && type.scale <= 3);
    if (!fits || compare == Compare::NotEqual) return false;
    DataType milliseconds = plain(TypeId::DateTime64);
    milliseconds.scale = 3;
    const auto cast_value = cast(resized(value, 1), milliseconds, facts_);
    if (!cast_value.ok() || (*cast_value)->is_null(0)) return false;
    const TimeMs time = (*cast_value)->fixed<std::int64_t>()[0];
    if (time <= std::numeric_limits<TimeMs>::min() + 1 ||
        time >= std::numeric_limits<TimeMs>::max() - 1) {
      return false;
    }
    EventSelection& selection = taken_.selection;
    if (compare == Compare::Equal || compare == Compare::GreaterOrEqual) {
      selection.from = std::max(selection.from, time);
    }
    if (compare == Compare::Greater) selection.from = std::max(selection.from, time + 1);
    if (compare == Compare::Equal || compare == Compare::LessOrEqual) {
      selection.to = std::min(selection.to, time + 1);
    }
    if (compare == Compare::Less) selection.to = std::min(selection.to, time);
    return true;
  }

  bool take_stored(ColumnId id, const DataType& type, Compare compare, const ColumnPtr& value) {
    // A number is only compared with numbers, a string with strings: all else goes by functions.
    if ((type.id == TypeId::String) != (value->type.id == TypeId::String)) return false;
    ValueTest test;
    if (!add_value(test, snapshot_.columns()[index(id)].type, compare, value, 0)) return false;
    add_rule(id, std::move(test));
    return true;
  }

  static bool add_value(ValueTest& test, ValueType kept, Compare compare, const ColumnPtr& value,
                        std::size_t row) {
    if (kept == ValueType::String) {
      if (value->type.id != TypeId::String) return false;
      test.as_text = true;
      if (compare == Compare::Equal) {
        test.texts.emplace_back(value->text(row));
      } else {
        test.text = [compare, value](std::string_view text) { return holds(text, compare, value); };
      }
      return true;
    }
    if (kept != ValueType::Int64 && kept != ValueType::Float64 && kept != ValueType::Bool) {
      return false;
    }
    const auto number = number_at(*value, row);
    if (!number || std::isnan(*number)) return false;
    if (kept == ValueType::Bool) {
      if (compare != Compare::Equal) return false;
      test.accepts_true = test.accepts_true || *number == 1;
      test.accepts_false = test.accepts_false || *number == 0;
      return true;
    }
    add_comparison(test, compare, *number);
    return true;
  }

  void add_rule(ColumnId id, ValueTest test) {
    normalize_all(test);
    taken_.selection.where.push_back({id, std::move(test), false});
  }

  static constexpr std::size_t kCustomersMax = 10'000;
  static constexpr std::size_t kValuesMax = 10'000;

  std::span<const EventColumn> columns_;
  const Snapshot& snapshot_;
  const SessionFacts& facts_;
  EventConditions taken_;
  std::optional<std::vector<EventNameId>> events_;
};

}  // namespace

EventConditions take_conditions(const std::vector<BoundPtr>& conditions,
                                std::span<const EventColumn> columns, const Snapshot& snapshot,
                                const SessionFacts& facts) {
  return Taker(columns, snapshot, facts).take(conditions);
}

}  // namespace grapevine::sql

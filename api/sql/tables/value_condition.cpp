#include "api/sql/tables/value_condition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "api/plan/number_interval.hpp"
#include "api/sql/bind/value_set.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kValuesMax = 10'000;

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

// Adds the values that compare so with a row of a constant or a set.
bool add_value(ValueTest& test, ValueType kept, Compare compare, const ColumnPtr& value,
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

std::optional<ValueCondition> in_set(const Bound& condition, const KeptAs& kept_as) {
  if (condition.negated || condition.arguments.size() != 1 || condition.set->size() > kValuesMax) {
    return std::nullopt;
  }
  const Bound& of = *condition.arguments[0];
  if (of.kind != Bound::Kind::Column) return std::nullopt;
  const auto kept = kept_as(of.column);
  if (!kept) return std::nullopt;
  ValueCondition found{of.column, {}, false};
  const std::vector<ColumnPtr> values = condition.set->values();
  for (std::size_t row = 0; row < condition.set->size(); ++row) {
    // 0.0 and -0.0 are two values to a set, one to the ranges of a test.
    if (*kept == ValueType::Float64 && number_at(*values[0], row) == 0) return std::nullopt;
    if (!add_value(found.test, *kept, Compare::Equal, values[0], row)) return std::nullopt;
  }
  normalize_all(found.test);
  return found;
}

std::optional<ValueCondition> null_or_not(const Bound& condition, const KeptAs& kept_as) {
  const Bound& of = *condition.arguments[0];
  if (of.kind != Bound::Kind::Column || !kept_as(of.column)) return std::nullopt;
  ValueCondition found{of.column, {}, condition.name == "isNull"};
  found.test.any = true;
  return found;
}

}  // namespace

bool holds(std::string_view text, Compare compare, const ColumnPtr& value) {
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

std::optional<ColumnComparison> column_comparison(const Bound& condition) {
  if (condition.kind != Bound::Kind::Call || condition.arguments.size() != 2) return std::nullopt;
  const auto compare = comparison(condition.name);
  if (!compare) return std::nullopt;
  const Bound& left = *condition.arguments[0];
  const Bound& right = *condition.arguments[1];
  ColumnComparison found;
  if (left.kind == Bound::Kind::Column && right.constant != nullptr) {
    found = {&left, *compare, right.constant};
  } else if (right.kind == Bound::Kind::Column && left.constant != nullptr) {
    found = {&right, mirrored(*compare), left.constant};
  } else {
    return std::nullopt;
  }
  if (found.value->is_null(0)) return std::nullopt;
  return found;
}

std::optional<ValueCondition> value_condition(const Bound& condition, const KeptAs& kept_as) {
  if (condition.kind == Bound::Kind::In) return in_set(condition, kept_as);
  if (condition.kind != Bound::Kind::Call) return std::nullopt;
  if (condition.name == "isNotNull" || condition.name == "isNull") {
    return null_or_not(condition, kept_as);
  }
  const auto compared = column_comparison(condition);
  if (!compared) return std::nullopt;
  const auto kept = kept_as(compared->column->column);
  // A number is only compared with numbers, a string with strings: all else goes by functions.
  const bool text = compared->column->type.id == TypeId::String;
  if (!kept || text != (compared->value->type.id == TypeId::String)) return std::nullopt;
  ValueCondition found{compared->column->column, {}, false};
  if (!add_value(found.test, *kept, compared->compare, compared->value, 0)) return std::nullopt;
  normalize_all(found.test);
  return found;
}

}  // namespace grapevine::sql

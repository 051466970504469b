#include "kernels/query/functions/time_arithmetic.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/shift_time.hpp"
#include "kernels/query/value_bytes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// A number beside a time counts days of a Date and seconds of the others.
IntervalUnit unit_beside(TypeId time) {
  return time == TypeId::Date ? IntervalUnit::Day : IntervalUnit::Second;
}

Resolved of_intervals(const DataType& type, bool subtract) {
  return {type, [type, subtract](std::span<const ColumnPtr> arguments, std::size_t rows) {
            auto result = new_fixed(type, rows);
            compute_rows(
                Numbers<std::uint64_t>(arguments[0]), Numbers<std::uint64_t>(arguments[1]), rows,
                reinterpret_cast<std::uint64_t*>(result->fixed<std::int64_t>().data()),
                [subtract](std::uint64_t a, std::uint64_t b) { return subtract ? a - b : a + b; });
            return absl::StatusOr<ColumnPtr>(std::move(result));
          }};
}

// Intervals of several units.
bool are_intervals(const DataType& type) {
  return type.id == TypeId::Tuple && !type.elements.empty() &&
         std::all_of(type.elements.begin(), type.elements.end(), [](const DataType& element) {
           return element.id == TypeId::Interval && !element.nullable;
         });
}

bool has_null(const Column& column) {
  return std::any_of(column.nulls.begin(), column.nulls.end(),
                     [](std::uint8_t is_null) { return is_null != 0; });
}

// An interval, or several, and one more. Errors  NotImplemented (48): a NULL, which no tuple is.
absl::StatusOr<Resolved> put_together(const Call& call, bool subtract) {
  const bool several = call.id(0) == TypeId::Tuple;
  const DataType& added = call.type(1);
  std::vector<DataType> units = several ? call.type(0).elements : std::vector{call.type(0)};
  const bool to_last = units.back() == added;
  if (to_last && !several) return of_intervals(added, subtract);
  if (!to_last) units.push_back(added);
  DataType type = plain(TypeId::Tuple);
  type.elements = std::move(units);
  return Resolved{
      type,
      [=, sum = of_intervals(added, subtract).kernel](
          std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        if (has_null(*arguments[0]) || has_null(*arguments[1])) {
          return query_error(QueryErrorCode::NotImplemented,
                             "Intervals of several units cannot be NULL");
        }
        const ColumnPtr before = with_nulls(full(arguments[0]), {});
        TupleValues values{several ? before->tuple().elements : std::vector{before}};
        if (!to_last) values.elements.push_back(constant_default(added, rows));
        const ColumnPtr pair[] = {values.elements.back(), arguments[1]};
        GRAPEVINE_ASSIGN_OR_RETURN(values.elements.back(), sum(pair, rows));
        auto result = std::make_shared<Column>();
        result->type = type;
        result->rows = rows;
        result->values = std::move(values);
        return ColumnPtr(std::move(result));
      }};
}

// A time that one interval after the other moves.
absl::StatusOr<Resolved> shift_by_each(const Call& call, std::size_t time, bool subtract) {
  const std::size_t other = 1 - time;
  DataType type = call.type(time);
  std::vector<FunctionPtr> moves;
  for (const DataType& interval : call.type(other).elements) {
    const Argument pair[] = {{type, nullptr}, {interval, nullptr}};
    GRAPEVINE_ASSIGN_OR_RETURN(FunctionPtr move,
                               make_function(subtract ? "minus" : "plus", pair, call.facts));
    type = move->type();
    moves.push_back(std::move(move));
  }
  return Resolved{
      type,
      [=](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        ColumnPtr moved = arguments[time];
        const ColumnPtr intervals = full(arguments[other]);
        for (std::size_t i = 0; i < moves.size(); ++i) {
          const ColumnPtr pair[] = {moved, intervals->tuple().elements[i]};
          GRAPEVINE_ASSIGN_OR_RETURN(moved, moves[i]->apply(pair, rows));
        }
        return moved;
      }};
}

// The difference of two dates in days or of two moments in seconds.
Resolved of_times() {
  return {plain(TypeId::Int32), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
            auto result = new_fixed(plain(TypeId::Int32), rows);
            compute_rows(
                Numbers<std::int64_t>(arguments[0]), Numbers<std::int64_t>(arguments[1]), rows,
                result->fixed<std::int32_t>().data(),
                [](std::int64_t a, std::int64_t b) { return static_cast<std::int32_t>(a - b); });
            return absl::StatusOr<ColumnPtr>(std::move(result));
          }};
}

}  // namespace

absl::StatusOr<Resolved> add_times(const Call& call) {
  for (const std::size_t time : {std::size_t{0}, std::size_t{1}}) {
    const std::size_t other = 1 - time;
    const bool text_time = call.id(time) == TypeId::String && call.id(other) == TypeId::Interval;
    if (!is_time(call.id(time)) && !text_time) continue;
    if (call.id(other) == TypeId::Interval) {
      return shift_time(call, time, other, call.type(other).unit, false);
    }
    if (are_intervals(call.type(other)) && !text_time) return shift_by_each(call, time, false);
    if (is_numeric(call.id(other))) {
      return shift_time(call, time, other, unit_beside(call.id(time)), false);
    }
  }
  const bool intervals = call.id(0) == TypeId::Interval || are_intervals(call.type(0));
  if (intervals && call.id(1) == TypeId::Interval) return put_together(call, false);
  return illegal_types(call);
}

absl::StatusOr<Resolved> subtract_times(const Call& call) {
  const bool text_time = call.id(0) == TypeId::String && call.id(1) == TypeId::Interval;
  if (is_time(call.id(0)) || text_time) {
    if (call.id(1) == TypeId::Interval) return shift_time(call, 0, 1, call.type(1).unit, true);
    if (are_intervals(call.type(1)) && !text_time) return shift_by_each(call, 0, true);
    if (is_numeric(call.id(1))) return shift_time(call, 0, 1, unit_beside(call.id(0)), true);
    if (call.id(0) == call.id(1) && call.id(0) != TypeId::DateTime64) return of_times();
    if (call.id(0) == TypeId::DateTime64 && call.id(1) == TypeId::DateTime64) {
      return query_error(QueryErrorCode::NotImplemented,
                         "The difference of DateTime64 would be a Decimal, which is not supported: "
                         "use dateDiff");
    }
  }
  const bool intervals = call.id(0) == TypeId::Interval || are_intervals(call.type(0));
  if (intervals && call.id(1) == TypeId::Interval) return put_together(call, true);
  return illegal_types(call);
}

}  // namespace grapevine::sql

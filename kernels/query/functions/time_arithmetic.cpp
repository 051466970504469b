#include "kernels/query/functions/time_arithmetic.hpp"

#include <utility>

#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/shift_time.hpp"
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
    if (is_numeric(call.id(other))) {
      return shift_time(call, time, other, unit_beside(call.id(time)), false);
    }
  }
  if (call.id(0) == TypeId::Interval && call.type(0) == call.type(1)) {
    return of_intervals(call.type(0), false);
  }
  return illegal_types(call);
}

absl::StatusOr<Resolved> subtract_times(const Call& call) {
  const bool text_time = call.id(0) == TypeId::String && call.id(1) == TypeId::Interval;
  if (is_time(call.id(0)) || text_time) {
    if (call.id(1) == TypeId::Interval) return shift_time(call, 0, 1, call.type(1).unit, true);
    if (is_numeric(call.id(1))) return shift_time(call, 0, 1, unit_beside(call.id(0)), true);
    if (call.id(0) == call.id(1) && call.id(0) != TypeId::DateTime64) return of_times();
    if (call.id(0) == TypeId::DateTime64 && call.id(1) == TypeId::DateTime64) {
      return query_error(QueryErrorCode::NotImplemented,
                         "The difference of DateTime64 would be a Decimal, which is not supported: "
                         "use dateDiff");
    }
  }
  if (call.id(0) == TypeId::Interval && call.type(0) == call.type(1)) {
    return of_intervals(call.type(0), true);
  }
  return illegal_types(call);
}

}  // namespace grapevine::sql

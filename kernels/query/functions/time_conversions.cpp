// toDate, toDateTime, parseDateTimeBestEffort, Unix timestamps and time zones.
#include <limits>
#include <string>
#include <utility>

#include "kernels/query/functions/cast.hpp"
#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/quarter_hours.hpp"
#include "kernels/query/functions/zone.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Failure = CastRules::Failure;

// The zone that an argument names; empty: there is no such argument.
absl::StatusOr<std::string> zone_argument(const Call& call, std::size_t argument) {
  if (call.size() <= argument) return std::string();
  GRAPEVINE_ASSIGN_OR_RETURN(std::string name, constant_string(call, argument));
  GRAPEVINE_RETURN_IF_ERROR(Zone::named(name).status());
  return name;
}

absl::StatusOr<std::uint8_t> scale_argument(const Call& call, std::size_t argument) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::int64_t scale, constant_integer(call, argument));
  if (scale < 0 || scale > 9) {
    return query_error(QueryErrorCode::ArgumentOutOfBound,
                       joined({"Scale ", std::to_string(scale),
                               " is too large for DateTime64. Maximum is up to nanoseconds (9)"}));
  }
  return static_cast<std::uint8_t>(scale);
}

template <Failure failure>
absl::StatusOr<Resolved> cast_to(const Call& call, DataType type, ReadRules reading) {
  if (failure != Failure::Error && call.id(0) != TypeId::String) return illegal_type(call, 0);
  GRAPEVINE_RETURN_IF_ERROR(check_cast(call.type(0), type));
  if (failure == Failure::Null) type = nullable(type);
  const CastRules rules{.failure = failure, .reading = reading};
  return Resolved{type, [=, facts = call.facts](std::span<const ColumnPtr> arguments, std::size_t) {
                    const ColumnPtr& column = arguments[0];
                    return cast_by(column, column->type.nullable ? nullable(type) : type, facts,
                                   rules);
                  }};
}

// The one format where what is no time is passed over, as ClickHouse has it.
template <Failure failure>
constexpr ReadRules kReading{.exact = false, .basic_times = failure != Failure::Error};

template <Failure failure>
absl::StatusOr<Resolved> to_date(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string zone, zone_argument(call, 1));
  if (zone.empty() || (call.id(0) != TypeId::DateTime && call.id(0) != TypeId::DateTime64)) {
    GRAPEVINE_ASSIGN_OR_RETURN(Resolved made,
                               cast_to<failure>(call, plain(TypeId::Date), kReading<failure>));
    if (call.id(0) != TypeId::DateTime64) return made;
    GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr shown, zone_of(call.type(0), call.facts));
    return of_quarter_hours(std::move(made), *shown);
  }
  // The day in another zone than the moment is shown in.
  DataType shown = call.type(0);
  shown.timezone = zone;
  return Resolved{plain(TypeId::Date),
                  [shown, facts = call.facts](std::span<const ColumnPtr> arguments, std::size_t) {
                    const bool may_be_null = arguments[0]->type.nullable;
                    const DataType date = plain(TypeId::Date);
                    return cast(retyped(arguments[0], may_be_null ? nullable(shown) : shown,
                                        arguments[0]->nulls),
                                may_be_null ? nullable(date) : date, facts);
                  }};
}

template <Failure failure>
absl::StatusOr<Resolved> to_date_time(const Call& call) {
  DataType type = plain(TypeId::DateTime);
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_argument(call, 1));
  if (call.size() == 1 && call.id(0) == TypeId::DateTime64) type.timezone = call.type(0).timezone;
  if (call.size() == 1 && call.id(0) == TypeId::DateTime) type.timezone = call.type(0).timezone;
  return cast_to<failure>(call, std::move(type), kReading<failure>);
}

template <Failure failure>
absl::StatusOr<Resolved> to_date_time64(const Call& call) {
  DataType type = plain(TypeId::DateTime64);
  GRAPEVINE_ASSIGN_OR_RETURN(type.scale, scale_argument(call, 1));
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_argument(call, 2));
  const bool shown = call.id(0) == TypeId::DateTime64 || call.id(0) == TypeId::DateTime;
  if (call.size() == 2 && shown) type.timezone = call.type(0).timezone;
  return cast_to<failure>(call, std::move(type), kReading<failure>);
}

template <Failure failure, bool us_style>
absl::StatusOr<Resolved> best_effort(const Call& call) {
  if (call.id(0) != TypeId::String) return illegal_type(call, 0);
  DataType type = plain(TypeId::DateTime);
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_argument(call, 1));
  return cast_to<failure>(call, std::move(type), {.us_style = us_style});
}

template <Failure failure, bool us_style>
absl::StatusOr<Resolved> best_effort64(const Call& call) {
  if (call.id(0) != TypeId::String) return illegal_type(call, 0);
  DataType type = plain(TypeId::DateTime64);
  type.scale = 3;
  if (call.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(type.scale, scale_argument(call, 1));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_argument(call, 2));
  return cast_to<failure>(call, std::move(type), {.us_style = us_style});
}

absl::StatusOr<Resolved> to_unix_timestamp(const Call& call) {
  DataType moment = plain(TypeId::DateTime);
  GRAPEVINE_ASSIGN_OR_RETURN(moment.timezone, zone_argument(call, 1));
  if (!is_time(call.id(0)) && call.id(0) != TypeId::String && !is_integer(call.id(0))) {
    return illegal_type(call, 0);
  }
  const bool fine = call.id(0) == TypeId::DateTime64;
  const std::int64_t units = power_of_ten(call.type(0).scale);
  return Resolved{
      plain(TypeId::UInt32),
      [=, facts = call.facts](std::span<const ColumnPtr> arguments,
                              std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        if (fine) {
          const Numbers<std::int64_t> values(arguments[0]);
          for (std::size_t row = 0; row < rows; ++row) {
            const std::int64_t second = values[row] / units;
            if (second < 0 || second > std::numeric_limits<std::uint32_t>::max()) {
              return query_error(QueryErrorCode::DecimalOverflow, "Convert overflow");
            }
          }
        }
        GRAPEVINE_ASSIGN_OR_RETURN(
            ColumnPtr time,
            cast_by(arguments[0], arguments[0]->type.nullable ? nullable(moment) : moment, facts,
                    {}));
        return retyped(std::move(time), plain(TypeId::UInt32));
      }};
}

template <int scale>
absl::StatusOr<Resolved> to_unix_timestamp64(const Call& call) {
  if (call.id(0) != TypeId::DateTime64) {
    return query_error(
        QueryErrorCode::IllegalTypeOfArgument,
        joined({"A value of illegal type was provided as 1st argument 'value' to "
                "function '",
                call.name, "'. Expected: DateTime64, got: ", name_of(call.type(0))}));
  }
  DataType wanted = call.type(0);
  wanted.scale = scale;
  return Resolved{plain(TypeId::Int64),
                  [wanted, facts = call.facts](std::span<const ColumnPtr> arguments,
                                               std::size_t) -> absl::StatusOr<ColumnPtr> {
                    const bool may_be_null = arguments[0]->type.nullable;
                    GRAPEVINE_ASSIGN_OR_RETURN(
                        ColumnPtr time,
                        cast(arguments[0], may_be_null ? nullable(wanted) : wanted, facts));
                    return retyped(std::move(time), plain(TypeId::Int64));
                  }};
}

template <int scale>
absl::StatusOr<Resolved> from_unix_timestamp64(const Call& call) {
  if (!is_integer(call.id(0))) return illegal_type(call, 0);
  DataType type = plain(TypeId::DateTime64);
  type.scale = scale;
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_argument(call, 1));
  return Resolved{type,
                  [type, facts = call.facts](std::span<const ColumnPtr> arguments,
                                             std::size_t) -> absl::StatusOr<ColumnPtr> {
                    const bool may_be_null = arguments[0]->type.nullable;
                    const DataType whole = plain(TypeId::Int64);
                    GRAPEVINE_ASSIGN_OR_RETURN(
                        ColumnPtr units,
                        cast(arguments[0], may_be_null ? nullable(whole) : whole, facts));
                    return retyped(std::move(units), type);
                  }};
}

absl::StatusOr<Resolved> from_unix_timestamp(const Call& call) {
  if (call.size() > 1) {
    const DataType moment = plain(TypeId::DateTime);
    const Argument first[] = {{call.type(0), nullptr}};
    GRAPEVINE_ASSIGN_OR_RETURN(const FunctionPtr to_time,
                               make_function("toDateTime", first, call.facts));
    std::vector<Argument> arguments(call.arguments.begin(), call.arguments.end());
    arguments[0] = {moment, nullptr};
    GRAPEVINE_ASSIGN_OR_RETURN(const FunctionPtr format,
                               make_function("formatDateTime", arguments, call.facts));
    return Resolved{format->type(),
                    [to_time, format](std::span<const ColumnPtr> columns,
                                      std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                      std::vector<ColumnPtr> inner(columns.begin(), columns.end());
                      const ColumnPtr number[] = {columns[0]};
                      GRAPEVINE_ASSIGN_OR_RETURN(inner[0], to_time->apply(number, rows));
                      return format->apply(inner, rows);
                    }};
  }
  if (!is_integer(call.id(0)) && !is_time(call.id(0))) return illegal_type(call, 0);
  return cast_to<Failure::Error>(call, plain(TypeId::DateTime), {});
}

absl::StatusOr<Resolved> to_timezone(const Call& call) {
  DataType type = call.type(0);
  if (type.id != TypeId::DateTime && type.id != TypeId::DateTime64) return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_argument(call, 1));
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t) {
                    return absl::StatusOr<ColumnPtr>(retyped(arguments[0], type));
                  }};
}

absl::StatusOr<Resolved> timezone_of(const Call& call) {
  if (call.id(0) != TypeId::DateTime && call.id(0) != TypeId::DateTime64) {
    return illegal_type(call, 0);
  }
  const std::string& own = call.type(0).timezone;
  const std::string name = own.empty() ? call.facts.timezone : own;
  return Resolved{plain(TypeId::String), [name](std::span<const ColumnPtr>, std::size_t rows) {
                    return absl::StatusOr<ColumnPtr>(constant_text(name, rows));
                  }};
}

absl::StatusOr<Resolved> timezone_offset(const Call& call) {
  if (call.id(0) != TypeId::DateTime && call.id(0) != TypeId::DateTime64) {
    return illegal_type(call, 0);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, zone_of(call.type(0), call.facts));
  const std::int64_t units = power_of_ten(call.type(0).scale);
  return Resolved{
      plain(TypeId::Int32), [zone, units](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Numbers<std::int64_t> values(arguments[0]);
        ZoneCursor cursor(*zone);
        auto result = new_fixed(plain(TypeId::Int32), rows);
        auto* to = result->fixed<std::int32_t>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          to[row] = static_cast<std::int32_t>(cursor.offset_of(floor_div(values[row], units)));
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"toDate", to_date<Failure::Error>, 1, 2, kSkipped},
    {"toDateOrNull", to_date<Failure::Null>, 1, 2, kSkipped},
    {"toDateOrZero", to_date<Failure::Default>, 1, 2, kSkipped},
    {"toDateTime", to_date_time<Failure::Error>, 1, 2, kSkipped},
    {"toDateTimeOrNull", to_date_time<Failure::Null>, 1, 2, kSkipped},
    {"toDateTimeOrZero", to_date_time<Failure::Default>, 1, 2, kSkipped},
    {"toDateTime64", to_date_time64<Failure::Error>, 2, 3, kSkipped},
    {"toDateTime64OrNull", to_date_time64<Failure::Null>, 2, 3, kSkipped},
    {"toDateTime64OrZero", to_date_time64<Failure::Default>, 2, 3, kSkipped},
    {"parseDateTimeBestEffort", best_effort<Failure::Error, false>, 1, 2, kSkipped},
    {"parseDateTimeBestEffortOrNull", best_effort<Failure::Null, false>, 1, 2, kSkipped},
    {"parseDateTimeBestEffortOrZero", best_effort<Failure::Default, false>, 1, 2, kSkipped},
    {"parseDateTimeBestEffortUS", best_effort<Failure::Error, true>, 1, 2, kSkipped},
    {"parseDateTimeBestEffortUSOrNull", best_effort<Failure::Null, true>, 1, 2, kSkipped},
    {"parseDateTimeBestEffortUSOrZero", best_effort<Failure::Default, true>, 1, 2, kSkipped},
    {"parseDateTime64BestEffort", best_effort64<Failure::Error, false>, 1, 3, kSkipped},
    {"parseDateTime64BestEffortOrNull", best_effort64<Failure::Null, false>, 1, 3, kSkipped},
    {"parseDateTime64BestEffortOrZero", best_effort64<Failure::Default, false>, 1, 3, kSkipped},
    {"parseDateTime64BestEffortUS", best_effort64<Failure::Error, true>, 1, 3, kSkipped},
    {"toUnixTimestamp", to_unix_timestamp, 1, 2, kSkipped},
    {"toUnixTimestamp64Second", to_unix_timestamp64<0>, 1, 1, kSkipped},
    {"toUnixTimestamp64Milli", to_unix_timestamp64<3>, 1, 1, kSkipped},
    {"toUnixTimestamp64Micro", to_unix_timestamp64<6>, 1, 1, kSkipped},
    {"toUnixTimestamp64Nano", to_unix_timestamp64<9>, 1, 1, kSkipped},
    {"fromUnixTimestamp", from_unix_timestamp, 1, 3, kSkipped},
    {"fromUnixTimestamp64Second", from_unix_timestamp64<0>, 1, 2},
    {"fromUnixTimestamp64Milli", from_unix_timestamp64<3>, 1, 2},
    {"fromUnixTimestamp64Micro", from_unix_timestamp64<6>, 1, 2},
    {"fromUnixTimestamp64Nano", from_unix_timestamp64<9>, 1, 2},
    {"toTimezone", to_timezone, 2, 2},
    {"timezoneOf", timezone_of, 1, 1},
    {"timezoneOffset", timezone_offset, 1, 1},
};

}  // namespace

std::span<const Definition> time_conversion_functions() { return kDefinitions; }

}  // namespace grapevine::sql

// CAST and the functions toInt8 ... toBool, toString and toInterval...: times are in time_conversions.
#include <utility>
#include <vector>

#include "kernels/query/functions/cast.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Failure = CastRules::Failure;

absl::StatusOr<Resolved> cast_to(const Call& call, DataType type, CastRules rules) {
  GRAPEVINE_RETURN_IF_ERROR(check_cast(call.type(0), type));
  return Resolved{
      type, [type, rules, facts = call.facts](std::span<const ColumnPtr> arguments, std::size_t) {
        // Its NULLs are dealt with around it.
        const ColumnPtr& column = arguments[0];
        const DataType wanted = column->type.nullable ? nullable(type) : type;
        return cast_by(column, wanted, facts, rules);
      }};
}

template <TypeId id>
absl::StatusOr<Resolved> to(const Call& call) {
  return cast_to(call, plain(id), {});
}

absl::Status must_be_string(const Call& call) {
  return query_error(
      QueryErrorCode::IllegalTypeOfArgument,
      joined({"Illegal type ", name_of(call.type(0)), " of first argument of function ", call.name,
              ". Conversion functions with postfix 'OrZero' or 'OrNull' should take "
              "String argument"}));
}

template <TypeId id>
absl::StatusOr<Resolved> to_or_null(const Call& call) {
  if (call.id(0) != TypeId::String) return must_be_string(call);
  return cast_to(call, nullable(plain(id)),
                 {.failure = Failure::Null, .reading = {.exact = true}, .exact_numbers = false});
}

template <TypeId id>
absl::StatusOr<Resolved> to_or_zero(const Call& call) {
  if (call.id(0) != TypeId::String) return must_be_string(call);
  return cast_to(call, plain(id),
                 {.failure = Failure::Default, .reading = {.exact = true}, .exact_numbers = false});
}

// What cannot be converted becomes the default that is an argument of its own, or 0.
absl::StatusOr<Resolved> or_default(const Call& call, DataType type, std::size_t default_argument) {
  GRAPEVINE_RETURN_IF_ERROR(check_cast(call.type(0), type));
  ColumnPtr fallback = constant_default(type, 1);
  if (call.size() > default_argument) {
    if (not_null(call.type(default_argument)) != type) {
      return query_error(
          QueryErrorCode::BadArguments,
          joined({"Default value type should be same as cast type. Expected ", name_of(type),
                  ". Actual ", name_of(call.type(default_argument))}));
    }
    fallback = nullptr;
  }
  const Argument pair[] = {{nullable(type), nullptr}, {type, nullptr}};
  GRAPEVINE_ASSIGN_OR_RETURN(const FunctionPtr if_null, make_function("ifNull", pair, call.facts));
  const CastRules rules{
      .failure = Failure::Null, .reading = {.exact = true}, .exact_numbers = true};
  return Resolved{type,
                  [=, facts = call.facts](std::span<const ColumnPtr> arguments,
                                          std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr converted,
                                               cast_by(arguments[0], nullable(type), facts, rules));
                    const ColumnPtr both[] = {converted, fallback ? resized(fallback, rows)
                                                                  : arguments[default_argument]};
                    return if_null->apply(both, rows);
                  }};
}

template <TypeId id>
absl::StatusOr<Resolved> to_or_default(const Call& call) {
  return or_default(call, plain(id), 1);
}

absl::StatusOr<Resolved> to_string(const Call& call) {
  if (call.size() == 1) return cast_to(call, plain(TypeId::String), {});
  DataType shown = call.type(0);
  if (shown.id != TypeId::DateTime && shown.id != TypeId::DateTime64) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "An incorrect number of arguments was specified for function 'toString'. "
                       "Expected 1 argument, got 2 arguments");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(shown.timezone, constant_string(call, 1));
  GRAPEVINE_RETURN_IF_ERROR(zone_of(shown, call.facts).status());
  return Resolved{plain(TypeId::String),
                  [shown, facts = call.facts](std::span<const ColumnPtr> arguments,
                                              std::size_t) -> absl::StatusOr<ColumnPtr> {
                    const ColumnPtr& column = arguments[0];
                    const bool may_be_null = column->type.nullable;
                    const DataType type = may_be_null ? nullable(shown) : shown;
                    const DataType text = plain(TypeId::String);
                    return cast(retyped(column, type, column->nulls),
                                may_be_null ? nullable(text) : text, facts);
                  }};
}

template <IntervalUnit unit>
absl::StatusOr<Resolved> to_interval(const Call& call) {
  DataType type = plain(TypeId::Interval);
  type.unit = unit;
  if (!is_numeric(call.id(0)) && call.id(0) != TypeId::String && call.id(0) != TypeId::Interval) {
    return illegal_type(call, 0);
  }
  return cast_to(call, type, {});
}

absl::StatusOr<DataType> named_type(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, 1));
  return parse_type(name);
}

absl::StatusOr<Resolved> general_cast(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(DataType type, named_type(call));
  // A moment goes on being shown where it was.
  if (is_time(type.id) && type.id != TypeId::Date && type.timezone.empty()) {
    type.timezone = call.type(0).timezone;
  }
  GRAPEVINE_RETURN_IF_ERROR(check_cast(call.type(0), type));
  return Resolved{type,
                  [type, facts = call.facts](std::span<const ColumnPtr> arguments, std::size_t) {
                    return cast(arguments[0], type, facts);
                  }};
}

absl::StatusOr<Resolved> accurate(const Call& call, Failure failure) {
  GRAPEVINE_ASSIGN_OR_RETURN(DataType type, named_type(call));
  GRAPEVINE_RETURN_IF_ERROR(check_cast(call.type(0), type));
  if (failure == Failure::Null) type = nullable(type);
  const CastRules rules{.failure = failure, .reading = {.exact = true}, .exact_numbers = true};
  return Resolved{type, [=, facts = call.facts](std::span<const ColumnPtr> arguments, std::size_t) {
                    return cast_by(arguments[0], type, facts, rules);
                  }};
}

absl::StatusOr<Resolved> accurate_cast(const Call& call) { return accurate(call, Failure::Error); }
absl::StatusOr<Resolved> accurate_cast_or_null(const Call& call) {
  return accurate(call, Failure::Null);
}
absl::StatusOr<Resolved> accurate_cast_or_default(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(DataType type, named_type(call));
  return or_default(call, std::move(type), 2);
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr auto kOwn = Definition::Nulls::Own;

#define GRAPEVINE_CONVERSIONS(name)                                      \
  {"to" #name, to<TypeId::name>, 1, 1, kSkipped},                        \
      {"to" #name "OrNull", to_or_null<TypeId::name>, 1, 1, kSkipped},   \
      {"to" #name "OrZero", to_or_zero<TypeId::name>, 1, 1, kSkipped}, { \
    "to" #name "OrDefault", to_or_default<TypeId::name>, 1, 2, kSkipped  \
  }
#define GRAPEVINE_INTERVAL(name) \
  { "toInterval" #name, to_interval<IntervalUnit::name>, 1, 1, kSkipped }

constexpr Definition kDefinitions[] = {
    GRAPEVINE_CONVERSIONS(UInt8),
    GRAPEVINE_CONVERSIONS(UInt16),
    GRAPEVINE_CONVERSIONS(UInt32),
    GRAPEVINE_CONVERSIONS(UInt64),
    GRAPEVINE_CONVERSIONS(Int8),
    GRAPEVINE_CONVERSIONS(Int16),
    GRAPEVINE_CONVERSIONS(Int32),
    GRAPEVINE_CONVERSIONS(Int64),
    GRAPEVINE_CONVERSIONS(Float32),
    GRAPEVINE_CONVERSIONS(Float64),
    {"toBool", to<TypeId::Bool>, 1, 1, kSkipped},
    {"toString", to_string, 1, 2},
    GRAPEVINE_INTERVAL(Nanosecond),
    GRAPEVINE_INTERVAL(Microsecond),
    GRAPEVINE_INTERVAL(Millisecond),
    GRAPEVINE_INTERVAL(Second),
    GRAPEVINE_INTERVAL(Minute),
    GRAPEVINE_INTERVAL(Hour),
    GRAPEVINE_INTERVAL(Day),
    GRAPEVINE_INTERVAL(Week),
    GRAPEVINE_INTERVAL(Month),
    GRAPEVINE_INTERVAL(Quarter),
    GRAPEVINE_INTERVAL(Year),
    {"CAST", general_cast, 2, 2, kOwn},
    {"_CAST", general_cast, 2, 2, kOwn},
    {"accurateCast", accurate_cast, 2, 2, kOwn},
    {"accurateCastOrNull", accurate_cast_or_null, 2, 2, kOwn},
    {"accurateCastOrDefault", accurate_cast_or_default, 2, 3, kOwn},
};
#undef GRAPEVINE_CONVERSIONS
#undef GRAPEVINE_INTERVAL

}  // namespace

std::span<const Definition> cast_functions() { return kDefinitions; }

}  // namespace grapevine::sql

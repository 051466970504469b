// Functions about NULL and about floats that are no numbers.
#include <cmath>
#include <utility>
#include <vector>

#include "kernels/query/functions/choose.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/truth.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

bool has_null(const DataType& type) { return type.nullable || type.id == TypeId::Nothing; }

template <bool wanted>
absl::StatusOr<Resolved> null_test(const Call&) {
  return Resolved{plain(TypeId::UInt8), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Column& column = *arguments[0];
                    auto result = new_fixed(plain(TypeId::UInt8), rows);
                    auto* to = result->fixed<std::uint8_t>().data();
                    const bool nothing = column.type.id == TypeId::Nothing;
                    for (std::size_t row = 0; row < rows; ++row) {
                      to[row] = (nothing || column.is_null(row)) == wanted;
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

absl::StatusOr<Resolved> is_zero_or_null(const Call& call) {
  if (!is_condition(call.type(0))) return illegal_type(call, 0);
  return Resolved{
      plain(TypeId::UInt8), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
        std::vector<std::uint8_t> truths = truths_of(arguments[0], rows);
        for (std::uint8_t& truth : truths) truth = truth != 1;
        return absl::StatusOr<ColumnPtr>(column_of_truths(std::move(truths), plain(TypeId::UInt8)));
      }};
}

absl::StatusOr<Resolved> assume_not_null(const Call& call) {
  if (call.id(0) == TypeId::Nothing) {
    return query_error(QueryErrorCode::IllegalColumn,
                       "Cannot create non-empty column with type Nothing");
  }
  const DataType type = not_null(call.type(0));
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t) {
                    const ColumnPtr& column = arguments[0];
                    if (!column->type.nullable) return absl::StatusOr<ColumnPtr>(column);
                    return absl::StatusOr<ColumnPtr>(retyped(column, type, {}));
                  }};
}

absl::StatusOr<Resolved> to_nullable(const Call& call) {
  if (!nullable(call.type(0)).nullable) return illegal_type(call, 0);
  const DataType type = nullable(call.type(0));
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t) {
                    const ColumnPtr& column = arguments[0];
                    if (column->type == type) return absl::StatusOr<ColumnPtr>(column);
                    return absl::StatusOr<ColumnPtr>(retyped(column, type, {}));
                  }};
}

// The first argument of each row that is not NULL, as the common type.
absl::StatusOr<Resolved> first_not_null(const Call& call, std::vector<std::size_t> arguments) {
  std::vector<DataType> types;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const DataType& type = call.type(arguments[i]);
    types.push_back(i + 1 < arguments.size() ? not_null(type) : type);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, common_type(types));
  return Resolved{
      type,
      [type, arguments = std::move(arguments), facts = call.facts](
          std::span<const ColumnPtr> columns, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        std::vector<ColumnPtr> branches;
        for (const std::size_t argument : arguments) {
          const ColumnPtr& column = columns[argument];
          GRAPEVINE_ASSIGN_OR_RETURN(
              ColumnPtr branch,
              cast(column, has_null(column->type) ? nullable(type) : type, facts));
          branches.push_back(std::move(branch));
        }
        const auto last = static_cast<std::uint16_t>(branches.size() - 1);
        std::vector<std::uint16_t> choice(rows, last);
        for (std::size_t i = last; i-- > 0;) {
          const Column& branch = *branches[i];
          const auto number = static_cast<std::uint16_t>(i);
          if (branch.nulls.empty()) {
            if (i == 0) return retyped(branches[0], type, {});
            std::fill(choice.begin(), choice.end(), number);
          } else if (!branch.constant) {
            const std::uint8_t* const nulls = branch.nulls.data();
            for (std::size_t row = 0; row < rows; ++row) {
              choice[row] = nulls[row] == 0 ? number : choice[row];
            }
          } else if (branch.nulls[0] == 0) {
            std::fill(choice.begin(), choice.end(), number);
          }
        }
        return choose(type, branches, choice);
      }};
}

Resolved argument_itself(const Call& call, std::size_t argument) {
  return {call.type(argument), [argument](std::span<const ColumnPtr> arguments, std::size_t) {
            return absl::StatusOr<ColumnPtr>(arguments[argument]);
          }};
}

absl::StatusOr<Resolved> if_null(const Call& call) {
  if (call.id(0) == TypeId::Nothing) return argument_itself(call, 1);
  if (!call.type(0).nullable) return argument_itself(call, 0);
  return first_not_null(call, {0, 1});
}

absl::StatusOr<Resolved> coalesce(const Call& call) {
  std::vector<std::size_t> arguments;
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (call.id(i) == TypeId::Nothing) continue;
    arguments.push_back(i);
    if (!call.type(i).nullable) break;  // Nothing after it can be asked.
  }
  if (arguments.empty()) return argument_itself(call, 0);
  if (arguments.size() == 1) return argument_itself(call, arguments[0]);
  return first_not_null(call, std::move(arguments));
}

absl::StatusOr<Resolved> null_if(const Call& call) {
  if (call.id(0) == TypeId::Nothing) return argument_itself(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const FunctionPtr equal,
                             make_function("equals", call.arguments, call.facts));
  const DataType type = nullable(call.type(0));
  if (!type.nullable) return illegal_type(call, 0);
  return Resolved{type,
                  [type, equal](std::span<const ColumnPtr> arguments,
                                std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr equals,
                                               equal->apply(arguments, rows));
                    std::vector<std::uint8_t> nulls = truths_of(equals, rows);
                    for (std::size_t row = 0; row < rows; ++row) {
                      nulls[row] = nulls[row] == 1 || arguments[0]->is_null(row);
                    }
                    return retyped(arguments[0], type, std::move(nulls));
                  }};
}

// equals where NULL is a value like another.
template <bool same>
absl::StatusOr<Resolved> null_safe_equals(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const FunctionPtr equal,
                             make_function("equals", call.arguments, call.facts));
  return Resolved{
      plain(TypeId::UInt8),
      [equal](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr equals, equal->apply(arguments, rows));
        const std::vector<std::uint8_t> truths = truths_of(equals, rows);
        auto result = new_fixed(plain(TypeId::UInt8), rows);
        auto* to = result->fixed<std::uint8_t>().data();
        const auto is_null = [&](std::size_t argument, std::size_t row) {
          return arguments[argument]->type.id == TypeId::Nothing ||
                 arguments[argument]->is_null(row);
        };
        for (std::size_t row = 0; row < rows; ++row) {
          const bool left = is_null(0, row);
          const bool right = is_null(1, row);
          to[row] = (left || right ? left && right : truths[row] == 1) == same;
        }
        return ColumnPtr(std::move(result));
      }};
}

template <typename Test>
absl::StatusOr<Resolved> float_test(const Call& call, Test test) {
  if (!is_numeric(call.id(0))) return illegal_type(call, 0);
  return Resolved{plain(TypeId::UInt8),
                  [test](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Numbers<double> values(arguments[0]);
                    auto result = new_fixed(plain(TypeId::UInt8), rows);
                    auto* to = result->fixed<std::uint8_t>().data();
                    for (std::size_t row = 0; row < rows; ++row) to[row] = test(values[row]);
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

absl::StatusOr<Resolved> is_nan(const Call& call) {
  return float_test(call, [](double value) { return std::isnan(value); });
}
absl::StatusOr<Resolved> is_finite(const Call& call) {
  return float_test(call, [](double value) { return std::isfinite(value); });
}
absl::StatusOr<Resolved> is_infinite(const Call& call) {
  return float_test(call, [](double value) { return std::isinf(value); });
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"isNull", null_test<true>, 1, 1, kOwn},
    {"isNotNull", null_test<false>, 1, 1, kOwn},
    {"isZeroOrNull", is_zero_or_null, 1, 1, kOwn},
    {"assumeNotNull", assume_not_null, 1, 1, kOwn},
    {"toNullable", to_nullable, 1, 1, kOwn},
    {"ifNull", if_null, 2, 2, kOwn},
    {"coalesce", coalesce, 1, kAnyNumber, kOwn},
    {"nullIf", null_if, 2, 2, kOwn},
    {"isNotDistinctFrom", null_safe_equals<true>, 2, 2, kOwn},
    {"isDistinctFrom", null_safe_equals<false>, 2, 2, kOwn},
    {"isNaN", is_nan, 1, 1},
    {"isFinite", is_finite, 1, 1},
    {"isInfinite", is_infinite, 1, 1},
};

}  // namespace

std::span<const Definition> null_functions() { return kDefinitions; }

}  // namespace grapevine::sql

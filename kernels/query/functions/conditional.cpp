// if, multiIf and CASE x WHEN ....
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/query/functions/choose.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/truth.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kBranchesMax = 60'000;

// The results that are chosen from, as one type.
struct Branches {
  DataType type;
  std::vector<std::size_t> arguments;  // Where each branch stands.
  std::optional<ConstantTexts> constants;
  SessionFacts facts;

  absl::StatusOr<ColumnPtr> pick(std::span<const ColumnPtr> columns,
                                 std::span<const std::uint16_t> choice) const {
    std::vector<ColumnPtr> branches;
    branches.reserve(arguments.size());
    for (const std::size_t argument : arguments) {
      const ColumnPtr& column = columns[argument];
      // NULL may be in a branch where the type has it; others keep a type without.
      const DataType wanted = column->type.nullable || column->type.id == TypeId::Nothing
                                  ? nullable(type)
                                  : not_null(type);
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr branch, cast(column, wanted, facts));
      branches.push_back(std::move(branch));
    }
    return choose(type, branches, choice, constants ? &*constants : nullptr);
  }
};

absl::StatusOr<Branches> branches_of(const Call& call, std::vector<std::size_t> arguments) {
  if (arguments.size() > kBranchesMax) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       joined({"Too many branches of function ", call.name}));
  }
  std::vector<DataType> types;
  bool constant_strings = true;
  for (const std::size_t argument : arguments) {
    types.push_back(call.type(argument));
    const bool is_text =
        call.id(argument) == TypeId::String || call.id(argument) == TypeId::Nothing;
    constant_strings &= is_text && call.arguments[argument].constant != nullptr;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(DataType type, common_type(types));
  Branches branches{std::move(type), std::move(arguments), std::nullopt, call.facts};
  if (constant_strings && branches.type.id == TypeId::String) {
    std::vector<ColumnPtr> constants;
    for (const std::size_t argument : branches.arguments) {
      constants.push_back(call.arguments[argument].constant);
    }
    branches.constants = constant_texts(constants);
  }
  return branches;
}

// Conditions at arguments 0, 2, 4, ...; what they choose after each, the rest last.
absl::StatusOr<Resolved> multi_if(const Call& call) {
  if (call.size() % 2 == 0) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       joined({"Invalid number of arguments for function ", call.name}));
  }
  std::vector<std::size_t> arguments;
  for (std::size_t i = 0; i + 1 < call.size(); i += 2) {
    if (call.id(i) != TypeId::UInt8 && call.id(i) != TypeId::Bool &&
        call.id(i) != TypeId::Nothing) {
      return query_error(
          QueryErrorCode::IllegalTypeOfArgument,
          joined({"Illegal type ", name_of(call.type(i)), " of argument ", std::to_string(i + 1),
                  " (condition) of function ", call.name, ". Must be UInt8 or Nullable(UInt8)"}));
    }
    arguments.push_back(i + 1);
  }
  arguments.push_back(call.size() - 1);
  GRAPEVINE_ASSIGN_OR_RETURN(Branches found, branches_of(call, std::move(arguments)));
  const DataType type = found.type;
  return Resolved{
      type, [branches = std::move(found)](std::span<const ColumnPtr> columns, std::size_t rows) {
        const std::size_t conditions = columns.size() / 2;
        std::vector<std::uint16_t> choice(rows, static_cast<std::uint16_t>(conditions));
        // From the last to the first, so that the first that holds stays.
        for (std::size_t i = conditions; i-- > 0;) {
          const std::vector<std::uint8_t> truths = truths_of(columns[2 * i], rows);
          const auto branch = static_cast<std::uint16_t>(i);
          for (std::size_t row = 0; row < rows; ++row) {
            choice[row] = truths[row] == 1 ? branch : choice[row];
          }
        }
        return branches.pick(columns, choice);
      }};
}

// CASE x WHEN v1 THEN r1 ... ELSE r: x, v1, r1, ..., r.
absl::StatusOr<Resolved> case_with_expression(const Call& call) {
  if (call.size() % 2 != 0) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       joined({"Invalid number of arguments for function ", call.name}));
  }
  std::vector<std::size_t> arguments;
  std::vector<FunctionPtr> equals;
  for (std::size_t i = 1; i + 1 < call.size(); i += 2) {
    const Argument pair[] = {call.arguments[0], call.arguments[i]};
    GRAPEVINE_ASSIGN_OR_RETURN(FunctionPtr equal,
                               make_function("isNotDistinctFrom", pair, call.facts));
    equals.push_back(std::move(equal));
    arguments.push_back(i + 1);
  }
  arguments.push_back(call.size() - 1);
  GRAPEVINE_ASSIGN_OR_RETURN(Branches found, branches_of(call, std::move(arguments)));
  const DataType type = found.type;
  return Resolved{
      type,
      [branches = std::move(found), equals = std::move(equals)](
          std::span<const ColumnPtr> columns, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        std::vector<std::uint16_t> choice(rows, static_cast<std::uint16_t>(equals.size()));
        for (std::size_t i = equals.size(); i-- > 0;) {
          const ColumnPtr pair[] = {columns[0], columns[2 * i + 1]};
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr equal, equals[i]->apply(pair, rows));
          const std::vector<std::uint8_t> truths = truths_of(equal, rows);
          for (std::size_t row = 0; row < rows; ++row) {
            if (truths[row] == 1) choice[row] = static_cast<std::uint16_t>(i);
          }
        }
        return branches.pick(columns, choice);
      }};
}

// transform(x, [from, ...], [to, ...][, default]): as CASE x WHEN from THEN to ... ELSE default.
absl::StatusOr<Resolved> transform(const Call& call) {
  std::vector<Argument> arguments = {call.arguments[0]};
  for (std::size_t i = 1; i < 3; ++i) {
    if (call.id(i) != TypeId::Array) return illegal_type(call, i);
    if (!call.arguments[i].constant) return argument_must_be_constant(call, i);
  }
  const ColumnPtr from = full(resized(call.arguments[1].constant, 1));
  const ColumnPtr to = full(resized(call.arguments[2].constant, 1));
  const std::size_t count = from->array().ends[0];
  if (count != to->array().ends[0]) {
    return query_error(QueryErrorCode::BadArguments,
                       joined({"Second and third arguments of function ", call.name,
                               " must be arrays of same size"}));
  }
  std::vector<ColumnPtr> constants;
  for (std::size_t i = 0; i < count; ++i) {
    for (const ColumnPtr& array : {from, to}) {
      ColumnPtr value = value_at(array->array().elements, i);
      arguments.push_back({array->type.elements[0], value});
      constants.push_back(std::move(value));
    }
  }
  const std::size_t otherwise = call.size() > 3 ? 3 : 0;
  arguments.push_back(call.arguments[otherwise]);
  GRAPEVINE_ASSIGN_OR_RETURN(Resolved resolved,
                             case_with_expression(Call{call.name, arguments, call.facts}));
  return Resolved{resolved.type,
                  [kernel = std::move(resolved.kernel), constants = std::move(constants),
                   otherwise](std::span<const ColumnPtr> columns, std::size_t rows) {
                    std::vector<ColumnPtr> all = {columns[0]};
                    for (const ColumnPtr& constant : constants)
                      all.push_back(resized(constant, rows));
                    all.push_back(columns[otherwise]);
                    return kernel(all, rows);
                  }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"if", multi_if, 3, 3, kOwn},
    {"multiIf", multi_if, 3, kAnyNumber, kOwn},
    {"caseWithExpression", case_with_expression, 4, kAnyNumber, kOwn},
    {"transform", transform, 3, 4, kOwn},
};

}  // namespace

std::span<const Definition> conditional_functions() { return kDefinitions; }

}  // namespace grapevine::sql

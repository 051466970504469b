#include "kernels/query/functions/tuple_arithmetic.hpp"

#include <utility>
#include <vector>

#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::StatusOr<Resolved> of_tuples(const Call& call) {
  const auto& left = call.type(0).elements;
  const auto& right = call.type(1).elements;
  if (left.size() != right.size()) return illegal_types(call);
  DataType type = plain(TypeId::Tuple);
  std::vector<FunctionPtr> functions;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Argument pair[] = {{left[i], nullptr}, {right[i], nullptr}};
    GRAPEVINE_ASSIGN_OR_RETURN(FunctionPtr function, make_function(call.name, pair, call.facts));
    type.elements.push_back(function->type());
    functions.push_back(std::move(function));
  }
  return Resolved{type,
                  [type, functions](std::span<const ColumnPtr> arguments,
                                    std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    const ColumnPtr a = full(arguments[0]);
                    const ColumnPtr b = full(arguments[1]);
                    TupleValues values;
                    for (std::size_t i = 0; i < functions.size(); ++i) {
                      const ColumnPtr pair[] = {a->tuple().elements[i], b->tuple().elements[i]};
                      GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr element,
                                                 functions[i]->apply(pair, rows));
                      values.elements.push_back(full(element));
                    }
                    auto result = std::make_shared<Column>();
                    result->type = type;
                    result->rows = rows;
                    result->values = std::move(values);
                    return ColumnPtr(std::move(result));
                  }};
}

absl::StatusOr<Resolved> of_arrays(const Call& call) {
  const Argument pair[] = {{call.type(0).elements[0], nullptr},
                           {call.type(1).elements[0], nullptr}};
  GRAPEVINE_ASSIGN_OR_RETURN(FunctionPtr function, make_function(call.name, pair, call.facts));
  const DataType type = array_of(function->type());
  return Resolved{type,
                  [type, function](std::span<const ColumnPtr> arguments,
                                   std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    const ColumnPtr a = full(arguments[0]);
                    const ColumnPtr b = full(arguments[1]);
                    if (a->array().ends != b->array().ends) {
                      return query_error(QueryErrorCode::SizesOfColumnsDontMatch,
                                         "Arrays of an operation must have equal lengths");
                    }
                    const ColumnPtr elements[] = {a->array().elements, b->array().elements};
                    GRAPEVINE_ASSIGN_OR_RETURN(
                        const ColumnPtr computed,
                        function->apply(elements, a->array().elements->rows));
                    auto result = std::make_shared<Column>();
                    result->type = type;
                    result->rows = rows;
                    result->values = ArrayValues{a->array().ends, full(computed)};
                    return ColumnPtr(std::move(result));
                  }};
}

}  // namespace

bool is_nested_arithmetic(const Call& call) {
  return (call.id(0) == TypeId::Tuple && call.id(1) == TypeId::Tuple) ||
         (call.id(0) == TypeId::Array && call.id(1) == TypeId::Array);
}

absl::StatusOr<Resolved> nested_arithmetic(const Call& call) {
  return call.id(0) == TypeId::Tuple ? of_tuples(call) : of_arrays(call);
}

}  // namespace grapevine::sql

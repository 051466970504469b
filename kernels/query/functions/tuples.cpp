// Tuples, and arrays of them.
#include <utility>
#include <vector>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

ColumnPtr tuple_column(DataType type, std::vector<ColumnPtr> elements, std::size_t rows) {
  auto column = std::make_shared<Column>();
  column->type = std::move(type);
  column->rows = rows;
  column->values = TupleValues{std::move(elements)};
  return column;
}

absl::StatusOr<Resolved> tuple(const Call& call) {
  DataType type = plain(TypeId::Tuple);
  for (const Argument& argument : call.arguments) type.elements.push_back(argument.type);
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    std::vector<ColumnPtr> elements;
                    for (const ColumnPtr& argument : arguments) elements.push_back(full(argument));
                    return absl::StatusOr<ColumnPtr>(tuple_column(type, std::move(elements), rows));
                  }};
}

// Which element a name or a number from 1, or from the end if negative, means.
absl::StatusOr<std::size_t> element_place(const Call& call, const DataType& type) {
  const auto size = static_cast<std::int64_t>(type.elements.size());
  const auto missing = [&](std::string_view what) {
    return query_error(QueryErrorCode::BadArguments,
                       joined({"Tuple doesn't have element with ", what, ": ", name_of(type)}));
  };
  if (call.id(1) == TypeId::String) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, 1));
    for (std::size_t i = 0; i < type.element_names.size(); ++i) {
      if (type.element_names[i] == name) return i;
    }
    return missing(joined({"name '", name, "'"}));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::int64_t index, constant_integer(call, 1));
  if (index > 0 && index <= size) return static_cast<std::size_t>(index - 1);
  if (index < 0 && index >= -size) return static_cast<std::size_t>(size + index);
  return query_error(QueryErrorCode::ArgumentOutOfBound,
                     joined({"Tuple doesn't have element with index '", std::to_string(index),
                             "': ", name_of(type)}));
}

absl::StatusOr<Resolved> tuple_element(const Call& call) {
  const bool in_arrays = call.id(0) == TypeId::Array;
  const DataType& type = in_arrays ? call.type(0).elements[0] : call.type(0);
  if (type.id != TypeId::Tuple) return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::size_t place, element_place(call, type));
  const DataType element = type.elements[place];
  if (!in_arrays) {
    return Resolved{
        element, [place](std::span<const ColumnPtr> arguments, std::size_t rows) {
          const Column& tuples = *arguments[0];
          const ColumnPtr& column = tuples.tuple().elements[place];
          return absl::StatusOr<ColumnPtr>(tuples.constant ? value_at(column, 0, rows) : column);
        }};
  }
  const DataType array = array_of(element);
  return Resolved{array, [array, place](std::span<const ColumnPtr> arguments, std::size_t) {
                    const ColumnPtr arrays = full(arguments[0]);
                    const ColumnPtr tuples = full(arrays->array().elements);
                    return absl::StatusOr<ColumnPtr>(
                        array_column(array, arrays->array().ends, tuples->tuple().elements[place]));
                  }};
}

absl::StatusOr<Resolved> array_zip(const Call& call) {
  DataType element = plain(TypeId::Tuple);
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (call.id(i) != TypeId::Array) return illegal_type(call, i);
    element.elements.push_back(call.type(i).elements[0]);
  }
  const DataType type = array_of(element);
  return Resolved{type,
                  [type, element](std::span<const ColumnPtr> arguments,
                                  std::size_t) -> absl::StatusOr<ColumnPtr> {
                    std::vector<ColumnPtr> elements;
                    std::vector<std::uint64_t> ends;
                    for (const ColumnPtr& argument : arguments) {
                      const ColumnPtr arrays = full(argument);
                      if (elements.empty()) {
                        ends = arrays->array().ends;
                      } else if (ends != arrays->array().ends) {
                        return query_error(
                            QueryErrorCode::SizesOfArraysDontMatch,
                            "Arrays passed to function arrayZip must have equal sizes");
                      }
                      elements.push_back(full(arrays->array().elements));
                    }
                    const std::size_t count = ends.empty() ? 0 : ends.back();
                    return array_column(type, std::move(ends),
                                        tuple_column(element, std::move(elements), count));
                  }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"tuple", tuple, 0, kAnyNumber, kOwn},
    {"tupleElement", tuple_element, 2, 2, kOwn},
    {"arrayZip", array_zip, 1, kAnyNumber},
};

}  // namespace

std::span<const Definition> tuple_functions() { return kDefinitions; }

}  // namespace grapevine::sql

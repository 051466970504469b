// Making arrays and taking parts of them.
#include "kernels/query/functions/arrays.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "kernels/query/functions/compare_values.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::StatusOr<Resolved> array(const Call& call) {
  std::vector<DataType> types;
  for (const Argument& argument : call.arguments) types.push_back(argument.type);
  DataType element = nullable(plain(TypeId::Nothing));
  if (types.empty()) {
    element = plain(TypeId::Nothing);
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(element, common_type(types));
  }
  const DataType type = array_of(element);
  return Resolved{
      type,
      [type, element, facts = call.facts](std::span<const ColumnPtr> arguments,
                                          std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const std::size_t width = arguments.size();
        std::vector<std::uint64_t> ends(rows);
        for (std::size_t row = 0; row < rows; ++row) ends[row] = (row + 1) * width;
        if (width == 0) {
          return array_column(type, std::move(ends),
                              slice(full(constant_default(element, 1)), 0, 0));
        }
        if (width * rows > kElementsMax) return too_many_elements();
        std::vector<ColumnPtr> columns;
        for (const ColumnPtr& argument : arguments) {
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr column, cast(argument, element, facts));
          columns.push_back(full(column));
        }
        const ColumnPtr all = concatenate(element, columns);
        std::vector<std::uint32_t> places(rows * width);
        for (std::size_t row = 0; row < rows; ++row) {
          for (std::size_t i = 0; i < width; ++i) {
            places[row * width + i] = static_cast<std::uint32_t>(i * rows + row);
          }
        }
        return array_column(type, std::move(ends), gather(all, places));
      }};
}

template <TypeId id>
absl::StatusOr<Resolved> empty_array(const Call&) {
  const DataType type = array_of(plain(id));
  return Resolved{type, [type](std::span<const ColumnPtr>, std::size_t rows) {
                    return absl::StatusOr<ColumnPtr>(constant_default(type, rows));
                  }};
}

absl::Status check_array(const Call& call, std::size_t argument) {
  if (call.id(argument) != TypeId::Array) return illegal_type(call, argument);
  return absl::OkStatus();
}

// Which element of so many an index from 1, or from the end if negative, is; kNoRow: none.
std::size_t place_of(const ElementRange& range, std::int64_t index) {
  const auto size = static_cast<std::int64_t>(range.size());
  if (index > 0 && index <= size) return range.begin + static_cast<std::size_t>(index - 1);
  if (index < 0 && index >= -size) return range.begin + static_cast<std::size_t>(size + index);
  return kNoRow;
}

absl::StatusOr<Resolved> array_element(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_array(call, 0));
  if (!is_integer(call.id(1))) return illegal_type(call, 1);
  const bool is_unsigned = call.id(1) == TypeId::UInt64;
  return Resolved{
      call.type(0).elements[0],
      [is_unsigned](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Numbers<std::int64_t> indices(arguments[1]);
        std::vector<std::uint32_t> places(rows);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::int64_t index = is_unsigned && indices[row] < 0 ? INT64_MAX : indices[row];
          places[row] =
              static_cast<std::uint32_t>(place_of(elements_of(*arguments[0], row), index));
        }
        return absl::StatusOr<ColumnPtr>(gather(full(arguments[0]->array().elements), places));
      }};
}

// Arrays of some elements of each row's: pick(range, picked).
template <typename Pick>
Resolved picked(const DataType& type, Pick pick) {
  return {type,
          [type, pick](std::span<const ColumnPtr> arguments,
                       std::size_t rows) -> absl::StatusOr<ColumnPtr> {
            const ColumnPtr& elements = arguments[0]->array().elements;
            PickedArrays arrays(rows);
            for (std::size_t row = 0; row < rows; ++row) {
              pick(*elements, elements_of(*arguments[0], row), arrays);
              arrays.end_row();
              if (arrays.size() > kElementsMax) return too_many_elements();
            }
            return std::move(arrays).finish(type, elements);
          }};
}

absl::StatusOr<Resolved> slice_arrays(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_array(call, 0));
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (!is_integer(call.id(i))) return illegal_type(call, i);
  }
  const DataType type = call.type(0);
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Numbers<std::int64_t> offsets(arguments[1]);
                    const Numbers<std::int64_t> lengths(arguments.back());
                    PickedArrays arrays(rows);
                    for (std::size_t row = 0; row < rows; ++row) {
                      const ElementRange range = elements_of(*arguments[0], row);
                      const auto size = static_cast<std::int64_t>(range.size());
                      const std::int64_t offset = offsets[row];
                      const bool all = arguments.size() == 2;
                      const std::int64_t length = all ? size : lengths[row];
                      // In elements from 0; below 0 is before the array.
                      const std::int64_t start = offset > 0
                                                     ? std::min(offset - 1, size)
                                                     : std::max(offset, INT64_MIN / 4) + size;
                      std::int64_t end = length < 0 ? size + std::max(length, -size)
                                                    : start + std::min(length, INT64_MAX / 4);
                      if (all) end = size;
                      end = std::min(end, size);
                      if (offset != 0) {
                        for (std::int64_t i = std::max<std::int64_t>(start, 0); i < end; ++i) {
                          arrays.add(range.begin + static_cast<std::size_t>(i));
                        }
                      }
                      arrays.end_row();
                    }
                    return absl::StatusOr<ColumnPtr>(
                        std::move(arrays).finish(type, arguments[0]->array().elements));
                  }};
}

template <bool at_back>
absl::StatusOr<Resolved> pop(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_array(call, 0));
  return picked(call.type(0), [](const Column&, const ElementRange& range, PickedArrays& arrays) {
    const std::size_t begin = range.begin + (at_back ? 0 : 1);
    for (std::size_t i = begin; i + (at_back ? 1 : 0) < range.end; ++i) arrays.add(i);
  });
}

// Arrays of one type, one behind the other.
absl::StatusOr<ColumnPtr> joined_arrays(const DataType& type, std::span<const ColumnPtr> arguments,
                                        std::size_t rows) {
  std::vector<ColumnPtr> elements;
  std::vector<std::size_t> begins;
  std::size_t begin = 0;
  for (const ColumnPtr& argument : arguments) {
    elements.push_back(full(argument->array().elements));
    begins.push_back(begin);
    begin += elements.back()->rows;
  }
  PickedArrays arrays(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const ElementRange range = elements_of(*arguments[i], row);
      for (std::size_t at = range.begin; at < range.end; ++at) arrays.add(begins[i] + at);
    }
    arrays.end_row();
    if (arrays.size() > kElementsMax) return too_many_elements();
  }
  return std::move(arrays).finish(type, concatenate(type.elements[0], elements));
}

template <bool at_back>
absl::StatusOr<Resolved> push(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_array(call, 0));
  const DataType pair[] = {call.type(0), array_of(call.type(1))};
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, common_type({pair[0], pair[1]}));
  return Resolved{type,
                  [type, facts = call.facts](std::span<const ColumnPtr> arguments,
                                             std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr arrays,
                                               cast(arguments[0], type, facts));
                    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr element,
                                               cast(arguments[1], type.elements[0], facts));
                    std::vector<std::uint64_t> ends(rows);
                    std::iota(ends.begin(), ends.end(), std::uint64_t{1});
                    const ColumnPtr single = array_column(type, std::move(ends), full(element));
                    const ColumnPtr both[] = {at_back ? arrays : single, at_back ? single : arrays};
                    return joined_arrays(type, both, rows);
                  }};
}

absl::StatusOr<Resolved> flatten(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_array(call, 0));
  DataType type = call.type(0);
  while (type.elements[0].id == TypeId::Array) type = DataType(type.elements[0]);
  return Resolved{
      type, [type](std::span<const ColumnPtr> arguments, std::size_t) {
        ColumnPtr column = full(arguments[0]);
        std::vector<std::uint64_t> ends = column->array().ends;
        ColumnPtr elements = full(column->array().elements);
        while (elements->type.id == TypeId::Array) {
          const auto& inner = elements->array().ends;
          for (std::uint64_t& end : ends) end = end == 0 ? 0 : inner[end - 1];
          elements = full(elements->array().elements);
        }
        return absl::StatusOr<ColumnPtr>(array_column(type, std::move(ends), std::move(elements)));
      }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"array", array, 0, kAnyNumber, kOwn},
    {"emptyArrayUInt8", empty_array<TypeId::UInt8>, 0, 0},
    {"emptyArrayUInt16", empty_array<TypeId::UInt16>, 0, 0},
    {"emptyArrayUInt32", empty_array<TypeId::UInt32>, 0, 0},
    {"emptyArrayUInt64", empty_array<TypeId::UInt64>, 0, 0},
    {"emptyArrayInt8", empty_array<TypeId::Int8>, 0, 0},
    {"emptyArrayInt16", empty_array<TypeId::Int16>, 0, 0},
    {"emptyArrayInt32", empty_array<TypeId::Int32>, 0, 0},
    {"emptyArrayInt64", empty_array<TypeId::Int64>, 0, 0},
    {"emptyArrayFloat32", empty_array<TypeId::Float32>, 0, 0},
    {"emptyArrayFloat64", empty_array<TypeId::Float64>, 0, 0},
    {"emptyArrayString", empty_array<TypeId::String>, 0, 0},
    {"emptyArrayDate", empty_array<TypeId::Date>, 0, 0},
    {"emptyArrayDateTime", empty_array<TypeId::DateTime>, 0, 0},
    {"arrayElement", array_element, 2, 2, kSkipped},
    {"arraySlice", slice_arrays, 2, 3, kSkipped},
    {"arrayReverse", reverse_arrays, 1, 1},
    {"arrayPopBack", pop<true>, 1, 1},
    {"arrayPopFront", pop<false>, 1, 1},
    {"arrayPushBack", push<true>, 2, 2, kOwn},
    {"arrayPushFront", push<false>, 2, 2, kOwn},
    {"arrayConcat", concat_arrays, 1, kAnyNumber},
    {"arrayFlatten", flatten, 1, 1},
};

}  // namespace

absl::Status too_many_elements() {
  return query_error(QueryErrorCode::TooLargeArraySize,
                     "Too many elements in the arrays of a block");
}

bool is_missing(const Column& elements, std::size_t at) {
  if (elements.type.id == TypeId::Nothing || elements.is_null(at)) return true;
  if (elements.type.id == TypeId::Float64)
    return std::isnan(elements.fixed<double>()[elements.slot(at)]);
  if (elements.type.id == TypeId::Float32)
    return std::isnan(elements.fixed<float>()[elements.slot(at)]);
  return false;
}

absl::StatusOr<Resolved> reverse_arrays(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_array(call, 0));
  return picked(call.type(0), [](const Column&, const ElementRange& range, PickedArrays& arrays) {
    for (std::size_t i = range.end; i-- > range.begin;) arrays.add(i);
  });
}

absl::StatusOr<Resolved> concat_arrays(const Call& call) {
  std::vector<DataType> types;
  for (std::size_t i = 0; i < call.size(); ++i) {
    GRAPEVINE_RETURN_IF_ERROR(check_array(call, i));
    types.push_back(call.type(i));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, common_type(types));
  return Resolved{type,
                  [type, facts = call.facts](std::span<const ColumnPtr> arguments,
                                             std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    std::vector<ColumnPtr> arrays;
                    for (const ColumnPtr& argument : arguments) {
                      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, cast(argument, type, facts));
                      arrays.push_back(std::move(column));
                    }
                    return joined_arrays(type, arrays, rows);
                  }};
}

std::span<const Definition> array_functions() { return kDefinitions; }

}  // namespace grapevine::sql

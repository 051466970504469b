// Equal elements of arrays: numbered, looked for in others, aggregated.
#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "kernels/query/aggregate.hpp"
#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/group_table.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::Status check_arrays(const Call& call, std::size_t first) {
  for (std::size_t i = first; i < call.size(); ++i) {
    if (call.id(i) != TypeId::Array) return illegal_type(call, i);
  }
  return absl::OkStatus();
}

// The row that each element of full arrays stands in.
std::vector<std::uint32_t> rows_of_elements(const Column& arrays) {
  const std::vector<std::uint64_t>& ends = arrays.array().ends;
  std::vector<std::uint32_t> rows(ends.empty() ? 0 : ends.back());
  std::size_t place = 0;
  for (std::size_t row = 0; row < ends.size(); ++row) {
    for (; place < ends[row]; ++place) rows[place] = static_cast<std::uint32_t>(row);
  }
  return rows;
}

// The same as a key, beside the elements themselves.
ColumnPtr row_key(const Column& arrays) {
  const std::vector<std::uint32_t> rows = rows_of_elements(arrays);
  auto column = new_fixed(plain(TypeId::UInt32), rows.size());
  std::copy(rows.begin(), rows.end(), column->fixed<std::uint32_t>().begin());
  return column;
}

// How often an element stood in its array before, or how many others stood before its first one;
// from 1. Of several arrays: their elements side by side.
template <bool dense>
absl::StatusOr<Resolved> enumerate(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_arrays(call, 0));
  const DataType type = array_of(plain(TypeId::UInt32));
  return Resolved{
      type,
      [type](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        std::vector<ColumnPtr> keys;
        std::vector<DataType> types;
        std::vector<std::uint64_t> ends;
        for (const ColumnPtr& argument : arguments) {
          const ColumnPtr arrays = full(argument);
          if (keys.empty()) {
            ends = arrays->array().ends;
            keys.push_back(row_key(*arrays));
          } else if (arrays->array().ends != ends) {
            return query_error(QueryErrorCode::SizesOfArraysDontMatch,
                               "Lengths of all arrays must be equal");
          }
          keys.push_back(full(arrays->array().elements));
        }
        for (const ColumnPtr& key : keys) types.push_back(key->type);
        const std::size_t count = ends.empty() ? 0 : ends.back();
        std::vector<std::uint32_t> groups(count);
        GroupTable table(types);
        table.assign(keys, count, groups);
        auto numbers = new_fixed(plain(TypeId::UInt32), count);
        auto* to = numbers->fixed<std::uint32_t>().data();
        std::vector<std::uint32_t> seen(table.size());
        std::uint32_t before = 0;  // Groups of the rows before.
        std::size_t place = 0;
        for (std::size_t row = 0; row < rows; ++row) {
          std::uint32_t last = before;
          for (; place < ends[row]; ++place) {
            to[place] = dense ? groups[place] - before + 1 : ++seen[groups[place]];
            last = std::max(last, groups[place] + 1);
          }
          before = last;
        }
        return array_column(type, std::move(ends), std::move(numbers));
      }};
}

// The narrowest of numbers' types, since what all arrays have fits into each.
absl::StatusOr<DataType> narrowest(const Call& call) {
  DataType type = call.type(0).elements[0];
  for (std::size_t i = 1; i < call.size(); ++i) {
    const DataType& other = call.type(i).elements[0];
    const bool may_be_null = type.nullable && other.nullable;
    if (other.id == TypeId::Nothing) return plain(TypeId::Nothing);
    if (not_null(type) != not_null(other)) {
      if (type.id == TypeId::Nothing) return plain(TypeId::Nothing);
      GRAPEVINE_RETURN_IF_ERROR(common_type({type, other}).status());
      if (is_float(type.id) != is_float(other.id) ? is_float(type.id)
                                                  : width_of(other.id) < width_of(type.id)) {
        type = other;
      }
    }
    type = may_be_null ? nullable(type) : not_null(type);
  }
  return type;
}

// The first of equal elements that every array has, in the order of the first array.
absl::StatusOr<Resolved> intersect(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_arrays(call, 0));
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType element, narrowest(call));
  const DataType type = array_of(element);
  if (element.id == TypeId::Nothing) {
    return Resolved{type, [type](std::span<const ColumnPtr>, std::size_t rows) {
                      return absl::StatusOr<ColumnPtr>(full(constant_default(type, rows)));
                    }};
  }
  std::vector<DataType> types;
  for (const Argument& argument : call.arguments) types.push_back(argument.type);
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType common, common_type(types));
  return Resolved{
      type,
      [type, common, facts = call.facts](std::span<const ColumnPtr> arguments,
                                         std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GroupTable table({plain(TypeId::UInt32), common.elements[0]});
        std::vector<std::uint32_t> seen;  // In so many of the arrays so far, one after the other.
        std::vector<std::uint32_t> first;
        ColumnPtr elements;
        std::vector<std::uint64_t> ends;
        for (std::uint32_t i = 0; i < arguments.size(); ++i) {
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr column, cast(arguments[i], common, facts));
          const ColumnPtr arrays = full(column);
          const ColumnPtr keys[] = {row_key(*arrays), full(arrays->array().elements)};
          std::vector<std::uint32_t> groups(keys[0]->rows);
          if (i == 0) {
            table.assign(keys, groups.size(), groups);
            seen.assign(table.size(), 1);
            elements = keys[1];
            ends = arrays->array().ends;
            first = std::move(groups);
            continue;
          }
          table.find(keys, groups.size(), groups);
          for (const std::uint32_t group : groups) {
            if (group != kNoRow && seen[group] == i) seen[group] = i + 1;
          }
        }
        PickedArrays picked(rows);
        std::size_t place = 0;
        for (std::size_t row = 0; row < rows; ++row) {
          for (; place < ends[row]; ++place) {
            std::uint32_t& count = seen[first[place]];
            if (count != arguments.size()) continue;
            picked.add(place);
            count = 0;
          }
          picked.end_row();
        }
        const ColumnPtr found = std::move(picked).finish(common, elements);
        return cast(found, type, facts);
      }};
}

// "quantiles(0.5, 0.9)" as a name and its parameters, which are numbers or quoted texts.
absl::Status read_aggregate(const Call& call, std::string_view text, std::string& name,
                            std::vector<ColumnPtr>& parameters) {
  const std::size_t open = text.find('(');
  name = text.substr(0, open);
  if (open == std::string_view::npos) return absl::OkStatus();
  const auto wrong = [&] {
    return query_error(QueryErrorCode::BadArguments,
                       joined({"Invalid aggregate function of ", call.name, ": ", text}));
  };
  if (text.back() != ')') return wrong();
  std::string_view rest = text.substr(open + 1, text.size() - open - 2);
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view one = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    std::uint64_t whole = 0;
    double number = 0;
    const char* end = one.data() + one.size();
    if (one.size() >= 2 && one.front() == '\'' && one.back() == '\'') {
      parameters.push_back(constant_text(std::string(one.substr(1, one.size() - 2))));
    } else if (const auto read = std::from_chars(one.data(), end, whole);
               read.ec == std::errc{} && read.ptr == end) {
      parameters.push_back(constant_fixed(plain(TypeId::UInt64), whole));
    } else if (const auto real = std::from_chars(one.data(), end, number);
               real.ec == std::errc{} && real.ptr == end) {
      parameters.push_back(constant_fixed(plain(TypeId::Float64), number));
    } else {
      return wrong();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Resolved> reduce(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string text, constant_string(call, 0));
  GRAPEVINE_RETURN_IF_ERROR(check_arrays(call, 1));
  std::string name;
  std::vector<ColumnPtr> parameters;
  GRAPEVINE_RETURN_IF_ERROR(read_aggregate(call, text, name, parameters));
  std::vector<DataType> types;
  for (std::size_t i = 1; i < call.size(); ++i) types.push_back(call.type(i).elements[0]);
  GRAPEVINE_ASSIGN_OR_RETURN(const AggregatePtr aggregate,
                             make_aggregate(name, parameters, types, false));
  return Resolved{aggregate->type(),
                  [aggregate](std::span<const ColumnPtr> arguments,
                              std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    std::vector<ColumnPtr> elements;
                    std::vector<std::uint32_t> groups;
                    std::vector<std::uint64_t> ends;
                    for (const ColumnPtr& argument : arguments.subspan(1)) {
                      const ColumnPtr arrays = full(argument);
                      if (elements.empty()) {
                        ends = arrays->array().ends;
                        groups = rows_of_elements(*arrays);
                      } else if (arrays->array().ends != ends) {
                        return query_error(QueryErrorCode::SizesOfArraysDontMatch,
                                           "Lengths of all arrays must be equal");
                      }
                      elements.push_back(slice(full(arrays->array().elements), 0, groups.size()));
                    }
                    const std::unique_ptr<AggregateStates> states = aggregate->make_states();
                    states->resize(rows);
                    GRAPEVINE_RETURN_IF_ERROR(states->add(groups, elements, {}));
                    return states->finish();
                  }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"arrayEnumerateUniq", enumerate<false>, 1, kAnyNumber, kOwn},
    {"arrayEnumerateDense", enumerate<true>, 1, kAnyNumber, kOwn},
    {"arrayIntersect", intersect, 1, kAnyNumber, kOwn},
    {"arrayReduce", reduce, 2, kAnyNumber, kOwn},
};

}  // namespace

std::span<const Definition> array_group_functions() { return kDefinitions; }

}  // namespace grapevine::sql

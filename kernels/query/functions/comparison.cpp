// equals, less and the others, for all types.
#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/query/functions/compare_numbers.hpp"
#include "kernels/query/functions/compare_values.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/texts.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::StatusOr<Resolved> compare(Comparison comparison, const Call& call);

std::string_view function_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::Equals: return "equals";
    case Comparison::NotEquals: return "notEquals";
    case Comparison::Less: return "less";
    case Comparison::LessOrEquals: return "lessOrEquals";
    case Comparison::Greater: return "greater";
    case Comparison::GreaterOrEquals: return "greaterOrEquals";
  }
  return {};
}

Resolved of_numbers(Comparison comparison) {
  return {plain(TypeId::UInt8),
          [comparison](std::span<const ColumnPtr> arguments, std::size_t rows) {
            return absl::StatusOr<ColumnPtr>(
                compare_numbers(comparison, arguments[0], arguments[1], rows));
          }};
}

// Equality of codes, where that is equality of texts; nullptr: it is not.
ColumnPtr compare_codes(bool equal, const Column& left, const Column& right, std::size_t rows) {
  const PooledValues* codes = left.pooled();
  if (codes == nullptr || left.constant) return nullptr;
  auto result = new_fixed(plain(TypeId::UInt8), rows);
  auto* to = result->fixed<std::uint8_t>().data();
  if (right.constant) {
    const auto wanted = codes->pool->find(right.text(0));
    const std::uint32_t code = wanted.value_or(kNoRow);
    for (std::size_t row = 0; row < rows; ++row) to[row] = (codes->codes[row] == code) == equal;
    return result;
  }
  const PooledValues* others = right.pooled();
  if (others == nullptr || others->pool != codes->pool) return nullptr;
  for (std::size_t row = 0; row < rows; ++row) {
    to[row] = (codes->codes[row] == others->codes[row]) == equal;
  }
  return result;
}

absl::StatusOr<ColumnPtr> compare_texts(Comparison comparison, const ColumnPtr& left,
                                        const ColumnPtr& right, std::size_t rows) {
  if (comparison == Comparison::Equals || comparison == Comparison::NotEquals) {
    const bool equal = comparison == Comparison::Equals;
    if (ColumnPtr result = compare_codes(equal, *left, *right, rows)) return result;
    if (ColumnPtr result = compare_codes(equal, *right, *left, rows)) return result;
  }
  auto result = new_fixed(plain(TypeId::UInt8), rows);
  auto* to = result->fixed<std::uint8_t>().data();
  const Texts a(left);
  const Texts b(right);
  const auto fill = [&](auto compare_two) {
    for (std::size_t row = 0; row < rows; ++row) to[row] = compare_two(a[row], b[row]);
  };
  using View = std::string_view;
  switch (comparison) {
    case Comparison::Equals: fill([](View x, View y) { return x == y; }); break;
    case Comparison::NotEquals: fill([](View x, View y) { return x != y; }); break;
    case Comparison::Less: fill([](View x, View y) { return x < y; }); break;
    case Comparison::LessOrEquals: fill([](View x, View y) { return x <= y; }); break;
    case Comparison::Greater: fill([](View x, View y) { return x > y; }); break;
    case Comparison::GreaterOrEquals: fill([](View x, View y) { return x >= y; }); break;
  }
  return result;
}

Resolved of_texts(Comparison comparison) {
  // Equality profits from codes by itself; an order is looked up by code around it.
  const bool equality = comparison == Comparison::Equals || comparison == Comparison::NotEquals;
  return {plain(TypeId::UInt8),
          [comparison](std::span<const ColumnPtr> arguments, std::size_t rows) {
            return compare_texts(comparison, arguments[0], arguments[1], rows);
          },
          equality};
}

Resolved of_values(Comparison comparison, DataType type, const SessionFacts& facts) {
  return {plain(TypeId::UInt8),
          [comparison, type = std::move(type), facts](
              std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
            GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr left, cast(arguments[0], type, facts));
            GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr right, cast(arguments[1], type, facts));
            auto result = new_fixed(plain(TypeId::UInt8), rows);
            auto* to = result->fixed<std::uint8_t>().data();
            for (std::size_t row = 0; row < rows; ++row) {
              to[row] = holds(comparison, order_of_values(*left, row, *right, row));
            }
            return ColumnPtr(std::move(result));
          }};
}

// Times of different types: as the finer of both.
Resolved of_times(Comparison comparison, DataType type, const SessionFacts& facts) {
  return {plain(TypeId::UInt8),
          [comparison, type = std::move(type), facts](
              std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
            GRAPEVINE_ASSIGN_OR_RETURN(
                const ColumnPtr left,
                cast(arguments[0], arguments[0]->type.nullable ? nullable(type) : type, facts));
            GRAPEVINE_ASSIGN_OR_RETURN(
                const ColumnPtr right,
                cast(arguments[1], arguments[1]->type.nullable ? nullable(type) : type, facts));
            return compare_numbers(comparison, left, right, rows);
          }};
}

// A literal text beside something else is read as that.
absl::StatusOr<Resolved> with_literal(Comparison comparison, const Call& call,
                                      std::size_t literal) {
  const ColumnPtr& text = call.arguments[literal].constant;
  const DataType& type = call.type(1 - literal);
  if (!text) return illegal_types(call);
  auto read = cast(text, type, call.facts);
  if (!read.ok() && is_time(type.id)) return read.status();
  if (!read.ok()) {
    return query_error(
        QueryErrorCode::TypeMismatch,
        joined({"Cannot convert string '", text->text(0), "' to type ", name_of(type)}));
  }
  const ColumnPtr value = *std::move(read);
  Argument arguments[] = {call.arguments[0], call.arguments[1]};
  arguments[literal] = {type, value};
  GRAPEVINE_ASSIGN_OR_RETURN(Resolved resolved,
                             compare(comparison, Call{call.name, arguments, call.facts}));
  return Resolved{resolved.type, [kernel = std::move(resolved.kernel), value, literal](
                                     std::span<const ColumnPtr> columns, std::size_t rows) {
                    ColumnPtr both[] = {columns[0], columns[1]};
                    both[literal] = resized(value, rows);
                    return kernel(both, rows);
                  }};
}

// How tuples compare: element by element, with NULLs of three-valued logic.
struct TupleComparison {
  std::vector<FunctionPtr> decides;  ///< Of each element: whether the whole holds because of it.
  std::vector<FunctionPtr> goes_on;  ///< Whether the next one is asked; empty: all are joined.
  FunctionPtr join;
  FunctionPtr both;
};

absl::StatusOr<ColumnPtr> compare_tuples(const TupleComparison& how, const Column& left,
                                         const Column& right, std::size_t rows) {
  ColumnPtr result;
  for (std::size_t i = how.decides.size(); i-- > 0;) {
    const ColumnPtr pair[] = {left.tuple().elements[i], right.tuple().elements[i]};
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr decided, how.decides[i]->apply(pair, rows));
    if (!result) {
      result = std::move(decided);
      continue;
    }
    if (!how.goes_on.empty()) {
      GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr equal, how.goes_on[i]->apply(pair, rows));
      const ColumnPtr rest[] = {equal, result};
      GRAPEVINE_ASSIGN_OR_RETURN(result, how.both->apply(rest, rows));
    }
    const ColumnPtr joined_columns[] = {decided, result};
    GRAPEVINE_ASSIGN_OR_RETURN(result, how.join->apply(joined_columns, rows));
  }
  return result;
}

absl::StatusOr<Resolved> of_tuples(Comparison comparison, const Call& call) {
  const auto& left = call.type(0).elements;
  const auto& right = call.type(1).elements;
  if (left.size() != right.size() || left.empty()) return illegal_types(call);
  const bool equality = comparison == Comparison::Equals || comparison == Comparison::NotEquals;
  // Beside a NULL that has no other type nothing is known.
  const auto is_null = [](const DataType& type) { return type.id == TypeId::Nothing; };
  if (std::any_of(left.begin(), left.end(), is_null) ||
      std::any_of(right.begin(), right.end(), is_null)) {
    const DataType type = nullable(plain(TypeId::UInt8));
    return Resolved{type, [type](std::span<const ColumnPtr>, std::size_t rows) {
                      return absl::StatusOr<ColumnPtr>(constant_null(type, rows));
                    }};
  }
  TupleComparison how;
  bool any_nullable = false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Argument pair[] = {{left[i], nullptr}, {right[i], nullptr}};
    Comparison of_element = comparison;
    // Before the last element only what is strictly apart decides.
    if (!equality && i + 1 < left.size()) {
      const bool less = comparison == Comparison::Less || comparison == Comparison::LessOrEquals;
      of_element = less ? Comparison::Less : Comparison::Greater;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(FunctionPtr decides,
                               make_function(function_of(of_element), pair, call.facts));
    any_nullable |= decides->type().nullable;
    how.decides.push_back(std::move(decides));
    if (equality) continue;
    GRAPEVINE_ASSIGN_OR_RETURN(FunctionPtr equal, make_function("equals", pair, call.facts));
    how.goes_on.push_back(std::move(equal));
  }
  const DataType type = any_nullable ? nullable(plain(TypeId::UInt8)) : plain(TypeId::UInt8);
  const Argument truths[] = {{type, nullptr}, {type, nullptr}};
  GRAPEVINE_ASSIGN_OR_RETURN(how.both, make_function("and", truths, call.facts));
  GRAPEVINE_ASSIGN_OR_RETURN(
      how.join, make_function(comparison == Comparison::Equals ? "and" : "or", truths, call.facts));
  return Resolved{type,
                  [how, type, facts = call.facts](std::span<const ColumnPtr> arguments,
                                                  std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    const ColumnPtr a = full(arguments[0]);
                    const ColumnPtr b = full(arguments[1]);
                    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr result,
                                               compare_tuples(how, *a, *b, rows));
                    return cast(full(result), type, facts);
                  }};
}

absl::StatusOr<Resolved> compare(Comparison comparison, const Call& call) {
  const DataType& left = call.type(0);
  const DataType& right = call.type(1);
  if (is_numeric(left.id) && is_numeric(right.id)) return of_numbers(comparison);
  if (left.id == TypeId::String && right.id == TypeId::String) return of_texts(comparison);
  if (left.id == TypeId::String) return with_literal(comparison, call, 0);
  if (right.id == TypeId::String) return with_literal(comparison, call, 1);
  if (left.id == TypeId::Interval && left == right) return of_numbers(comparison);
  if (is_time(left.id) && is_time(right.id)) {
    if (left.id == right.id && left.scale == right.scale) return of_numbers(comparison);
    auto type = common_type({left, right});
    if (!type.ok()) return illegal_types(call);
    return of_times(comparison, *std::move(type), call.facts);
  }
  if (left.id == TypeId::Tuple && right.id == TypeId::Tuple) return of_tuples(comparison, call);
  if (left.id == TypeId::Array && right.id == TypeId::Array) {
    auto type = common_type({left, right});
    if (!type.ok()) return illegal_types(call);
    return of_values(comparison, *std::move(type), call.facts);
  }
  return illegal_types(call);
}

template <Comparison comparison>
absl::StatusOr<Resolved> resolve(const Call& call) {
  return compare(comparison, call);
}

constexpr Definition kDefinitions[] = {
    {"equals", resolve<Comparison::Equals>, 2, 2},
    {"notEquals", resolve<Comparison::NotEquals>, 2, 2},
    {"less", resolve<Comparison::Less>, 2, 2},
    {"lessOrEquals", resolve<Comparison::LessOrEquals>, 2, 2},
    {"greater", resolve<Comparison::Greater>, 2, 2},
    {"greaterOrEquals", resolve<Comparison::GreaterOrEquals>, 2, 2},
};

}  // namespace

std::span<const Definition> comparison_functions() { return kDefinitions; }

}  // namespace grapevine::sql

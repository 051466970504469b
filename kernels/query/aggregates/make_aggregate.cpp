#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/nullable_states.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Request = AggregateRequest;

// Combinators end a name; the last one is the outermost.
constexpr std::string_view kRefusedCombinators[] = {
    "State", "Merge", "MergeState", "ForEach", "Resample", "SimpleState", "Map", "ArgMin", "ArgMax",
};

const std::vector<AggregateKind>& kinds() {
  static const std::vector<AggregateKind> all = [] {
    std::vector<AggregateKind> list;
    for (const auto& some :
         {count_and_sum_kinds(), extreme_kinds(), picked_value_kinds(), distinct_kinds(),
          quantile_kinds(), moment_kinds(), array_kinds(), bit_kinds(), top_kinds(), funnel_kinds(),
          sequence_kinds(), computed_array_kinds(), counted_value_kinds(), series_kinds(),
          estimate_kinds()}) {
      list.insert(list.end(), some.begin(), some.end());
    }
    return list;
  }();
  return all;
}

std::string in_lower_case(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

const AggregateKind* find_kind(std::string_view name) {
  for (const AggregateKind& kind : kinds()) {
    if (kind.name == name) return &kind;
  }
  const std::string lower = in_lower_case(name);
  for (const AggregateKind& kind : kinds()) {
    if (kind.case_insensitive && in_lower_case(kind.name) == lower) return &kind;
  }
  return nullptr;
}

// The rest of a name that ends so; empty: it does not.
std::string_view without(std::string_view name, std::string_view suffix) {
  if (name.size() <= suffix.size() || !name.ends_with(suffix)) return {};
  return name.substr(0, name.size() - suffix.size());
}

class Resolver {
 public:
  explicit Resolver(std::span<const ColumnPtr> parameters) : parameters_(parameters) {}

  absl::StatusOr<AggregatePtr> resolve(std::string_view name, std::span<const DataType> arguments) {
    if (const AggregateKind* kind = find_kind(name)) return plain_one(*kind, arguments);
    if (const auto rest = without(name, "If"); is_aggregate(rest)) {
      return where(rest, arguments);
    }
    for (const std::string_view suffix : {"OrNull", "OrDefault"}) {
      const auto rest = without(name, suffix);
      if (!is_aggregate(rest)) continue;
      // A row counts only where the condition holds: -IfOrNull is -OrNullIf.
      const auto inner_name = without(rest, "If");
      if (find_kind(rest) == nullptr && is_aggregate(inner_name)) {
        return where(std::string(inner_name) + std::string(suffix), arguments);
      }
      GRAPEVINE_ASSIGN_OR_RETURN(AggregatePtr inner, resolve(rest, arguments));
      return suffix == "OrNull" ? or_null(std::move(inner)) : or_default(std::move(inner));
    }
    if (const auto rest = without(name, "Distinct"); is_aggregate(rest)) {
      GRAPEVINE_ASSIGN_OR_RETURN(AggregatePtr inner, resolve(rest, arguments));
      return of_distinct(std::move(inner), {arguments.begin(), arguments.end()});
    }
    if (const auto rest = without(name, "Array"); is_aggregate(rest)) {
      return elements(rest, arguments);
    }
    for (const std::string_view suffix : kRefusedCombinators) {
      if (!is_aggregate(without(name, suffix))) continue;
      return query_error(QueryErrorCode::NotImplemented,
                         "Aggregate function combinator -" + std::string(suffix) +
                             " is not supported: " + std::string(name));
    }
    return query_error(QueryErrorCode::UnknownAggregateFunction,
                       "Unknown aggregate function " + std::string(name));
  }

 private:
  absl::StatusOr<AggregatePtr> plain_one(const AggregateKind& kind,
                                         std::span<const DataType> arguments) {
    Request request{kind.name, parameters_, {}};
    bool has_null = false;
    bool is_null = false;
    for (const DataType& type : arguments) {
      has_null |= type.nullable;
      is_null |= type.id == TypeId::Nothing;
      request.arguments.push_back(not_null(type));
    }
    if (is_null) {
      if (!kind.never_null) return always(constant_null(nullable(plain(TypeId::Nothing))));
      // A byte has no value here; that of any other type has none either.
      for (DataType& type : request.arguments) {
        if (type.id == TypeId::Nothing) type = plain(TypeId::UInt8);
      }
      GRAPEVINE_ASSIGN_OR_RETURN(const AggregatePtr checked, kind.make(request));
      return always(constant_default(checked->type(), 1));
    }
    GRAPEVINE_ASSIGN_OR_RETURN(AggregatePtr aggregate, kind.make(request));
    return passing_over_nulls(std::move(aggregate), has_null && !kind.never_null);
  }

  absl::StatusOr<AggregatePtr> where(std::string_view name, std::span<const DataType> arguments) {
    if (arguments.empty()) {
      return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                         "Incorrect number of arguments for aggregate function with If suffix");
    }
    const DataType& condition = arguments.back();
    if (condition.id != TypeId::UInt8 && condition.id != TypeId::Bool &&
        condition.id != TypeId::Nothing) {
      return query_error(QueryErrorCode::IllegalTypeOfArgument,
                         "Illegal type " + name_of(condition) +
                             " of last argument for aggregate function with If suffix");
    }
    GRAPEVINE_ASSIGN_OR_RETURN(AggregatePtr inner,
                               resolve(name, arguments.first(arguments.size() - 1)));
    return where_condition_holds(std::move(inner));
  }

  absl::StatusOr<AggregatePtr> elements(std::string_view name,
                                        std::span<const DataType> arguments) {
    std::vector<DataType> of_elements_of;
    for (const DataType& type : arguments) {
      if (type.id != TypeId::Array) {
        return query_error(
            QueryErrorCode::IllegalTypeOfArgument,
            "Illegal type " + name_of(type) +
                " of argument for aggregate function with Array suffix. Must be array.");
      }
      of_elements_of.push_back(type.elements[0]);
    }
    if (arguments.empty()) {
      return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                         "-Array aggregate functions require at least one argument");
    }
    GRAPEVINE_ASSIGN_OR_RETURN(AggregatePtr inner, resolve(name, of_elements_of));
    return of_elements(std::move(inner));
  }

  std::span<const ColumnPtr> parameters_;
};

}  // namespace

void AggregateStates::merge(const AggregateStates& other, std::span<const std::uint32_t> groups) {
  std::vector<std::uint32_t> from(groups.size());
  std::iota(from.begin(), from.end(), 0);
  merge(other, from, groups);
}

absl::StatusOr<AggregatePtr> make_aggregate(std::string_view name,
                                            std::span<const ColumnPtr> parameters,
                                            std::span<const DataType> arguments, bool distinct) {
  std::string full_name(name);
  if (distinct) {
    const std::string lower = in_lower_case(name);
    if (lower == "count" && !arguments.empty()) {
      full_name = "uniqExact";
    } else if (lower == "countif" && arguments.size() > 1) {
      full_name = "uniqExactIf";
    } else {
      full_name += "Distinct";
    }
  }
  return Resolver(parameters).resolve(full_name, arguments);
}

bool is_aggregate(std::string_view name) {
  if (name.empty()) return false;
  if (find_kind(name) != nullptr) return true;
  for (const std::string_view suffix : {"If", "OrNull", "OrDefault", "Distinct", "Array"}) {
    if (const auto rest = without(name, suffix); !rest.empty() && is_aggregate(rest)) return true;
  }
  return std::any_of(std::begin(kRefusedCombinators), std::end(kRefusedCombinators),
                     [&](std::string_view suffix) { return is_aggregate(without(name, suffix)); });
}

std::vector<FunctionInfo> aggregate_functions() {
  std::vector<FunctionInfo> infos;
  for (const AggregateKind& kind : kinds()) {
    infos.push_back(
        {std::string(kind.name), true, kind.case_insensitive, std::string(kind.alias_to)});
  }
  std::sort(infos.begin(), infos.end(),
            [](const FunctionInfo& a, const FunctionInfo& b) { return a.name < b.name; });
  return infos;
}

absl::Status wrong_argument(const Request& request, std::size_t argument) {
  return query_error(QueryErrorCode::IllegalTypeOfArgument,
                     "Illegal type " + name_of(request.arguments[argument]) +
                         " of argument for aggregate function " + std::string(request.name));
}

absl::Status wrong_argument_count(const Request& request, std::string_view wanted) {
  return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                     "Aggregate function " + std::string(request.name) + " requires " +
                         std::string(wanted) + " arguments, passed " +
                         std::to_string(request.arguments.size()));
}

absl::Status check_argument_count(const Request& request, std::size_t least, std::size_t most) {
  const std::size_t count = request.arguments.size();
  if (most == 0) most = least;
  if (count >= least && count <= most) return absl::OkStatus();
  return wrong_argument_count(
      request, least == most ? std::to_string(least) : std::to_string(least) + " or more");
}

absl::Status check_no_parameters(const Request& request) {
  if (request.parameters.empty()) return absl::OkStatus();
  return query_error(QueryErrorCode::AggregateFunctionDoesntAllowParameters,
                     "Aggregate function " + std::string(request.name) + " cannot have parameters");
}

}  // namespace grapevine::sql

// Aggregates of all values of a group in the order of rows: groupArrayMovingSum, groupConcat and
// others. They hold what groupArray would, and compute when asked.
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/parameters.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/sort_rows.hpp"
#include "kernels/query/visit_stored.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// What the arrays of the arguments, a row a group, come to.
using Compute = std::function<absl::StatusOr<ColumnPtr>(std::span<const ColumnPtr> arrays)>;

class ComputedArrays final : public AggregateStates {
 public:
  using AggregateStates::merge;
  ComputedArrays(std::span<const AggregatePtr> arrays, Compute compute)
      : compute_(std::move(compute)) {
    for (const AggregatePtr& array : arrays) arrays_.push_back(array->make_states());
  }
  void resize(std::size_t groups) override {
    for (const auto& array : arrays_) array->resize(groups);
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    for (std::size_t i = 0; i < arrays_.size(); ++i) {
      GRAPEVINE_RETURN_IF_ERROR(arrays_[i]->add(groups, arguments.subspan(i, 1), mask));
    }
    return absl::OkStatus();
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& others = static_cast<const ComputedArrays&>(other).arrays_;
    for (std::size_t i = 0; i < arrays_.size(); ++i) arrays_[i]->merge(*others[i], from, to);
  }
  void seal() override {
    for (const auto& array : arrays_) array->seal();
  }
  absl::StatusOr<ColumnPtr> finish() override {
    std::vector<ColumnPtr> columns;
    for (const auto& array : arrays_) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, array->finish());
      columns.push_back(std::move(column));
    }
    return compute_(columns);
  }
  [[nodiscard]] std::size_t bytes() const override {
    std::size_t sum = 0;
    for (const auto& array : arrays_) sum += array->bytes();
    return sum;
  }

 private:
  std::vector<std::unique_ptr<AggregateStates>> arrays_;
  Compute compute_;
};

absl::StatusOr<AggregatePtr> computed(const AggregateRequest& request, DataType type,
                                      Compute compute) {
  std::vector<AggregatePtr> arrays;
  for (const DataType& argument : request.arguments) {
    const std::vector<DataType> types{argument};
    GRAPEVINE_ASSIGN_OR_RETURN(AggregatePtr array, make_aggregate("groupArray", {}, types, false));
    arrays.push_back(std::move(array));
  }
  return made(std::move(type), [arrays = std::move(arrays), compute = std::move(compute)] {
    return std::make_unique<ComputedArrays>(arrays, compute);
  });
}

// Calls body(group, begin, end) for the elements of each group.
template <typename Body>
void for_each_group(const Column& arrays, const Body& body) {
  const std::vector<std::uint64_t>& ends = arrays.array().ends;
  std::size_t begin = 0;
  for (std::size_t group = 0; group < ends.size(); ++group) {
    body(group, begin, static_cast<std::size_t>(ends[group]));
    begin = static_cast<std::size_t>(ends[group]);
  }
}

ColumnPtr arrays_of(DataType element, std::vector<std::uint64_t> ends, ColumnPtr elements) {
  auto column = std::make_shared<Column>();
  column->type = array_of(std::move(element));
  column->rows = ends.size();
  column->values = ArrayValues{std::move(ends), std::move(elements)};
  return column;
}

absl::Status wrong_parameter(const AggregateRequest& request, std::string_view wanted) {
  return query_error(QueryErrorCode::BadArguments, "Parameter for aggregate function " +
                                                       std::string(request.name) + " should be " +
                                                       std::string(wanted));
}

// A whole number above 0.
absl::StatusOr<std::uint64_t> size_parameter(const AggregateRequest& request, std::size_t which) {
  const auto size = count_parameter(*request.parameters[which]);
  if (!size.ok() || *size == 0) return wrong_parameter(request, "a positive number");
  return *size;
}

// groupArraySorted(n)(x): NaN first.
absl::StatusOr<AggregatePtr> make_sorted(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  if (request.parameters.size() != 1) return wrong_parameter(request, "a limit");
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t limit, size_parameter(request, 0));
  constexpr std::uint64_t kLimitMax = 0xFF'FFFF;
  if (limit > kLimitMax) return wrong_parameter(request, "at most 16777215");
  const DataType element = request.arguments[0];
  return computed(
      request, array_of(element),
      [limit, element](std::span<const ColumnPtr> arrays) -> absl::StatusOr<ColumnPtr> {
        const ColumnPtr elements = full(arrays[0]->array().elements);
        const SortKey key{elements, false, true};
        std::vector<std::uint32_t> kept;
        std::vector<std::uint64_t> ends;
        std::vector<std::uint32_t> rows;
        for_each_group(*arrays[0], [&](std::size_t, std::size_t begin, std::size_t end) {
          rows.resize(end - begin);
          std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(begin));
          const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(limit, rows.size()));
          const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(count);
          std::partial_sort(rows.begin(), middle, rows.end(),
                            [&](std::uint32_t a, std::uint32_t b) {
                              const int order = compare_keys(key, a, b);
                              return order != 0 ? order < 0 : a < b;
                            });
          kept.insert(kept.end(), rows.begin(), middle);
          ends.push_back(kept.size());
        });
        return arrays_of(element, std::move(ends), gather(elements, kept));
      });
}

// groupConcat('separator'[, limit])(text).
absl::StatusOr<AggregatePtr> make_concat(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  if (request.arguments[0].id != TypeId::String) return wrong_argument(request, 0);
  std::string separator;
  std::uint64_t limit = ~std::uint64_t{0};
  if (!request.parameters.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(separator, text_parameter(*request.parameters[0]));
  }
  if (request.parameters.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(limit, size_parameter(request, 1));
  }
  if (request.parameters.size() > 2) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Incorrect number of parameters for aggregate function groupConcat, should "
                       "be 0, 1 or 2");
  }
  constexpr std::size_t kBytesMax = std::size_t{1} << 30;
  return computed(
      request, plain(TypeId::String),
      [separator, limit](std::span<const ColumnPtr> arrays) -> absl::StatusOr<ColumnPtr> {
        const Column& texts = *arrays[0]->array().elements;
        TextBuilder result(arrays[0]->rows);
        std::size_t bytes = 0;
        std::string text;
        for_each_group(*arrays[0], [&](std::size_t, std::size_t begin, std::size_t end) {
          text.clear();
          end = begin + static_cast<std::size_t>(std::min<std::uint64_t>(limit, end - begin));
          for (std::size_t i = begin; i < end && bytes + text.size() <= kBytesMax; ++i) {
            if (i > begin) text += separator;
            text += texts.text(i);
          }
          bytes += text.size();
          if (bytes <= kBytesMax) result.add(text);
        });
        if (bytes > kBytesMax) {
          return query_error(QueryErrorCode::TooLargeStringSize,
                             "groupConcat made more than " + std::to_string(kBytesMax) + " bytes");
        }
        return std::move(result).finish(false);
      });
}

// The sum of each value and those before it, of at most `window`, or that over the window.
template <typename Value, typename Sum, typename Result>
ColumnPtr moving(const Column& arrays, const DataType& element, std::uint64_t window, bool is_avg) {
  const std::span<const Value> values = arrays.array().elements->fixed<Value>();
  auto results = new_fixed(element, values.size());
  const std::span<Result> to = results->template fixed<Result>();
  std::vector<Sum> sums;
  for_each_group(arrays, [&](std::size_t, std::size_t begin, std::size_t end) {
    const std::uint64_t size = window == 0 ? end - begin : window;
    sums.clear();
    Sum sum{};
    for (std::size_t i = begin; i < end; ++i) {
      sum += static_cast<Sum>(values[i]);
      sums.push_back(sum);
      const std::size_t at = i - begin;
      const Sum inside = at < size ? sum : sum - sums[at - static_cast<std::size_t>(size)];
      to[i] = static_cast<Result>(inside);
      if (is_avg) to[i] = static_cast<Result>(to[i] / static_cast<Result>(size));
    }
  });
  return arrays_of(element, arrays.array().ends, std::move(results));
}

template <bool kIsAvg>
absl::StatusOr<AggregatePtr> make_moving(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const TypeId id = request.arguments[0].id;
  if (!is_numeric(id)) return wrong_argument(request, 0);
  std::uint64_t window = 0;
  if (!request.parameters.empty()) {
    if (request.parameters.size() > 1) {
      return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                         "Incorrect number of parameters for aggregate function " +
                             std::string(request.name) + ", should be 0 or 1");
    }
    GRAPEVINE_ASSIGN_OR_RETURN(window, size_parameter(request, 0));
  }
  const TypeId sum = is_float(id)    ? TypeId::Float64
                     : is_signed(id) ? TypeId::Int64
                                     : TypeId::UInt64;
  const DataType element = plain(kIsAvg ? TypeId::Float64 : sum);
  return computed(
      request, array_of(element),
      [=](std::span<const ColumnPtr> arrays) -> absl::StatusOr<ColumnPtr> {
        return visit_stored(id, [&]<typename Value>(Value) -> ColumnPtr {
          using Sum = std::conditional_t<
              std::is_floating_point_v<Value>, double,
              std::conditional_t<std::is_signed_v<Value>, std::int64_t, std::uint64_t>>;
          using Result = std::conditional_t<kIsAvg, double, Sum>;
          // Sums of signed integers wrap around as those without a sign do.
          using Wrapping =
              std::conditional_t<std::is_same_v<Sum, std::int64_t> && !kIsAvg, std::uint64_t, Sum>;
          return moving<Value, Wrapping, Result>(*arrays[0], element, window, kIsAvg);
        });
      });
}

// How many of the intervals [begin, end) overlap at most, and where they first do.
template <bool kWhere, typename Value>
ColumnPtr most_intervals(std::span<const ColumnPtr> arrays, const DataType& type) {
  const std::span<const Value> begins = arrays[0]->array().elements->fixed<Value>();
  const std::span<const Value> ends = arrays[1]->array().elements->fixed<Value>();
  using Result = std::conditional_t<kWhere, Value, std::uint64_t>;
  auto results = new_fixed(type, arrays[0]->rows);
  std::vector<std::pair<Value, std::int64_t>> changes;
  for_each_group(*arrays[0], [&](std::size_t group, std::size_t from, std::size_t to) {
    changes.clear();
    for (std::size_t i = from; i < to; ++i) {
      changes.emplace_back(begins[i], 1);
      changes.emplace_back(ends[i], -1);
    }
    std::sort(changes.begin(), changes.end());
    std::int64_t open = 0;
    std::int64_t most = 0;
    Value where{};
    for (const auto& [at, change] : changes) {
      open += change;
      if (open <= most) continue;
      most = open;
      where = at;
    }
    if constexpr (kWhere) {
      results->template fixed<Result>()[group] = where;
    } else {
      results->template fixed<Result>()[group] = static_cast<std::uint64_t>(most);
    }
  });
  return results;
}

template <bool kWhere>
absl::StatusOr<AggregatePtr> make_intersections(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 2));
  const DataType& type = request.arguments[0];
  for (std::size_t i = 0; i < 2; ++i) {
    if (!is_numeric(request.arguments[i].id) && !is_time(request.arguments[i].id)) {
      return wrong_argument(request, i);
    }
  }
  if (is_float(type.id)) {
    return query_error(QueryErrorCode::NotImplemented,
                       std::string(request.name) + " of floats is not supported");
  }
  if (type != request.arguments[1]) {
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       std::string(request.name) + ": arguments must have the same type.");
  }
  const DataType result = kWhere ? type : plain(TypeId::UInt64);
  return computed(request, result,
                  [type, result](std::span<const ColumnPtr> arrays) -> absl::StatusOr<ColumnPtr> {
                    return visit_stored(type.id, [&]<typename Value>(Value) -> ColumnPtr {
                      return most_intervals<kWhere, Value>(arrays, result);
                    });
                  });
}

constexpr std::array kKinds{
    AggregateKind{"groupArraySorted", make_sorted, false, true},
    AggregateKind{"groupConcat", make_concat},
    AggregateKind{"group_concat", make_concat, true, false, "groupConcat"},
    AggregateKind{"string_agg", make_concat, true, false, "groupConcat"},
    AggregateKind{"groupArrayMovingSum", make_moving<false>, false, true},
    AggregateKind{"groupArrayMovingAvg", make_moving<true>, false, true},
    AggregateKind{"maxIntersections", make_intersections<false>},
    AggregateKind{"maxIntersectionsPosition", make_intersections<true>},
};

}  // namespace

std::span<const AggregateKind> computed_array_kinds() { return kKinds; }

}  // namespace grapevine::sql

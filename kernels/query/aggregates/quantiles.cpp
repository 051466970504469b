#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/grouped_values.hpp"
#include "kernels/query/aggregates/parameters.hpp"
#include "kernels/query/aggregates/quantile_places.hpp"
#include "kernels/query/aggregates/rank_selection.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

struct Shape {
  std::vector<double> levels;
  QuantileRule rule = QuantileRule::Interpolated;
  bool is_list = false;  // Answers an array.
  DataType element;      // Of a quantile.
};

// All values of a group, of which some are the answer. NaNs are passed over.
template <typename Value>
class Quantiles final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit Quantiles(Shape shape) : shape_(std::move(shape)) {}
  void resize(std::size_t groups) override { values_.resize(groups); }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Value> values = arguments[0]->fixed<Value>();
    if (mask.empty() && values_.groups() == 1 && !has_nan(values)) {
      values_.add_all(values);
      return absl::OkStatus();
    }
    for_each_row(groups, mask, values_.groups() == 1, [&](std::size_t i, std::uint32_t g) {
      if constexpr (std::is_floating_point_v<Value>) {
        if (values[i] != values[i]) return;
      }
      values_.add(g, values[i]);
    });
    return absl::OkStatus();
  }
  void seal() override { values_.seal(); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    values_.merge(static_cast<const Quantiles&>(other).values_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    values_.seal();
    const std::size_t rows = values_.groups() * shape_.levels.size();
    auto elements = new_fixed(shape_.element, rows);
    if (gives_elements(shape_.rule)) {
      fill(elements->fixed<Value>());
    } else if (shape_.element.id == TypeId::Float64) {
      fill(elements->fixed<double>());
    } else {
      fill(elements->fixed<Value>());
    }
    if (!shape_.is_list) return elements;
    auto column = std::make_shared<Column>();
    column->type = array_of(shape_.element);
    column->rows = values_.groups();
    ArrayValues array;
    for (std::size_t i = 1; i <= column->rows; ++i) array.ends.push_back(i * shape_.levels.size());
    array.elements = std::move(elements);
    column->values = std::move(array);
    return column;
  }
  [[nodiscard]] std::size_t bytes() const override { return values_.bytes(); }

 private:
  static bool has_nan(std::span<const Value> values) {
    bool any = false;
    if constexpr (std::is_floating_point_v<Value>) {
      for (const Value value : values) any |= value != value;
    }
    return any;
  }
  template <typename Result>
  void fill(std::span<Result> results) const {
    // Small groups share a task; a large one has tasks of its own within.
    for_each_block(values_.groups(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t group = begin; group < end; ++group) {
        answer(group, results.subspan(group * shape_.levels.size(), shape_.levels.size()));
      }
    });
  }
  template <typename Result>
  void answer(std::size_t group, std::span<Result> results) const {
    const std::size_t count = values_.size_of(group);
    if (count == 0) {
      // A list of elements has 0 even where they are floats, as in ClickHouse.
      using Limits = std::numeric_limits<Result>;
      const bool is_nan = Limits::has_quiet_NaN && !(shape_.is_list && gives_elements(shape_.rule));
      std::fill(results.begin(), results.end(), is_nan ? Limits::quiet_NaN() : Result{0});
      return;
    }
    std::vector<QuantilePlace> places;
    std::vector<std::size_t> ranks;
    for (const double level : shape_.levels) {
      places.push_back(quantile_place(level, count, shape_.rule));
      ranks.insert(ranks.end(), {places.back().lower, places.back().upper});
    }
    std::sort(ranks.begin(), ranks.end());
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    const std::vector<Value> values = select_ranks(values_.pieces_of(group), ranks);
    const auto value_at = [&](std::size_t rank) {
      return values[static_cast<std::size_t>(std::lower_bound(ranks.begin(), ranks.end(), rank) -
                                             ranks.begin())];
    };
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Value lower = value_at(places[i].lower);
      results[i] = static_cast<Result>(lower);
      if (gives_elements(shape_.rule)) continue;
      const Value upper = value_at(places[i].upper);
      results[i] = static_cast<Result>(quantile_between(places[i], static_cast<double>(lower),
                                                        static_cast<double>(upper), shape_.rule));
    }
  }

  Shape shape_;
  GroupedValues<Value> values_;
};

absl::StatusOr<std::vector<double>> levels_of(const AggregateRequest& request, bool is_list) {
  if (!is_list && request.parameters.size() > 1) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Aggregate function " + std::string(request.name) +
                           " requires one level parameter or less");
  }
  if (is_list && request.parameters.empty()) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Aggregate function for calculation of multiple quantiles require at least "
                       "one parameter");
  }
  constexpr std::size_t kLevelsMax = 1000;
  if (request.parameters.size() > kLevelsMax) {
    return query_error(QueryErrorCode::BadArguments, "More than 1000 levels of quantiles");
  }
  std::vector<double> levels;
  for (const ColumnPtr& parameter : request.parameters) {
    GRAPEVINE_ASSIGN_OR_RETURN(const double level, number_parameter(*parameter));
    if (!(level >= 0 && level <= 1)) {
      return query_error(QueryErrorCode::ParameterOutOfBound,
                         "Quantile level is out of range [0..1]");
    }
    levels.push_back(level);
  }
  if (levels.empty()) levels.push_back(0.5);
  return levels;
}

template <QuantileRule kRule, bool kIsList>
absl::StatusOr<AggregatePtr> make_quantile(const AggregateRequest& request) {
  Shape shape;
  shape.rule = kRule;
  shape.is_list = kIsList;
  GRAPEVINE_ASSIGN_OR_RETURN(shape.levels, levels_of(request, kIsList));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType& type = request.arguments[0];
  if (!is_numeric(type.id) && !is_time(type.id)) return wrong_argument(request, 0);
  if (kRule == QuantileRule::Exclusive || kRule == QuantileRule::Inclusive) {
    if (!is_numeric(type.id)) return wrong_argument(request, 0);
    for (const double level : shape.levels) {
      if (kRule == QuantileRule::Inclusive || (level > 0 && level < 1)) continue;
      return query_error(QueryErrorCode::BadArguments,
                         "QuantileExactExclusive cannot interpolate for the percentiles 1 and 0");
    }
  }
  const bool keeps_type = gives_elements(kRule) || is_time(type.id);
  shape.element = keeps_type ? type : plain(TypeId::Float64);
  const DataType result = kIsList ? array_of(shape.element) : shape.element;
  return visit_stored(type.id, [&]<typename Value>(Value) -> AggregatePtr {
    return made(result, [shape] { return std::make_unique<Quantiles<Value>>(shape); });
  });
}

using enum QuantileRule;

constexpr std::array kKinds{
    AggregateKind{"quantile", make_quantile<Interpolated, false>},
    AggregateKind{"median", make_quantile<Interpolated, false>, false, false, "quantile"},
    AggregateKind{"quantiles", make_quantile<Interpolated, true>},
    AggregateKind{"quantileExact", make_quantile<Element, false>},
    AggregateKind{"medianExact", make_quantile<Element, false>, false, false, "quantileExact"},
    AggregateKind{"quantilesExact", make_quantile<Element, true>},
    AggregateKind{"quantileExactLow", make_quantile<ElementLow, false>},
    AggregateKind{"medianExactLow", make_quantile<ElementLow, false>, false, false,
                  "quantileExactLow"},
    AggregateKind{"quantilesExactLow", make_quantile<ElementLow, true>},
    AggregateKind{"quantileExactHigh", make_quantile<ElementHigh, false>},
    AggregateKind{"medianExactHigh", make_quantile<ElementHigh, false>, false, false,
                  "quantileExactHigh"},
    AggregateKind{"quantilesExactHigh", make_quantile<ElementHigh, true>},
    AggregateKind{"quantileExactExclusive", make_quantile<Exclusive, false>},
    AggregateKind{"quantilesExactExclusive", make_quantile<Exclusive, true>},
    AggregateKind{"quantileExactInclusive", make_quantile<Inclusive, false>},
    AggregateKind{"quantilesExactInclusive", make_quantile<Inclusive, true>},
};

}  // namespace

std::span<const AggregateKind> quantile_kinds() { return kKinds; }

}  // namespace grapevine::sql

#include <array>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/grouped_values.hpp"
#include "kernels/query/aggregates/parameters.hpp"
#include "kernels/query/aggregates/quantile_rules.hpp"
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

bool gives_elements(QuantileRule rule) {
  return rule == QuantileRule::Element || rule == QuantileRule::ElementLow ||
         rule == QuantileRule::ElementHigh;
}

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
    values_.reserve_more(values.size());
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
  template <typename Result>
  void fill(std::span<Result> results) {
    std::size_t at = 0;
    for (std::size_t group = 0; group < values_.groups(); ++group) {
      const std::span<Value> values = values_.of(group);
      for (const double level : shape_.levels) results[at++] = answer<Result>(values, level);
    }
  }
  template <typename Result>
  Result answer(std::span<Value> values, double level) const {
    if (values.empty()) {
      if constexpr (std::is_floating_point_v<Result>) {
        return std::numeric_limits<Result>::quiet_NaN();
      }
      return Result{};
    }
    if (gives_elements(shape_.rule)) {
      return static_cast<Result>(quantile_element(values, level, shape_.rule));
    }
    return static_cast<Result>(quantile_between(values, level, shape_.rule));
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

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>

#include "kernels/query/aggregates/funnel_shape.hpp"
#include "kernels/query/aggregates/parameters.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/aggregates/state_vector.hpp"
#include "kernels/query/aggregates/timed_conditions.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// One step that a row is; number 0: a row that is none.
struct Step {
  std::uint64_t time;
  std::size_t number;  // From 1.

  friend auto operator<=>(const Step&, const Step&) = default;
};

// When the first step of a chain was, and its last one so far.
struct Chain {
  bool is_set = false;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

std::size_t steps_reached(std::span<const Chain> chains) {
  std::size_t reached = chains.size();
  while (reached > 0 && !chains[reached - 1].is_set) --reached;
  return reached;
}

// How many steps one after the other there are within the window from the first. Each step keeps
// the latest chain that leads to it.
std::size_t funnel_level(std::span<const Step> steps, const FunnelShape& shape) {
  std::array<Chain, kConditionsMax> all{};
  const std::span<Chain> chains(all.data(), shape.steps);
  for (const auto [time, number] : steps) {
    if (number == 0) {
      if (chains[0].is_set) break;  // Something else in between.
      continue;
    }
    const std::size_t step = number - 1;
    if (step == 0) {
      chains[0] = {true, time, time};
      continue;
    }
    if (shape.strict_deduplication && chains[step].is_set) return steps_reached(chains);
    const Chain& before = chains[step - 1];
    if (shape.strict_order && chains[0].is_set && !before.is_set) {
      return static_cast<std::size_t>(
          std::find_if(chains.begin(), chains.end(), [](const Chain& c) { return !c.is_set; }) -
          chains.begin());
    }
    if (!before.is_set) continue;
    const bool in_window = time - before.first <= shape.window;
    if (!in_window || (shape.strict_increase && before.last >= time)) continue;
    chains[step] = {true, before.first, time};
    if (number == shape.steps) return shape.steps;
  }
  return steps_reached(chains);
}

class Funnels final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit Funnels(FunnelShape shape) : shape_(shape) {}
  void resize(std::size_t groups) override { rows_.resize(groups); }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    add_timed_conditions(groups, arguments, mask, shape_.strict_order, rows_);
    return absl::OkStatus();
  }
  void seal() override { rows_.seal(); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    rows_.merge(static_cast<const Funnels&>(other).rows_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    rows_.seal();
    auto column = new_fixed(plain(TypeId::UInt8), rows_.groups());
    std::vector<Step> steps;
    std::vector<TimedConditions> rows;
    for (std::size_t group = 0; group < rows_.groups(); ++group) {
      const auto of_group = rows_.of(group, rows);
      const std::uint32_t mattering = conditions_that_matter(of_group);
      std::uint8_t& level = column->fixed<std::uint8_t>()[group];
      level = 0;
      if (mattering <= 1 && !shape_.strict_order) {
        level = static_cast<std::uint8_t>(mattering);
        continue;
      }
      steps.clear();
      for (const TimedConditions& row : of_group) {
        if (row.holds == 0) steps.push_back({row.time, 0});
        for (std::uint32_t left = row.holds & mattering; left != 0; left &= left - 1) {
          steps.push_back({row.time, static_cast<std::size_t>(std::countr_zero(left)) + 1});
        }
      }
      std::sort(steps.begin(), steps.end());
      level = static_cast<std::uint8_t>(level_of(steps));
    }
    return column;
  }
  [[nodiscard]] std::size_t bytes() const override { return rows_.bytes(); }

 private:
  // The conditions, by bits, up to the first that no row holds: nothing behind it can be reached.
  // Where a step out of order ends the funnel, it matters all the same.
  [[nodiscard]] std::uint32_t conditions_that_matter(std::span<const TimedConditions> rows) const {
    if (shape_.strict_order) return ~std::uint32_t{0};
    std::uint32_t held = 0;
    for (const TimedConditions& row : rows) held |= row.holds;
    const int in_a_row = std::countr_one(held);
    return in_a_row == 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << in_a_row) - 1;
  }

  [[nodiscard]] std::size_t level_of(std::span<const Step> steps) const {
    if (steps.empty()) return 0;
    if (!shape_.strict_order && shape_.steps == 1) return 1;
    return funnel_level(steps, shape_);
  }

  FunnelShape shape_;
  GroupedValues<TimedConditions> rows_;
};

class WindowFunnel final : public Aggregate {
 public:
  explicit WindowFunnel(FunnelShape shape) : type_(plain(TypeId::UInt8)), shape_(shape) {}
  [[nodiscard]] const DataType& type() const override { return type_; }
  [[nodiscard]] std::unique_ptr<AggregateStates> make_states() const override {
    return std::make_unique<Funnels>(shape_);
  }
  [[nodiscard]] const FunnelShape& shape() const { return shape_; }

 private:
  DataType type_;
  FunnelShape shape_;
};

absl::StatusOr<AggregatePtr> make_window_funnel(const AggregateRequest& request) {
  if (request.parameters.empty()) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Aggregate function windowFunnel requires at least one parameter: "
                       "<window>, [option, [option, ...]]");
  }
  FunnelShape shape;
  GRAPEVINE_ASSIGN_OR_RETURN(shape.window, count_parameter(*request.parameters[0]));
  for (const ColumnPtr& parameter : request.parameters.subspan(1)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view option, text_parameter(*parameter));
    if (option == "strict_deduplication") {
      shape.strict_deduplication = true;
    } else if (option == "strict_order") {
      shape.strict_order = true;
    } else if (option == "strict_increase") {
      shape.strict_increase = true;
    } else if (option == "strict_once" || option == "allow_reentry") {
      return query_error(QueryErrorCode::NotImplemented,
                         "The option of windowFunnel is not supported: " + std::string(option));
    } else {
      return query_error(
          QueryErrorCode::BadArguments,
          "Aggregate function windowFunnel doesn't support a parameter: " + std::string(option));
    }
  }
  GRAPEVINE_RETURN_IF_ERROR(check_timed_conditions(request, 1));
  shape.steps = request.arguments.size() - 1;
  return std::make_shared<WindowFunnel>(shape);
}

// Which conditions some row of a group has held.
class RetentionStates final : public StateVector<RetentionStates, std::uint32_t> {
 public:
  explicit RetentionStates(std::size_t conditions) : conditions_(conditions) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    gather_conditions(arguments, 0, holds_);
    for_each_row(groups, mask, has_one_group(),
                 [&](std::size_t i, std::uint32_t g) { states_[g] |= holds_[i]; });
    return absl::OkStatus();
  }
  static void merge_state(std::uint32_t& into, std::uint32_t from) { into |= from; }
  absl::StatusOr<ColumnPtr> finish() override {
    auto elements = new_fixed(plain(TypeId::UInt8), states_.size() * conditions_);
    const std::span<std::uint8_t> results = elements->fixed<std::uint8_t>();
    ArrayValues array;
    std::size_t at = 0;
    for (const std::uint32_t holds : states_) {
      for (std::size_t c = 0; c < conditions_; ++c) {
        results[at++] = static_cast<std::uint8_t>(holds & holds >> c & 1);
      }
      array.ends.push_back(at);
    }
    auto column = std::make_shared<Column>();
    column->type = array_of(elements->type);
    column->rows = states_.size();
    array.elements = std::move(elements);
    column->values = std::move(array);
    return column;
  }

 private:
  std::size_t conditions_;
  std::vector<std::uint32_t> holds_;
};

absl::StatusOr<AggregatePtr> make_retention(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  if (request.arguments.size() < 2) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Not enough event arguments for aggregate function retention");
  }
  GRAPEVINE_RETURN_IF_ERROR(check_conditions(request, 0));
  const std::size_t conditions = request.arguments.size();
  return made(array_of(plain(TypeId::UInt8)),
              [conditions] { return std::make_unique<RetentionStates>(conditions); });
}

constexpr std::array kKinds{
    AggregateKind{"windowFunnel", make_window_funnel},
    AggregateKind{"retention", make_retention},
};

}  // namespace

std::optional<FunnelShape> funnel_shape_of(const Aggregate& aggregate) {
  const auto* const funnel = dynamic_cast<const WindowFunnel*>(&aggregate.of_values());
  return funnel == nullptr ? std::nullopt : std::optional(funnel->shape());
}

std::span<const AggregateKind> funnel_kinds() { return kKinds; }

}  // namespace grapevine::sql

// deltaSum, boundingRatio and avgWeighted.
#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/as_doubles.hpp"
#include "kernels/query/aggregates/float_sums.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/aggregates/state_vector.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// The rises from value to value, in the order of rows.
template <typename Value>
struct Rises {
  Value sum{};
  Value first{};
  Value last{};
  bool any = false;
};

template <typename Value>
class DeltaSum final : public StateVector<DeltaSum<Value>, Rises<Value>> {
 public:
  explicit DeltaSum(DataType type) : type_(std::move(type)) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Value> values = arguments[0]->fixed<Value>();
    Rises<Value>* const states = this->states_.data();
    for_each_row(groups, mask, this->has_one_group(), [&](std::size_t i, std::uint32_t g) {
      merge_state(states[g], {Value{}, values[i], values[i], true});
    });
    return absl::OkStatus();
  }
  static void merge_state(Rises<Value>& into, const Rises<Value>& from) {
    if (!from.any) return;
    if (!into.any) {
      into = from;
      return;
    }
    if (from.first > into.last) into.sum = sum_of(into.sum, from.first, into.last);
    into.sum = sum_of(into.sum, from.sum, Value{});
    into.last = from.last;
  }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(type_, this->states_.size());
    for (std::size_t i = 0; i < this->states_.size(); ++i) {
      column->template fixed<Value>()[i] = this->states_[i].sum;
    }
    return column;
  }

 private:
  // sum + more - less, of integers wrapped around.
  static Value sum_of(Value sum, Value more, Value less) {
    if constexpr (std::is_floating_point_v<Value>) {
      return sum + (more - less);
    } else {
      return static_cast<Value>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(more) -
                                static_cast<std::uint64_t>(less));
    }
  }

  DataType type_;
};

absl::StatusOr<AggregatePtr> make_delta_sum(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType type = request.arguments[0];
  if (!is_numeric(type.id) || type.id == TypeId::Bool) return wrong_argument(request, 0);
  return visit_stored(type.id, [&]<typename Value>(Value) -> AggregatePtr {
    return made(type, [type] { return std::make_unique<DeltaSum<Value>>(type); });
  });
}

// The points with the least and the greatest x, of several the first.
struct Bounds {
  double left_x = 0;
  double left_y = 0;
  double right_x = 0;
  double right_y = 0;
  bool any = false;
};

class BoundingRatio final : public StateVector<BoundingRatio, Bounds> {
 public:
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const double> xs = as_doubles(*arguments[0], xs_);
    const std::span<const double> ys = as_doubles(*arguments[1], ys_);
    for_each_row(groups, mask, has_one_group(), [&](std::size_t i, std::uint32_t g) {
      merge_state(states_[g], {xs[i], ys[i], xs[i], ys[i], true});
    });
    return absl::OkStatus();
  }
  static void merge_state(Bounds& into, const Bounds& from) {
    if (!from.any) return;
    if (!into.any) {
      into = from;
      return;
    }
    if (from.left_x < into.left_x) {
      into.left_x = from.left_x;
      into.left_y = from.left_y;
    }
    if (from.right_x > into.right_x) {
      into.right_x = from.right_x;
      into.right_y = from.right_y;
    }
  }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(plain(TypeId::Float64), states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const Bounds& state = states_[i];
      column->fixed<double>()[i] =
          state.any ? (state.right_y - state.left_y) / (state.right_x - state.left_x)
                    : std::numeric_limits<double>::quiet_NaN();
    }
    return column;
  }

 private:
  std::vector<double> xs_;
  std::vector<double> ys_;
};

// Two exact sums a group.
class AvgWeighted final : public AggregateStates {
 public:
  using AggregateStates::merge;
  void resize(std::size_t groups) override {
    groups_ = groups;
    products_.resize(groups);
    weights_.resize(groups);
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const double> values = as_doubles(*arguments[0], xs_);
    const std::span<const double> weights = as_doubles(*arguments[1], ys_);
    of_rows_.resize(groups.size());
    for (std::size_t i = 0; i < of_rows_.size(); ++i) of_rows_[i] = values[i] * weights[i];
    products_.add(groups, std::span<const double>(of_rows_), mask);
    weights_.add(groups, weights, mask);
    return absl::OkStatus();
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& others = static_cast<const AvgWeighted&>(other);
    products_.merge(others.products_, from, to);
    weights_.merge(others.weights_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(plain(TypeId::Float64), groups_);
    for (std::size_t i = 0; i < groups_; ++i) {
      column->fixed<double>()[i] = products_.sum(i) / weights_.sum(i);
    }
    return column;
  }
  [[nodiscard]] std::size_t bytes() const override { return products_.bytes() + weights_.bytes(); }

 private:
  std::size_t groups_ = 0;
  FloatSums products_;
  FloatSums weights_;
  std::vector<double> xs_;
  std::vector<double> ys_;
  std::vector<double> of_rows_;
};

template <typename States>
absl::StatusOr<AggregatePtr> make_pair(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 2));
  for (std::size_t i = 0; i < 2; ++i) {
    if (!is_numeric(request.arguments[i].id)) return wrong_argument(request, i);
  }
  return made(plain(TypeId::Float64), [] { return std::make_unique<States>(); });
}

constexpr std::array kKinds{
    AggregateKind{"deltaSum", make_delta_sum, false, true},
    AggregateKind{"boundingRatio", make_pair<BoundingRatio>},
    AggregateKind{"avgWeighted", make_pair<AvgWeighted>},
};

}  // namespace

std::span<const AggregateKind> series_kinds() { return kKinds; }

}  // namespace grapevine::sql

#include <array>
#include <type_traits>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/picked_value.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/aggregates/state_vector.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
struct Extreme {
  Value value{};
  std::uint8_t is_set = 0;
};

// The least or the largest number or time of each group. A NaN counts where there is nothing else.
template <typename Value, bool kLeast>
class Extremes final : public StateVector<Extremes<Value, kLeast>, Extreme<Value>> {
 public:
  explicit Extremes(DataType type) : type_(std::move(type)) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Value> values = arguments[0]->fixed<Value>();
    Extreme<Value>* const states = this->states_.data();
    if (this->has_one_group() && mask.empty() && !values.empty()) {
      Value best = states[0].is_set != 0 ? states[0].value : values[0];
      for (const Value value : values) best = better(value, best) ? value : best;
      states[0] = {best, 1};
      return absl::OkStatus();
    }
    for_each_row(groups, mask, this->has_one_group(), [&](std::size_t i, std::uint32_t g) {
      Extreme<Value>& state = states[g];
      const bool wins = state.is_set == 0 || better(values[i], state.value);
      state.value = wins ? values[i] : state.value;
      state.is_set = 1;
    });
    return absl::OkStatus();
  }
  static void merge_state(Extreme<Value>& into, const Extreme<Value>& from) {
    if (from.is_set != 0 && (into.is_set == 0 || better(from.value, into.value))) into = from;
  }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(type_, this->states_.size());
    const std::span<Value> results = column->template fixed<Value>();
    for (std::size_t i = 0; i < results.size(); ++i) results[i] = this->states_[i].value;
    return column;
  }

 private:
  static bool better(Value value, Value best) {
    const bool beyond = kLeast ? value < best : best < value;
    if constexpr (std::is_floating_point_v<Value>) return beyond || best != best;
    return beyond;
  }

  DataType type_;
};

template <bool kLeast>
absl::StatusOr<AggregatePtr> make_extreme(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType type = request.arguments[0];
  if (width_of(type.id) == 0) {
    return made(type, [type] { return make_value_with_extreme_key(type, type, kLeast); });
  }
  return visit_stored(type.id, [&]<typename Value>(Value) -> AggregatePtr {
    return made(type, [type] { return std::make_unique<Extremes<Value, kLeast>>(type); });
  });
}

constexpr std::array kKinds{
    AggregateKind{"min", make_extreme<true>, true},
    AggregateKind{"max", make_extreme<false>, true},
};

}  // namespace

std::span<const AggregateKind> extreme_kinds() { return kKinds; }

}  // namespace grapevine::sql

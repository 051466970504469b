#include <array>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/as_doubles.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/aggregates/state_vector.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

enum class Moment : std::uint8_t {
  VarPop,
  VarSamp,
  StddevPop,
  StddevSamp,
  SkewPop,
  SkewSamp,
  KurtPop,
  KurtSamp,
};

// Sums of powers of the differences from a group's first number, which keeps them small.
struct Powers {
  double count = 0;
  double first = 0;
  double sum = 0;
  double squares = 0;
};
struct HighPowers : Powers {
  double cubes = 0;
  double fourths = 0;
};

void add_number(Powers& state, double number) {
  if (state.count == 0) state.first = number;
  const double from_first = number - state.first;
  state.count += 1;
  state.sum += from_first;
  state.squares += from_first * from_first;
}
void add_number(HighPowers& state, double number) {
  add_number(static_cast<Powers&>(state), number);
  const double from_first = number - state.first;
  const double square = from_first * from_first;
  state.cubes += square * from_first;
  state.fourths += square * square;
}

// Moves the sums of `from` to another first number: (x - b) = (x - a) + d.
void merge_powers(Powers& into, const Powers& from) {
  if (from.count == 0) return;
  if (into.count == 0) into.first = from.first;
  const double d = from.first - into.first;
  into.count += from.count;
  into.sum += from.sum + from.count * d;
  into.squares += from.squares + 2 * d * from.sum + from.count * d * d;
}
void merge_powers(HighPowers& into, const HighPowers& from) {
  if (from.count == 0) return;
  merge_powers(static_cast<Powers&>(into), from);
  const double d = from.first - into.first;
  into.cubes += from.cubes + 3 * d * from.squares + 3 * d * d * from.sum + from.count * d * d * d;
  into.fourths += from.fourths + 4 * d * from.cubes + 6 * d * d * from.squares +
                  4 * d * d * d * from.sum + from.count * d * d * d * d;
}

// The sum of squared differences from the mean.
double spread(const Powers& state) {
  return std::max(0.0, state.squares - state.sum * state.sum / state.count);
}
// NaN where a number was none.
double variance(const Powers& state, double divisor) {
  if (!(divisor > 0)) return kNaN;
  const double squares = state.squares - state.sum * state.sum / state.count;
  return squares != squares ? kNaN : spread(state) / divisor;
}

double result_of(const Powers& state, Moment moment) {
  const double n = state.count;
  switch (moment) {
    case Moment::VarPop: return variance(state, n);
    case Moment::VarSamp: return variance(state, n - 1);
    case Moment::StddevPop: return std::sqrt(variance(state, n));
    default: return std::sqrt(variance(state, n - 1));
  }
}

double result_of(const HighPowers& state, Moment moment) {
  const double n = state.count;
  const bool of_sample = moment == Moment::SkewSamp || moment == Moment::KurtSamp;
  const double var = variance(state, of_sample ? n - 1 : n);
  if (!(var > 0)) return kNaN;
  const double mean = state.sum / n;
  const double third = (state.cubes - 3 * mean * state.squares + 3 * mean * mean * state.sum) / n -
                       mean * mean * mean;
  const double fourth = (state.fourths - 4 * mean * state.cubes + 6 * mean * mean * state.squares -
                         4 * mean * mean * mean * state.sum) /
                            n +
                        mean * mean * mean * mean;
  if (moment == Moment::SkewPop || moment == Moment::SkewSamp) return third / std::pow(var, 1.5);
  return fourth / (var * var);
}

template <typename Value, typename State>
class Moments final : public StateVector<Moments<Value, State>, State> {
 public:
  Moments(DataType type, Moment moment) : type_(std::move(type)), moment_(moment) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Value> values = arguments[0]->fixed<Value>();
    State* const states = this->states_.data();
    for_each_row(groups, mask, this->has_one_group(), [&](std::size_t i, std::uint32_t g) {
      add_number(states[g], static_cast<double>(values[i]));
    });
    return absl::OkStatus();
  }
  static void merge_state(State& into, const State& from) { merge_powers(into, from); }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(type_, this->states_.size());
    for (std::size_t i = 0; i < this->states_.size(); ++i) {
      const double result = result_of(this->states_[i], moment_);
      if (type_.id == TypeId::Float32) {
        column->template fixed<float>()[i] = static_cast<float>(result);
      } else {
        column->template fixed<double>()[i] = result;
      }
    }
    return column;
  }

 private:
  DataType type_;
  Moment moment_;
};

enum class Joint : std::uint8_t { CovarPop, CovarSamp, Corr, Regression };

// The same of two numbers.
struct Products {
  double count = 0;
  double first_x = 0;
  double first_y = 0;
  double x = 0;
  double y = 0;
  double xx = 0;
  double yy = 0;
  double xy = 0;
};

class JointMoments final : public StateVector<JointMoments, Products> {
 public:
  JointMoments(DataType type, Joint joint) : type_(std::move(type)), joint_(joint) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const double> xs = as_doubles(*arguments[0], xs_);
    const std::span<const double> ys = as_doubles(*arguments[1], ys_);
    Products* const states = states_.data();
    for_each_row(groups, mask, has_one_group(), [&](std::size_t i, std::uint32_t g) {
      Products& state = states[g];
      if (state.count == 0) {
        state.first_x = xs[i];
        state.first_y = ys[i];
      }
      const double x = xs[i] - state.first_x;
      const double y = ys[i] - state.first_y;
      state.count += 1;
      state.x += x;
      state.y += y;
      state.xx += x * x;
      state.yy += y * y;
      state.xy += x * y;
    });
    return absl::OkStatus();
  }
  static void merge_state(Products& into, const Products& from) {
    if (from.count == 0) return;
    if (into.count == 0) {
      into.first_x = from.first_x;
      into.first_y = from.first_y;
    }
    const double n = from.count;
    const double dx = from.first_x - into.first_x;
    const double dy = from.first_y - into.first_y;
    into.count += n;
    into.xx += from.xx + 2 * dx * from.x + n * dx * dx;
    into.yy += from.yy + 2 * dy * from.y + n * dy * dy;
    into.xy += from.xy + dy * from.x + dx * from.y + n * dx * dy;
    into.x += from.x + n * dx;
    into.y += from.y + n * dy;
  }
  absl::StatusOr<ColumnPtr> finish() override {
    if (joint_ == Joint::Regression) return lines();
    auto column = new_fixed(type_, states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const double result = result_of(states_[i]);
      if (type_.id == TypeId::Float32) {
        column->fixed<float>()[i] = static_cast<float>(result);
      } else {
        column->fixed<double>()[i] = result;
      }
    }
    return column;
  }

 private:
  [[nodiscard]] double result_of(const Products& state) const {
    const double n = state.count;
    const double together = state.xy - state.x * state.y / n;
    if (joint_ == Joint::CovarPop) return n > 0 ? together / n : kNaN;
    if (joint_ == Joint::CovarSamp) return n > 1 ? together / (n - 1) : kNaN;
    const double spread_x = state.xx - state.x * state.x / n;
    const double spread_y = state.yy - state.y * state.y / n;
    return n > 1 ? together / std::sqrt(spread_x * spread_y) : kNaN;
  }

  // The lines y = k x + b with the least squares.
  [[nodiscard]] ColumnPtr lines() const {
    auto slopes = new_fixed(plain(TypeId::Float64), states_.size());
    auto heights = new_fixed(plain(TypeId::Float64), states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const Products& state = states_[i];
      const double n = state.count;
      const double spread_x = state.xx - state.x * state.x / n;
      const double slope = spread_x > 0 ? (state.xy - state.x * state.y / n) / spread_x : kNaN;
      slopes->fixed<double>()[i] = slope;
      heights->fixed<double>()[i] =
          state.first_y + state.y / n - slope * (state.first_x + state.x / n);
    }
    auto column = std::make_shared<Column>();
    column->type = type_;
    column->rows = states_.size();
    column->values = TupleValues{{std::move(slopes), std::move(heights)}};
    return column;
  }

  DataType type_;
  Joint joint_;
  std::vector<double> xs_;
  std::vector<double> ys_;
};

template <Moment kMoment>
absl::StatusOr<AggregatePtr> make_moment(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const TypeId type = request.arguments[0].id;
  if (!is_numeric(type)) return wrong_argument(request, 0);
  const DataType result = plain(type == TypeId::Float32 ? TypeId::Float32 : TypeId::Float64);
  constexpr bool kIsHigh = kMoment >= Moment::SkewPop;
  using State = std::conditional_t<kIsHigh, HighPowers, Powers>;
  return visit_stored(type, [&]<typename Value>(Value) -> AggregatePtr {
    return made(result,
                [result] { return std::make_unique<Moments<Value, State>>(result, kMoment); });
  });
}

template <Joint kJoint>
absl::StatusOr<AggregatePtr> make_joint_moment(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 2));
  for (std::size_t i = 0; i < 2; ++i) {
    if (!is_numeric(request.arguments[i].id)) return wrong_argument(request, i);
  }
  const bool narrow =
      request.arguments[0].id == TypeId::Float32 && request.arguments[1].id == TypeId::Float32;
  DataType result = plain(narrow ? TypeId::Float32 : TypeId::Float64);
  if (kJoint == Joint::Regression) {
    result = plain(TypeId::Tuple);
    result.elements = {plain(TypeId::Float64), plain(TypeId::Float64)};
    result.element_names = {"k", "b"};
  }
  return made(result, [result] { return std::make_unique<JointMoments>(result, kJoint); });
}

constexpr std::array kKinds{
    AggregateKind{"varPop", make_moment<Moment::VarPop>},
    AggregateKind{"varPopStable", make_moment<Moment::VarPop>},
    AggregateKind{"VAR_POP", make_moment<Moment::VarPop>, true, false, "varPop"},
    AggregateKind{"varSamp", make_moment<Moment::VarSamp>},
    AggregateKind{"varSampStable", make_moment<Moment::VarSamp>},
    AggregateKind{"VAR_SAMP", make_moment<Moment::VarSamp>, true, false, "varSamp"},
    AggregateKind{"stddevPop", make_moment<Moment::StddevPop>},
    AggregateKind{"stddevPopStable", make_moment<Moment::StddevPop>},
    AggregateKind{"STDDEV_POP", make_moment<Moment::StddevPop>, true, false, "stddevPop"},
    AggregateKind{"STD", make_moment<Moment::StddevPop>, true, false, "stddevPop"},
    AggregateKind{"stddevSamp", make_moment<Moment::StddevSamp>},
    AggregateKind{"stddevSampStable", make_moment<Moment::StddevSamp>},
    AggregateKind{"STDDEV_SAMP", make_moment<Moment::StddevSamp>, true, false, "stddevSamp"},
    AggregateKind{"STDDEV", make_moment<Moment::StddevSamp>, true, false, "stddevSamp"},
    AggregateKind{"skewPop", make_moment<Moment::SkewPop>},
    AggregateKind{"skewSamp", make_moment<Moment::SkewSamp>},
    AggregateKind{"kurtPop", make_moment<Moment::KurtPop>},
    AggregateKind{"kurtSamp", make_moment<Moment::KurtSamp>},
    AggregateKind{"covarPop", make_joint_moment<Joint::CovarPop>},
    AggregateKind{"covarPopStable", make_joint_moment<Joint::CovarPop>},
    AggregateKind{"COVAR_POP", make_joint_moment<Joint::CovarPop>, true, false, "covarPop"},
    AggregateKind{"covarSamp", make_joint_moment<Joint::CovarSamp>},
    AggregateKind{"covarSampStable", make_joint_moment<Joint::CovarSamp>},
    AggregateKind{"COVAR_SAMP", make_joint_moment<Joint::CovarSamp>, true, false, "covarSamp"},
    AggregateKind{"corr", make_joint_moment<Joint::Corr>, true},
    AggregateKind{"simpleLinearRegression", make_joint_moment<Joint::Regression>},
    AggregateKind{"corrStable", make_joint_moment<Joint::Corr>},
};

}  // namespace

std::span<const AggregateKind> moment_kinds() { return kKinds; }

}  // namespace grapevine::sql

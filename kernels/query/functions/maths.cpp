// Functions of real numbers: the result is Float64.
#include <cmath>
#include <numbers>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {
namespace {

template <double (*compute)(double)>
absl::StatusOr<Resolved> of_one(const Call& call) {
  if (!is_numeric(call.id(0))) return illegal_type(call, 0);
  return Resolved{plain(TypeId::Float64),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Numbers<double> values(arguments[0]);
                    auto result = new_fixed(plain(TypeId::Float64), rows);
                    auto* to = result->fixed<double>().data();
                    for (std::size_t row = 0; row < rows; ++row) to[row] = compute(values[row]);
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

template <double (*compute)(double, double)>
absl::StatusOr<Resolved> of_two(const Call& call) {
  if (!is_numeric(call.id(0)) || !is_numeric(call.id(1))) return illegal_types(call);
  return Resolved{plain(TypeId::Float64),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(plain(TypeId::Float64), rows);
                    compute_rows(Numbers<double>(arguments[0]), Numbers<double>(arguments[1]), rows,
                                 result->fixed<double>().data(), compute);
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

template <typename Tag>
absl::StatusOr<Resolved> constant(const Call&) {
  return Resolved{
      plain(TypeId::Float64), [](std::span<const ColumnPtr>, std::size_t rows) {
        return absl::StatusOr<ColumnPtr>(constant_fixed(plain(TypeId::Float64), Tag::kValue, rows));
      }};
}
struct Pi {
  static constexpr double kValue = std::numbers::pi;
};
struct Euler {
  static constexpr double kValue = std::numbers::e;
};

absl::StatusOr<Resolved> sign(const Call& call) {
  if (!is_numeric(call.id(0))) return illegal_type(call, 0);
  return Resolved{
      plain(TypeId::Int8), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
        auto result = new_fixed(plain(TypeId::Int8), rows);
        auto* to = result->fixed<std::int8_t>().data();
        with_value_type(arguments[0]->type.id, [&](auto zero) {
          const Numbers<decltype(zero)> values(arguments[0]);
          for (std::size_t row = 0; row < rows; ++row) {
            const auto value = values[row];
            to[row] = static_cast<std::int8_t>(value < zero ? -1 : value == zero ? 0 : 1);
          }
        });
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

double radians_of(double degrees) { return degrees * (std::numbers::pi / 180.0); }
double degrees_of(double radians) { return radians * (180.0 / std::numbers::pi); }

double exp10_of(double value) { return ::exp10(value); }

// Squares are what powers mostly are.
double power(double base, double exponent) {
  return exponent == 2 ? base * base : std::pow(base, exponent);
}

constexpr Definition kDefinitions[] = {
    {"sqrt", of_one<std::sqrt>, 1, 1},
    {"cbrt", of_one<std::cbrt>, 1, 1},
    {"exp", of_one<std::exp>, 1, 1},
    {"exp2", of_one<std::exp2>, 1, 1},
    {"exp10", of_one<exp10_of>, 1, 1},
    {"expm1", of_one<std::expm1>, 1, 1},
    {"log", of_one<std::log>, 1, 1},
    {"log2", of_one<std::log2>, 1, 1},
    {"log10", of_one<std::log10>, 1, 1},
    {"log1p", of_one<std::log1p>, 1, 1},
    {"sin", of_one<std::sin>, 1, 1},
    {"cos", of_one<std::cos>, 1, 1},
    {"tan", of_one<std::tan>, 1, 1},
    {"asin", of_one<std::asin>, 1, 1},
    {"acos", of_one<std::acos>, 1, 1},
    {"atan", of_one<std::atan>, 1, 1},
    {"sinh", of_one<std::sinh>, 1, 1},
    {"cosh", of_one<std::cosh>, 1, 1},
    {"tanh", of_one<std::tanh>, 1, 1},
    {"asinh", of_one<std::asinh>, 1, 1},
    {"acosh", of_one<std::acosh>, 1, 1},
    {"atanh", of_one<std::atanh>, 1, 1},
    {"erf", of_one<std::erf>, 1, 1},
    {"erfc", of_one<std::erfc>, 1, 1},
    {"tgamma", of_one<std::tgamma>, 1, 1},
    {"degrees", of_one<degrees_of>, 1, 1},
    {"radians", of_one<radians_of>, 1, 1},
    {"pow", of_two<power>, 2, 2},
    {"atan2", of_two<std::atan2>, 2, 2},
    {"hypot", of_two<std::hypot>, 2, 2},
    {"pi", constant<Pi>, 0, 0},
    {"e", constant<Euler>, 0, 0},
    {"sign", sign, 1, 1},
};

}  // namespace

std::span<const Definition> maths_functions() { return kDefinitions; }

}  // namespace grapevine::sql

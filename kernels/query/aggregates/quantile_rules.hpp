#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace grapevine::sql {

/// Which value a quantile is.
enum class QuantileRule : std::uint8_t {
  Interpolated,  ///< quantile: between the two values around level * (n - 1).
  Element,       ///< quantileExact: the value number level * n, rounded down.
  ElementLow,    ///< ... of two in the middle, the lower one is the median.
  ElementHigh,   ///< ... the higher one.
  Exclusive,     ///< Between the values around level * (n + 1), counted from 1.
  Inclusive,     ///< The same of level * (n - 1) + 1.
};

namespace quantile_detail {

template <typename Value>
Value element(std::span<Value> values, std::size_t number) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(number);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// The values number `number` and the one after it.
template <typename Value>
std::pair<double, double> element_and_next(std::span<Value> values, std::size_t number) {
  const auto lower = static_cast<double>(element(values, number));
  const auto rest = values.subspan(number + 1);
  return {lower, static_cast<double>(*std::min_element(rest.begin(), rest.end()))};
}

inline std::size_t element_number(double level, std::size_t count, QuantileRule rule) {
  if (level == 0.5 && rule == QuantileRule::ElementLow) return (count - 1) / 2;
  if (level == 0.5 && rule == QuantileRule::ElementHigh) return count / 2;
  return level < 1 ? static_cast<std::size_t>(level * static_cast<double>(count)) : count - 1;
}

}  // namespace quantile_detail

/// An element of the values, by one of the first rules of elements. Moves them around.
/// Precondition: there are some.
template <typename Value>
Value quantile_element(std::span<Value> values, double level, QuantileRule rule) {
  const std::size_t number = quantile_detail::element_number(level, values.size(), rule);
  return quantile_detail::element(values, std::min(number, values.size() - 1));
}

/// A number between two of the values, by one of the other rules.
/// Precondition: there are some.
template <typename Value>
double quantile_between(std::span<Value> values, double level, QuantileRule rule) {
  const auto count = static_cast<double>(values.size());
  if (rule == QuantileRule::Interpolated) {
    const double place = std::max(0.0, std::min(count - 1, level * (count - 1)));
    const auto left = static_cast<std::size_t>(place);
    if (left + 1 == values.size()) {
      return static_cast<double>(quantile_detail::element(values, left));
    }
    const auto [lower, upper] = quantile_detail::element_and_next(values, left);
    const auto of_left = static_cast<double>(left);
    return lower * (of_left + 1 - place) + upper * (place - of_left);
  }
  const double place =
      rule == QuantileRule::Exclusive ? level * (count + 1) : level * (count - 1) + 1;
  const auto number = static_cast<std::size_t>(place);
  if (number < 1) return static_cast<double>(*std::min_element(values.begin(), values.end()));
  if (number >= values.size()) {
    return static_cast<double>(*std::max_element(values.begin(), values.end()));
  }
  const auto [lower, upper] = quantile_detail::element_and_next(values, number - 1);
  return lower + (place - static_cast<double>(number)) * (upper - lower);
}

}  // namespace grapevine::sql

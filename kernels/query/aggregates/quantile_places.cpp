#include "kernels/query/aggregates/quantile_places.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

std::size_t element_number(double level, std::size_t count, QuantileRule rule) {
  if (level == 0.5 && rule == QuantileRule::ElementLow) return (count - 1) / 2;
  if (level == 0.5 && rule == QuantileRule::ElementHigh) return count / 2;
  const auto number = static_cast<std::size_t>(level * static_cast<double>(count));
  return std::min(number, count - 1);
}

}  // namespace

QuantilePlace quantile_place(double level, std::size_t count, QuantileRule rule) {
  if (gives_elements(rule)) {
    const std::size_t number = element_number(level, count, rule);
    return {number, number, 0};
  }
  const auto values = static_cast<double>(count);
  if (rule == QuantileRule::Interpolated) {
    const double place = std::clamp(level * (values - 1), 0.0, values - 1);
    const auto lower = static_cast<std::size_t>(place);
    return {lower, std::min(lower + 1, count - 1), place};
  }
  const double place =
      rule == QuantileRule::Exclusive ? level * (values + 1) : level * (values - 1) + 1;
  const auto number = static_cast<std::size_t>(place);
  if (number < 1) return {0, 0, 0};
  if (number >= count) return {count - 1, count - 1, 0};
  return {number - 1, number, place};
}

double quantile_between(const QuantilePlace& place, double lower, double upper, QuantileRule rule) {
  if (place.lower == place.upper) return lower;
  const auto left = static_cast<double>(place.lower);
  if (rule != QuantileRule::Interpolated) {  // Their places count from 1.
    return lower + (place.at - left - 1) * (upper - lower);
  }
  return lower * (left + 1 - place.at) + upper * (place.at - left);
}

}  // namespace grapevine::sql

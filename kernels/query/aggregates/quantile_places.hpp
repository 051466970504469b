#pragma once

#include <cstddef>
#include <cstdint>

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

inline bool gives_elements(QuantileRule rule) {
  return rule == QuantileRule::Element || rule == QuantileRule::ElementLow ||
         rule == QuantileRule::ElementHigh;
}

/// Which two of the sorted values a quantile lies between, and where.
struct QuantilePlace {
  std::size_t lower = 0;
  std::size_t upper = 0;
  double at = 0;  ///< The place itself, by the rule's count.
};

/// Precondition: 0 <= level <= 1, count > 0.
QuantilePlace quantile_place(double level, std::size_t count, QuantileRule rule);

/// The number there, by the formula of the rule.
double quantile_between(const QuantilePlace& place, double lower, double upper, QuantileRule rule);

}  // namespace grapevine::sql

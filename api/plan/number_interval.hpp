#pragma once

#include <cstdint>
#include <limits>

#include "api/parse/definition.hpp"
#include "kernels/segment/value_test.hpp"

namespace grapevine {

/// Numbers between two ends, each included or not. Ends are wide enough for every int64 and every
/// double, so that comparing the two rounds nothing.
struct NumberInterval {
  long double low = -std::numeric_limits<long double>::infinity();
  long double high = std::numeric_limits<long double>::infinity();
  bool low_open = false;
  bool high_open = false;

  /// The integers, doubles or floats in it. A float is compared with the ends rounded to floats,
  /// because 4.3 is not in a column of floats, but what was sent as 4.3 is.
  [[nodiscard]] Range<std::int64_t> whole() const;
  [[nodiscard]] Range<double> real() const;
  [[nodiscard]] Range<float> real32() const;
  /// The interval with both ends included.
  [[nodiscard]] Range<long double> closed() const;
};

/// The number that a scalar holds: an int64 or a double.
long double number_of(const Scalar& scalar);

/// What `op` (Eq, Lt, Lte, Gt, Gte, or Between with both ends) accepts.
NumberInterval interval_of(Operator op, long double first, long double second);

/// What is in both.
NumberInterval common(const NumberInterval& a, const NumberInterval& b);

}  // namespace grapevine

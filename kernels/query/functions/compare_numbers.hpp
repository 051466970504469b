#pragma once

#include <cstdint>

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

enum class Comparison : std::uint8_t {
  Equals,
  NotEquals,
  Less,
  LessOrEquals,
  Greater,
  GreaterOrEquals,
};

/// What the comparison is with its sides exchanged.
Comparison mirrored(Comparison comparison);

/// What a comparison says of two values of which `order` is the sign of the first less the second;
/// kUnordered: one is NaN.
inline constexpr int kUnordered = 2;
constexpr bool holds(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::Equals: return order == 0;
    case Comparison::NotEquals: return order != 0;
    case Comparison::Less: return order == -1;
    case Comparison::LessOrEquals: return order == -1 || order == 0;
    case Comparison::Greater: return order == 1;
    case Comparison::GreaterOrEquals: return order == 1 || order == 0;
  }
  return false;
}

/// Compares columns of numbers (or of times kept the same way), whatever their types, exactly: -1 is
/// less than any UInt64, and 2^53 + 1 is not the double 2^53. The result is of UInt8.
ColumnPtr compare_numbers(Comparison comparison, const ColumnPtr& left, const ColumnPtr& right,
                          std::size_t rows);

/// The order of numbers of different types, exactly.
int order_of(std::int64_t left, double right);
int order_of(std::uint64_t left, double right);
int order_of(std::uint64_t left, std::int64_t right);

}  // namespace grapevine::sql

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Calls `visit` with a zero of the C++ type that keeps values of `id`.
/// Precondition: width_of(id) > 0.
template <typename Visit>
decltype(auto) with_value_type(TypeId id, Visit&& visit) {
  switch (id) {
    case TypeId::UInt16:
    case TypeId::Date: return visit(std::uint16_t{});
    case TypeId::UInt32:
    case TypeId::DateTime: return visit(std::uint32_t{});
    case TypeId::UInt64: return visit(std::uint64_t{});
    case TypeId::Int8: return visit(std::int8_t{});
    case TypeId::Int16: return visit(std::int16_t{});
    case TypeId::Int32: return visit(std::int32_t{});
    case TypeId::Int64:
    case TypeId::DateTime64:
    case TypeId::Interval: return visit(std::int64_t{});
    case TypeId::Float32: return visit(float{});
    case TypeId::Float64: return visit(double{});
    case TypeId::Nothing:
    case TypeId::Bool:
    case TypeId::UInt8:
    case TypeId::String:
    case TypeId::Array:
    case TypeId::Tuple: break;
  }
  return visit(std::uint8_t{});
}

/// A number as another type. Integers wrap around. Of a float the fraction is cut off; what 32 bits
/// (for targets of up to 16 bits and Int32) or 64 bits (for the others) cannot hold becomes their
/// least value, and wraps then: as the processors do that ClickHouse runs on.
template <typename To, typename From>
constexpr To convert_number(From value) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    constexpr bool narrow = sizeof(To) <= 2 || std::is_same_v<To, std::int32_t>;
    const auto wide = static_cast<double>(value);
    if constexpr (narrow) {
      if (wide > -2147483649.0 && wide < 2147483648.0) {
        return static_cast<To>(static_cast<std::int32_t>(wide));
      }
      return static_cast<To>(std::numeric_limits<std::int32_t>::min());
    } else {
      if (wide >= -9223372036854775808.0 && wide < 9223372036854775808.0) {
        return static_cast<To>(static_cast<std::int64_t>(wide));
      }
      if constexpr (std::is_same_v<To, std::uint64_t>) {
        if (wide > 0 && wide < 18446744073709551616.0) return static_cast<std::uint64_t>(wide);
      }
      return static_cast<To>(std::numeric_limits<std::int64_t>::min());
    }
  } else {
    return static_cast<To>(value);
  }
}

/// The numbers of a column as `Value`s, whatever they are kept as. Integers wrap around.
/// Cost: nothing where they are kept as that; else a pass over the column.
template <typename Value>
class Numbers {
 public:
  explicit Numbers(ColumnPtr column);

  [[nodiscard]] Value operator[](std::size_t row) const { return values_[row & mask_]; }
  [[nodiscard]] bool constant() const { return mask_ == 0; }
  /// The first of the stored values.
  [[nodiscard]] const Value* data() const { return values_; }

 private:
  ColumnPtr column_;
  const Value* values_;
  std::size_t mask_;
};

extern template class Numbers<std::uint8_t>;
extern template class Numbers<std::uint16_t>;
extern template class Numbers<std::uint32_t>;
extern template class Numbers<std::uint64_t>;
extern template class Numbers<std::int8_t>;
extern template class Numbers<std::int16_t>;
extern template class Numbers<std::int32_t>;
extern template class Numbers<std::int64_t>;
extern template class Numbers<float>;
extern template class Numbers<double>;

/// The values of two columns side by side: result[row] = compute(a[row], b[row]). The shapes with a
/// constant have loops of their own, so that they stay simple enough to become SIMD.
template <typename Result, typename Left, typename Right, typename Compute>
void compute_rows(const Numbers<Left>& left, const Numbers<Right>& right, std::size_t rows,
                  Result* result, const Compute& compute) {
  const Left* a = left.data();
  const Right* b = right.data();
  if (rows == 0) return;
  if (left.constant() && right.constant()) {
    const Result both = compute(*a, *b);
    for (std::size_t row = 0; row < rows; ++row) result[row] = both;
  } else if (right.constant()) {
    const Right value = *b;
    for (std::size_t row = 0; row < rows; ++row) result[row] = compute(a[row], value);
  } else if (left.constant()) {
    const Left value = *a;
    for (std::size_t row = 0; row < rows; ++row) result[row] = compute(value, b[row]);
  } else {
    for (std::size_t row = 0; row < rows; ++row) result[row] = compute(a[row], b[row]);
  }
}

}  // namespace grapevine::sql

#include "kernels/query/functions/number_types.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

std::size_t next_width(std::size_t bytes) { return std::min<std::size_t>(bytes * 2, 8); }

std::size_t wider(TypeId left, TypeId right) { return std::max(width_of(left), width_of(right)); }

}  // namespace

TypeId integer_of(std::size_t bytes, bool is_signed) {
  switch (bytes) {
    case 1: return is_signed ? TypeId::Int8 : TypeId::UInt8;
    case 2: return is_signed ? TypeId::Int16 : TypeId::UInt16;
    case 4: return is_signed ? TypeId::Int32 : TypeId::UInt32;
    default: return is_signed ? TypeId::Int64 : TypeId::UInt64;
  }
}

TypeId float_of(std::size_t bytes) { return bytes <= 4 ? TypeId::Float32 : TypeId::Float64; }

TypeId sum_type(TypeId left, TypeId right) {
  if (is_float(left) || is_float(right)) return TypeId::Float64;
  return integer_of(next_width(wider(left, right)), is_signed(left) || is_signed(right));
}

TypeId difference_type(TypeId left, TypeId right) {
  if (is_float(left) || is_float(right)) return TypeId::Float64;
  return integer_of(next_width(wider(left, right)), true);
}

TypeId quotient_type(TypeId left, TypeId right) {
  const bool either = is_signed(left) || is_signed(right) || is_float(left) || is_float(right);
  return integer_of(width_of(left), either);
}

TypeId remainder_type(TypeId left, TypeId right) {
  if (is_float(left) || is_float(right)) return TypeId::Float64;
  const std::size_t bytes = width_of(right);
  return is_signed(left) ? integer_of(next_width(bytes), true) : integer_of(bytes, false);
}

TypeId bits_type(TypeId left, TypeId right) {
  return integer_of(wider(left, right), is_signed(left) || is_signed(right));
}

}  // namespace grapevine::sql

#pragma once

#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

/// The integer type of so many bytes (1, 2, 4 or 8). Source: ClickHouse's rules of result types, which
/// promote to the next width so that one operation cannot overflow below 64 bits.
TypeId integer_of(std::size_t bytes, bool is_signed);
TypeId float_of(std::size_t bytes);

/// Of plus and multiply: one width more, signed if either is; floats: Float64.
TypeId sum_type(TypeId left, TypeId right);
/// Of minus: as sum_type, but always signed.
TypeId difference_type(TypeId left, TypeId right);
/// Of intDiv: the width of the left.
TypeId quotient_type(TypeId left, TypeId right);
/// Of modulo: the width of the right, one more where the left is signed.
TypeId remainder_type(TypeId left, TypeId right);
/// Of bitAnd and the like: the wider's width, signed if either is. Precondition: integers or Bool.
TypeId bits_type(TypeId left, TypeId right);

}  // namespace grapevine::sql

#pragma once

#include <cstdint>

#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

/// Calls `body(Value())` with the C++ type that values of a type are kept in.
/// Precondition: width_of(type) > 0.
template <typename Body>
auto visit_stored(TypeId type, const Body& body) {
  switch (type) {
    case TypeId::UInt16:
    case TypeId::Date: return body(std::uint16_t{});
    case TypeId::UInt32:
    case TypeId::DateTime: return body(std::uint32_t{});
    case TypeId::UInt64: return body(std::uint64_t{});
    case TypeId::Int8: return body(std::int8_t{});
    case TypeId::Int16: return body(std::int16_t{});
    case TypeId::Int32: return body(std::int32_t{});
    case TypeId::Int64:
    case TypeId::DateTime64:
    case TypeId::Interval: return body(std::int64_t{});
    case TypeId::Float32: return body(float{});
    case TypeId::Float64: return body(double{});
    default: return body(std::uint8_t{});
  }
}

}  // namespace grapevine::sql

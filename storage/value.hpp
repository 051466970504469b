#pragma once

#include <bit>
#include <cstdint>

namespace grapevine {

/// The types of stored values. A column that was given two types has the wider one: Int64 widens to
/// Float64, and whatever does not mix to String. The numbers stand in files.
enum class ValueType : std::uint8_t { Null, Bool, Int64, Float64, String, DateTime };

/// Whether a byte of a file is a type.
constexpr bool is_type(ValueType type) { return type <= ValueType::DateTime; }

constexpr bool is_number(ValueType type) {
  return type == ValueType::Int64 || type == ValueType::Float64;
}

/// The narrowest type that holds values of both without losing any.
constexpr ValueType wider(ValueType a, ValueType b) {
  if (a == b || b == ValueType::Null) return a;
  if (a == ValueType::Null) return b;
  return is_number(a) && is_number(b) ? ValueType::Float64 : ValueType::String;
}

/// The name of a type on the wire: "bool", "int64", "float64", "string", "datetime", "null".
constexpr const char* name_of(ValueType type) {
  switch (type) {
    case ValueType::Null: return "null";
    case ValueType::Bool: return "bool";
    case ValueType::Int64: return "int64";
    case ValueType::Float64: return "float64";
    case ValueType::String: return "string";
    case ValueType::DateTime: return "datetime";
  }
  return "null";
}

}  // namespace grapevine

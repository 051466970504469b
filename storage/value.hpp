#pragma once

#include <bit>
#include <cstdint>

namespace grapevine {

/// The types of stored values, narrowest first: a column that was given two types has the wider
/// one. (Bool and a number widen to String, since neither is the other.)
enum class ValueType : std::uint8_t { Null, Bool, Int64, Float64, String };

/// The narrowest type that holds values of both without losing any.
constexpr ValueType wider(ValueType a, ValueType b) {
  if (a == b || b == ValueType::Null) return a;
  if (a == ValueType::Null) return b;
  if (a == ValueType::Bool || b == ValueType::Bool) return ValueType::String;
  return a > b ? a : b;
}

/// The name of a type on the wire: "bool", "int64", "float64", "string", "null".
constexpr const char* name_of(ValueType type) {
  switch (type) {
    case ValueType::Null: return "null";
    case ValueType::Bool: return "bool";
    case ValueType::Int64: return "int64";
    case ValueType::Float64: return "float64";
    case ValueType::String: return "string";
  }
  return "null";
}

}  // namespace grapevine

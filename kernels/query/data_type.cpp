#include "kernels/query/data_type.hpp"

#include <algorithm>
#include <utility>

#include "kernels/query/type_names.hpp"

namespace grapevine::sql {
namespace {

std::string_view plain_name(TypeId id) {
  switch (id) {
    using enum TypeId;
    case Nothing: return "Nothing";
    case Bool: return "Bool";
    case UInt8: return "UInt8";
    case UInt16: return "UInt16";
    case UInt32: return "UInt32";
    case UInt64: return "UInt64";
    case Int8: return "Int8";
    case Int16: return "Int16";
    case Int32: return "Int32";
    case Int64: return "Int64";
    case Float32: return "Float32";
    case Float64: return "Float64";
    case String: return "String";
    case Date: return "Date";
    case DateTime: return "DateTime";
    case DateTime64: return "DateTime64";
    case Interval: return "Interval";
    case Array: return "Array";
    case Tuple: return "Tuple";
  }
  return "";
}

// As in SQL: bare where that is an identifier, else between backticks.
std::string quoted_if_needed(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const bool bare = !name.empty() && is_letter(name[0]) && std::ranges::all_of(name, [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
  const auto is_letter_of = [](char a, char b) { return (a | 0x20) == b; };
  const bool is_null = std::ranges::equal(name, std::string_view("null"), is_letter_of);
  if (bare && !is_null) return std::string(name);
  std::string quoted = "`";
  for (const char c : name) {
    if (c == '`' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "`";
}

std::string name_without_null(const DataType& type) {
  std::string name(plain_name(type.id));
  const std::string timezone = type.timezone.empty() ? "" : "'" + type.timezone + "'";
  switch (type.id) {
    case TypeId::DateTime: return timezone.empty() ? name : name + "(" + timezone + ")";
    case TypeId::DateTime64:
      name += "(" + std::to_string(type.scale);
      return name + (timezone.empty() ? ")" : ", " + timezone + ")");
    case TypeId::Interval:
      return std::string(kIntervalNames.at(static_cast<std::size_t>(type.unit)));
    case TypeId::Array: return name + "(" + name_of(type.elements.at(0)) + ")";
    case TypeId::Tuple:
      name += "(";
      for (std::size_t i = 0; i < type.elements.size(); ++i) {
        if (i > 0) name += ", ";
        if (!type.element_names.empty()) name += quoted_if_needed(type.element_names[i]) + " ";
        name += name_of(type.elements[i]);
      }
      return name + ")";
    default: return name;
  }
}

}  // namespace

std::string name_of(const DataType& type) {
  return type.nullable ? "Nullable(" + name_without_null(type) + ")" : name_without_null(type);
}

DataType nullable(DataType type) {
  type.nullable = type.id != TypeId::Array && type.id != TypeId::Tuple;
  return type;
}

DataType not_null(DataType type) {
  if (type.id != TypeId::Nothing) type.nullable = false;
  return type;
}

DataType array_of(DataType element) {
  DataType type{.id = TypeId::Array};
  type.elements.push_back(std::move(element));
  return type;
}

std::size_t width_of(TypeId id) {
  switch (id) {
    using enum TypeId;
    case Nothing:
    case Bool:
    case UInt8:
    case Int8: return 1;
    case UInt16:
    case Int16:
    case Date: return 2;
    case UInt32:
    case Int32:
    case Float32:
    case DateTime: return 4;
    case UInt64:
    case Int64:
    case Float64:
    case DateTime64:
    case Interval: return 8;
    case String:
    case Array:
    case Tuple: return 0;
  }
  return 0;
}

}  // namespace grapevine::sql

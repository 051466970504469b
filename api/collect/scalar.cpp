#include "api/collect/scalar.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace grapevine {
namespace {

template <typename Number>
std::optional<Number> whole_number_text(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Scalar Scalar::of(bool truth) {
  Scalar value;
  value.type = ValueType::Bool;
  value.truth = truth;
  return value;
}

Scalar Scalar::of(std::int64_t integer) {
  Scalar value;
  value.type = ValueType::Int64;
  value.integer = integer;
  return value;
}

Scalar Scalar::of(double number) {
  Scalar value;
  value.type = ValueType::Float64;
  value.number = number;
  return value;
}

Scalar Scalar::of(std::string_view text) {
  Scalar value;
  value.type = ValueType::String;
  value.text = text;
  return value;
}

std::optional<double> number_of(const Scalar& value) {
  switch (value.type) {
    case ValueType::Int64: return static_cast<double>(value.integer);
    case ValueType::Float64: return value.number;
    case ValueType::String: {
      const auto number = whole_number_text<double>(value.text);
      return number && std::isfinite(*number) ? number : std::nullopt;
    }
    case ValueType::Null:
    case ValueType::DateTime:
    case ValueType::Bool: return std::nullopt;
  }
  return std::nullopt;
}

std::string_view text_of(const Scalar& value, std::array<char, 32>& buffer) {
  char* const begin = buffer.data();
  char* const end = begin + buffer.size();
  const auto written = [&](std::to_chars_result result) {
    return std::string_view(begin, static_cast<std::size_t>(result.ptr - begin));
  };
  switch (value.type) {
    case ValueType::Null: return "";
    case ValueType::Bool: return value.truth ? "true" : "false";
    case ValueType::Int64: return written(std::to_chars(begin, end, value.integer));
    case ValueType::Float64: return written(std::to_chars(begin, end, value.number));
    case ValueType::DateTime:
    case ValueType::String: return value.text;
  }
  return "";
}

Scalar typed_by_content(std::string_view field) {
  if (field.empty()) return {};
  if (field == "true" || field == "false") return Scalar::of(field == "true");
  const std::string_view digits = field.substr(field.front() == '-' ? 1 : 0);
  const bool may_be_number = !digits.empty() && is_digit(digits.front()) &&
                             !(digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]));
  if (!may_be_number || field == "-0") return Scalar::of(field);
  if (const auto integer = whole_number_text<std::int64_t>(field)) return Scalar::of(*integer);
  if (field.find_first_not_of("0123456789", field.front() == '-' ? 1 : 0) ==
      std::string_view::npos) {
    return Scalar::of(field);  // More digits than a number can hold: an id.
  }
  const auto number = whole_number_text<double>(field);
  return number && std::isfinite(*number) ? Scalar::of(*number) : Scalar::of(field);
}

}  // namespace grapevine

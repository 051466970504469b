#include "api/sql/parse/literal_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "api/sql/parse/lexer.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {

std::string float_literal(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 40> buffer;
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  const std::size_t mark = text.find('e');
  std::string digits;
  for (const char letter : text.substr(0, mark)) {
    if (letter >= '0' && letter <= '9') digits += letter;
  }
  const int exponent = std::atoi(std::string(text.substr(mark + 1)).c_str());
  const int count = static_cast<int>(digits.size());
  const std::string sign = std::signbit(value) ? "-" : "";
  if (exponent < -6 || exponent >= 21) {
    const std::string fraction = count > 1 ? concat(".", digits.substr(1)) : "";
    return concat(sign, digits.substr(0, 1), fraction, "e", exponent);
  }
  if (exponent < 0) {
    return concat(sign, "0.", std::string(static_cast<std::size_t>(-exponent - 1), '0'), digits);
  }
  if (exponent + 1 >= count) {
    digits.append(static_cast<std::size_t>(exponent + 1 - count), '0');
    return concat(sign, digits, ".");
  }
  const auto whole = static_cast<std::size_t>(exponent + 1);
  return concat(sign, digits.substr(0, whole), ".", digits.substr(whole));
}

std::string literal_text(const LiteralValue& literal) {
  struct Writer {
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::uint64_t value) const { return concat(value); }
    std::string operator()(std::int64_t value) const { return concat(value); }
    std::string operator()(double value) const { return float_literal(value); }
    std::string operator()(const std::string& value) const { return quoted_literal(value); }
  };
  return std::visit(Writer{}, literal);
}

}  // namespace grapevine::sql

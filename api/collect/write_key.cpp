#include "api/collect/write_key.hpp"

#include <algorithm>
#include <cstdint>

namespace grapevine {
namespace {

// The value of a base64 digit; beyond 63: it is none.
std::uint32_t digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

std::string from_base64(std::string_view digits) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : digits) {
    if (c == '=') break;
    const std::uint32_t digit = digit_of(c);
    if (digit > 63) return {};
    bits = (bits << 6) | digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> count) & 0xFF);
  }
  return bytes;
}

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
  });
}

}  // namespace

std::string write_key_of(std::string_view authorization) {
  const std::size_t space = authorization.find(' ');
  if (space == std::string_view::npos) return {};
  const std::string_view scheme = authorization.substr(0, space);
  std::string_view rest = authorization.substr(space);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (equal_ignoring_case(scheme, "bearer")) return std::string(rest);
  if (!equal_ignoring_case(scheme, "basic")) return {};
  const std::string pair = from_base64(rest);
  return pair.substr(0, pair.find(':'));
}

std::string write_key_of(const Fields& headers) {
  std::string key;
  if (const std::string* authorization = find_field(headers, "authorization")) {
    key = write_key_of(std::string_view(*authorization));
  }
  const std::string* own = find_field(headers, "x-write-key");
  return key.empty() && own != nullptr ? *own : key;
}

}  // namespace grapevine

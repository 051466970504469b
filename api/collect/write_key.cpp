#include "api/collect/write_key.hpp"

#include <algorithm>

#include "api/collect/base64.hpp"

namespace grapevine {
namespace {

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
  const std::string pair = from_base64(rest).value_or("");
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

#include "tests/queries/json_match.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <nlohmann/json.hpp>

namespace grapevine::tests {
namespace {

using Json = nlohmann::json;

constexpr char kEllipsis[] = "\x01...";  // No string of an answer begins so.

// Writes each `...` outside of strings as JSON: a member named kEllipsis, or an element kEllipsis.
std::string with_ellipses_quoted(std::string_view text) {
  std::string json;
  std::vector<char> open;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (in_string) {
      json += letter;
      if (letter == '\\' && i + 1 < text.size()) json += text[++i];
      if (letter == '"') in_string = false;
      continue;
    }
    if (text.substr(i).starts_with("...")) {
      json += !open.empty() && open.back() == '{' ? R"("\u0001...": true)" : R"("\u0001...")";
      i += 2;
      continue;
    }
    if (letter == '"') in_string = true;
    if (letter == '{' || letter == '[') open.push_back(letter);
    if ((letter == '}' || letter == ']') && !open.empty()) open.pop_back();
    json += letter;
  }
  return json;
}

bool same_number(const Json& expected, const Json& actual) {
  if (expected.is_number_integer() && actual.is_number_integer()) return expected == actual;
  const double wanted = expected.get<double>();
  const double got = actual.get<double>();
  return std::abs(wanted - got) <= 1e-9 * std::max(std::abs(wanted), std::abs(got));
}

std::string difference(const Json& expected, const Json& actual, const std::string& place);

std::string difference_of_objects(const Json& expected, const Json& actual,
                                  const std::string& place) {
  for (const auto& [name, value] : expected.items()) {
    if (name == kEllipsis) continue;
    if (!actual.contains(name)) return "nothing at " + place + "/" + name;
    std::string found = difference(value, actual[name], place + "/" + name);
    if (!found.empty()) return found;
  }
  if (expected.contains(kEllipsis)) return {};
  for (const auto& [name, value] : actual.items()) {
    if (!expected.contains(name)) return "unexpected: " + place + "/" + name;
  }
  return {};
}

std::string difference_of_arrays(const Json& expected, const Json& actual,
                                 const std::string& place) {
  const bool open = !expected.empty() && expected.back() == Json(kEllipsis);
  const std::size_t size = expected.size() - (open ? 1 : 0);
  if (open ? actual.size() < size : actual.size() != size) {
    return place + " has " + std::to_string(actual.size()) + " elements, not " +
           std::to_string(size);
  }
  for (std::size_t i = 0; i < size; ++i) {
    std::string found = difference(expected[i], actual[i], place + "/" + std::to_string(i));
    if (!found.empty()) return found;
  }
  return {};
}

std::string difference(const Json& expected, const Json& actual, const std::string& place) {
  if (expected.is_object() && actual.is_object()) {
    return difference_of_objects(expected, actual, place);
  }
  if (expected.is_array() && actual.is_array())
    return difference_of_arrays(expected, actual, place);
  const bool same = expected.is_number() && actual.is_number() ? same_number(expected, actual)
                                                               : expected == actual;
  if (same) return {};
  return "at " + (place.empty() ? "the top" : place) + " expected " + expected.dump() + ", got " +
         actual.dump();
}

}  // namespace

std::string json_mismatch(std::string_view expected, std::string_view actual) {
  const Json got = Json::parse(actual, nullptr, false);
  if (got.is_discarded()) return "the answer is not JSON";
  return difference(Json::parse(with_ellipses_quoted(expected)), got, "");
}

std::string json_member(std::string_view object, const std::string& name) {
  const Json json = Json::parse(object);
  const Json& member = json.at(name);
  return member.is_string() ? member.get<std::string>() : member.dump();
}

}  // namespace grapevine::tests

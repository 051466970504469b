#include "api/parse/sql_request.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "api/error.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kParametersMax = 1000;

// As in a tab-separated file, which is how the engine reads a parameter.
std::string escaped(std::string_view text) {
  std::string escaped_text;
  for (const char c : text) {
    switch (c) {
      case '\\': escaped_text += "\\\\"; break;
      case '\'': escaped_text += "\\'"; break;
      case '\t': escaped_text += "\\t"; break;
      case '\n': escaped_text += "\\n"; break;
      case '\r': escaped_text += "\\r"; break;
      case '\b': escaped_text += "\\b"; break;
      case '\f': escaped_text += "\\f"; break;
      case '\0': escaped_text += "\\0"; break;
      default: escaped_text += c;
    }
  }
  return escaped_text;
}

std::string shortest(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  return {digits.begin(), end};
}

// A value inside an array, where texts stand in quotes. nullopt: an object.
std::optional<std::string> element_text(const JsonValue& value);

std::optional<std::string> array_text(const JsonArray& array) {
  std::string text = "[";
  for (const JsonValue& element : array) {
    const auto inner = element_text(element);
    if (!inner) return std::nullopt;
    if (text.size() > 1) text += ",";
    text += *inner;
  }
  return text + "]";
}

std::optional<std::string> element_text(const JsonValue& value) {
  if (const auto* text = value.as<std::string>()) return "'" + escaped(*text) + "'";
  if (const auto* truth = value.as<bool>()) return *truth ? "true" : "false";
  if (const auto* whole = value.as<std::int64_t>()) return std::to_string(*whole);
  if (const auto* number = value.as<double>()) return shortest(*number);
  if (const auto* array = value.as<JsonArray>()) return array_text(*array);
  if (value.as<std::nullptr_t>() != nullptr) return "NULL";
  return std::nullopt;
}

std::optional<std::string> parameter_text(const JsonValue& value) {
  if (const auto* text = value.as<std::string>()) return escaped(*text);
  if (const auto* truth = value.as<bool>()) return *truth ? "1" : "0";
  if (value.as<std::nullptr_t>() != nullptr) return "\\N";
  return element_text(value);
}

void read_parameters(ObjectReader& reader, SqlRequest& request) {
  const JsonObject* parameters = reader.take_object("parameters");
  if (parameters == nullptr) return;
  if (parameters->size() > kParametersMax) {
    return reader.wrong("parameters",
                        "has more than " + std::to_string(kParametersMax) + " members");
  }
  for (const auto& [name, value] : *parameters) {
    auto text = parameter_text(value);
    if (text) {
      request.parameters.emplace_back(name, *std::move(text));
    } else {
      reader.mistakes().add(reader.pointer_to("parameters") + '/' + name,
                            "wants a string, a number, true, false, null or an array of them");
    }
  }
}

}  // namespace

absl::StatusOr<SqlRequest> parse_sql_request(const std::string& body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && body[first] != '{') {
    const std::string detail =
        R"(the body is no JSON object: wants {"query": "SELECT ..."}; a query alone goes to POST /)";
    return problem(ErrorCode::Malformed, detail, {{"", detail}});
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  SqlRequest request;
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  const std::string* query = reader.take_string("query");
  if (!reader.has("query")) reader.wrong("query", "is missing");
  if (query != nullptr) request.query = *query;
  read_parameters(reader, request);
  if (const std::string* format = reader.take_string("format")) request.format = *format;
  reader.refuse_others();
  if (!mistakes.empty()) return mistakes.status();
  return request;
}

}  // namespace grapevine

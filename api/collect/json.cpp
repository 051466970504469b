#include "api/collect/json.hpp"

#include <utility>
#include <vector>

#include "api/collect/json_fault.hpp"
#include "api/collect/json_integers.hpp"

namespace grapevine {

Scalar scalar_of(JsonElement element, MadeTexts& made) {
  switch (element.type()) {
    case JsonType::STRING: return Scalar::of(element.get_string().value_unsafe());
    case JsonType::INT64: return Scalar::of(element.get_int64().value_unsafe());
    case JsonType::DOUBLE: return Scalar::of(element.get_double().value_unsafe());
    case JsonType::BOOL: return Scalar::of(element.get_bool().value_unsafe());
    case JsonType::UINT64:
      made.push_back(std::to_string(element.get_uint64().value_unsafe()));
      return Scalar::of(std::string_view(made.back()));
    case JsonType::NULL_VALUE:
    case JsonType::ARRAY:
    case JsonType::OBJECT: return {};
  }
  return {};
}

bool is_scalar(JsonElement element) {
  return !element.is_null() && !element.is_array() && !element.is_object();
}

std::string_view json_text(JsonElement element, MadeTexts& made) {
  made.push_back(simdjson::minify(element));
  return made.back();
}

bool has_escaped_nul(std::string_view json) {
  for (std::size_t at = json.find('\\'); at != std::string_view::npos;
       at = json.find('\\', at + 2)) {
    if (json.substr(at + 1, 5) == "u0000") return true;
  }
  return false;
}

std::optional<std::string> find_nul(JsonElement element) {
  // Walks without recursion, since a text may nest as deep as the parser lets it.
  std::vector<std::pair<std::string_view, JsonElement>> open{{"", element}};
  while (!open.empty()) {
    const auto [name, value] = open.back();
    open.pop_back();
    if (value.is_object()) {
      for (const auto& [key, member] : JsonObject(value.get_object().value_unsafe())) {
        if (key.find('\0') != std::string_view::npos) return std::string("(a name)");
        open.emplace_back(key, member);
      }
    } else if (value.is_array()) {
      for (const JsonElement item : JsonArray(value.get_array().value_unsafe())) {
        open.emplace_back(name, item);
      }
    } else if (value.is_string() &&
               std::string_view(value.get_string().value_unsafe()).find('\0') !=
                   std::string_view::npos) {
      return std::string(name);
    }
  }
  return std::nullopt;
}

simdjson::error_code parse_json(std::string_view text, simdjson::dom::parser& parser,
                                JsonElement& element) {
  auto error = parser.parse(text.data(), text.size()).get(element);
  if (error != simdjson::NUMBER_ERROR) return error;
  if (const auto quoted = quote_long_integers(text)) error = parser.parse(*quoted).get(element);
  return error;
}

bool is_of_one_value(simdjson::error_code error) {
  switch (error) {
    case simdjson::NUMBER_ERROR:
    case simdjson::STRING_ERROR:
    case simdjson::UTF8_ERROR:
    case simdjson::UNESCAPED_CHARS:
    case simdjson::DEPTH_ERROR: return true;
    default: return false;
  }
}

std::string describe_json_error(simdjson::error_code error, std::string_view text,
                                std::size_t begin) {
  // What is JSON, but no value that we can hold (1e999), has no fault: its begin must do.
  const std::size_t place = begin + find_json_fault(text).value_or(0);
  return std::string(simdjson::error_message(error)) + " (byte " + std::to_string(place) + ")";
}

}  // namespace grapevine

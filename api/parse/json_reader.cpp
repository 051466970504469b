#include "api/parse/json_reader.hpp"

#include <string>
#include <type_traits>

#include <simdjson.h>

#include "api/error.hpp"
#include "api/parse/json_mistake.hpp"

namespace grapevine {
namespace {

std::string to_string(std::string_view text) { return std::string(text); }

// Recurses at most `kJsonLevelsMax` deep: the parser refused what is deeper.
JsonValue copy(simdjson::dom::element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::ARRAY: {
      JsonArray array;
      for (const simdjson::dom::element child : simdjson::dom::array(element)) {
        array.push_back(copy(child));
      }
      return {std::move(array)};
    }
    case element_type::OBJECT: {
      JsonObject object;
      for (const auto field : simdjson::dom::object(element)) {
        object.emplace_back(to_string(field.key), copy(field.value));
      }
      return {std::move(object)};
    }
    case element_type::INT64: return {std::int64_t(element)};
    case element_type::UINT64: return {static_cast<double>(std::uint64_t(element))};
    case element_type::DOUBLE: return {double(element)};
    case element_type::STRING: return {to_string(std::string_view(element))};
    case element_type::BOOL: return {bool(element)};
    case element_type::NULL_VALUE: break;
  }
  return {nullptr};
}

// A name in a mistake's pointer may hold the very bytes that are no UTF-8; the answer must not.
std::string only_ascii(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
  }
  return text;
}

absl::Status malformed(std::string_view text, simdjson::error_code error) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    const std::string detail = "the body is empty, where JSON is wanted";
    return problem(ErrorCode::Malformed, detail, {{"", detail}});
  }
  const JsonMistake mistake = find_json_mistake(text, kJsonLevelsMax);
  if (mistake.detail.empty()) {
    return problem(ErrorCode::Malformed,
                   std::string("The body is not JSON: ") + simdjson::error_message(error));
  }
  const std::string detail = mistake.detail + " at byte " + std::to_string(mistake.byte);
  return problem(ErrorCode::Malformed, "The body is not JSON: " + detail,
                 {{only_ascii(mistake.pointer), detail}});
}

}  // namespace

absl::StatusOr<JsonValue> read_json(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (const auto error = parser.allocate(text.size(), kJsonLevelsMax))
    return malformed(text, error);
  if (const auto error = parser.parse(simdjson::padded_string(text)).get(root)) {
    return malformed(text, error);
  }
  return copy(root);
}

absl::StatusOr<JsonObject> read_json_object(std::string_view text) {
  absl::StatusOr<JsonValue> body = read_json(text);
  if (!body.ok()) return body.status();
  if (auto* object = std::get_if<JsonObject>(&body->content)) return std::move(*object);
  const std::string detail = "the body must be an object, not " + std::string(body->kind());
  return problem(ErrorCode::Malformed, detail, {{"", detail}});
}

std::string_view JsonValue::kind() const {
  constexpr std::string_view kNames[] = {"null",     "true or false", "a number", "a number",
                                         "a string", "an array",      "an object"};
  return kNames[content.index()];
}

void write_json(JsonWriter& json, const JsonValue& content) {
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::nullptr_t>) {
          json.null();
        } else if constexpr (std::is_same_v<Held, JsonArray>) {
          json.begin_array();
          for (const JsonValue& element : held) write_json(json, element);
          json.end_array();
        } else if constexpr (std::is_same_v<Held, JsonObject>) {
          json.begin_object();
          for (const auto& [name, member] : held) {
            json.key(name);
            write_json(json, member);
          }
          json.end_object();
        } else {
          json.value(held);
        }
      },
      content.content);
}

}  // namespace grapevine

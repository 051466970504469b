// Turns the contract, api/openapi.yaml, into a source file that holds it as JSON: part of the
// build, so that what the server says of itself cannot be another contract than the one beside its
// code.
//
// openapi_to_json YAML CPP

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include <yaml-cpp/yaml.h>

#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

template <typename Number>
bool write_number(const std::string& text, JsonWriter& json) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  json.value(number);
  return true;
}

// The JSON schema of YAML 1.2: a plain scalar is null, a truth, a number or else text; a quoted one
// is text.
void write_scalar(const YAML::Node& node, JsonWriter& json) {
  const std::string& text = node.Scalar();
  const bool plain = node.Tag() == "?";
  if (plain && (text == "null" || text == "~")) return json.null();
  if (plain && (text == "true" || text == "false")) return json.value(text == "true");
  if (plain && write_number<std::int64_t>(text, json)) return;
  if (plain && text.find_first_of("0123456789") == 0 && write_number<double>(text, json)) return;
  json.value(text);
}

void write(const YAML::Node& node, JsonWriter& json) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      json.begin_object();
      for (const auto& member : node) {
        json.key(member.first.Scalar());
        write(member.second, json);
      }
      json.end_object();
      return;
    case YAML::NodeType::Sequence:
      json.begin_array();
      for (const YAML::Node& element : node) write(element, json);
      json.end_array();
      return;
    case YAML::NodeType::Scalar: return write_scalar(node, json);
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined: return json.null();
  }
}

int convert(const char* yaml_path, const char* source_path) {
  JsonWriter json;
  write(YAML::LoadFile(yaml_path), json);
  std::ofstream source(source_path);
  source << "#include \"api/openapi_json.hpp\"\n\n"
            "namespace grapevine {\n\n"
            "std::string_view openapi_json() {\n"
            "  return R\"openapi("
         << std::move(json).take()
         << ")openapi\";\n"
            "}\n\n"
            "}  // namespace grapevine\n";
  source.close();
  return source ? 0 : 1;
}

}  // namespace
}  // namespace grapevine

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: openapi_to_json YAML CPP\n", stderr);
    return 2;
  }
  try {
    return grapevine::convert(arguments[1], arguments[2]);
  } catch (const YAML::Exception& error) {
    std::fprintf(stderr, "%s: %s\n", arguments[1], error.what());
    return 1;
  }
}

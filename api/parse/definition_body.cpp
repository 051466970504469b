#include "api/parse/definition_body.hpp"

#include "api/error.hpp"
#include "api/parse/json_reader.hpp"

namespace grapevine {

absl::StatusOr<JsonObject> read_definition_body(const std::string& body) {
  if (body.size() > kDefinitionBytesMax) {
    return problem(ErrorCode::TooLarge, "a definition may have 262144 bytes, the body has " +
                                            std::to_string(body.size()));
  }
  return read_json_object(body);
}

std::string take_description(ObjectReader& reader) {
  const std::string* description = reader.take_string("description");
  if (description == nullptr) return {};
  if (description->size() > kDescriptionBytesMax) {
    reader.wrong("description", "longer than 4096 bytes");
  }
  if (description->find('\0') != std::string::npos) {
    reader.wrong("description", "holds a NUL character");
  }
  return *description;
}

}  // namespace grapevine

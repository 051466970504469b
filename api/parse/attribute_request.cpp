#include "api/parse/attribute_request.hpp"

#include "api/error.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "api/parse/segment_request.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<AttributeRequest> parse_attribute_request(const std::string& body) {
  if (body.size() > kDefinitionBytesMax) {
    return problem(ErrorCode::TooLarge, "a definition may have 262144 bytes, the body has " +
                                            std::to_string(body.size()));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  AttributeRequest request;
  ObjectReader reader(object, "", request.mistakes);
  if (const JsonValue* definition = reader.take("definition")) {
    request.text = *definition;
    request.definition =
        parse_computed_definition(*definition, reader.pointer_to("definition"), request.mistakes);
  } else {
    reader.wrong("definition", "wants a definition");
  }
  if (const std::string* description = reader.take_string("description")) {
    request.description = *description;
    if (description->size() > kDescriptionBytesMax) {
      reader.wrong("description", "longer than 4096 bytes");
    }
    if (description->find('\0') != std::string::npos) {
      reader.wrong("description", "holds a NUL character");
    }
  }
  reader.refuse_others();
  return request;
}

}  // namespace grapevine

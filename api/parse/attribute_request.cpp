#include "api/parse/attribute_request.hpp"

#include "api/parse/definition_body.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<AttributeRequest> parse_attribute_request(const std::string& body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_definition_body(body));
  AttributeRequest request;
  ObjectReader reader(object, "", request.mistakes);
  if (const JsonValue* definition = reader.take("definition")) {
    request.text = *definition;
    request.definition =
        parse_computed_definition(*definition, reader.pointer_to("definition"), request.mistakes);
  } else {
    reader.wrong("definition", "wants a definition");
  }
  request.description = take_description(reader);
  reader.refuse_others();
  return request;
}

}  // namespace grapevine

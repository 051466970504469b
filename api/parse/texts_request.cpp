#include "api/parse/texts_request.hpp"

#include <utility>

#include "api/error.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<std::vector<std::string>> parse_texts_request(const std::string& body) {
  if (body.size() > kTextsBytesMax) {
    return problem(ErrorCode::TooLarge, "the body may have 8388608 bytes, and has " +
                                            std::to_string(body.size()) +
                                            ": send the texts in several requests");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  std::vector<std::string> texts;
  const JsonArray* array = reader.take_array("texts");
  if (array == nullptr && !reader.has("texts")) {
    reader.wrong("texts", "wants an array of texts");
  } else if (array != nullptr && array->size() > kTextsMax) {
    reader.wrong("texts", "has more than 50000 texts: " + std::to_string(array->size()));
  } else if (array != nullptr) {
    texts.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (const auto* text = (*array)[i].as<std::string>()) {
        texts.push_back(*text);
      } else {
        mistakes.add("/texts/" + std::to_string(i),
                     "wants a text, not " + std::string((*array)[i].kind()));
      }
    }
  }
  reader.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return texts;
}

}  // namespace grapevine

#include "api/parse/overlap_request.hpp"

#include <algorithm>

#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "kernels/segment/overlap.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

void read_segments(ObjectReader& reader, OverlapRequest& request) {
  const JsonArray* names = reader.take_array("segments");
  if (!reader.has("segments") ||
      (names != nullptr && (names->size() < 2 || names->size() > kOverlapSetsMax))) {
    return reader.wrong("segments", "wants the names of 2 to 8 segments");
  }
  if (names == nullptr) return;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const std::string place = reader.pointer_to("segments") + '/' + std::to_string(i);
    const auto* name = (*names)[i].as<std::string>();
    if (name == nullptr) {
      request.mistakes.add(place, "wants a string, not " + std::string((*names)[i].kind()));
    } else if (std::find(request.segments.begin(), request.segments.end(), *name) !=
               request.segments.end()) {
      request.mistakes.add(place, "given twice: " + *name);
    }
    request.segments.push_back(name == nullptr ? std::nullopt : std::optional(*name));
  }
}

}  // namespace

absl::StatusOr<OverlapRequest> parse_overlap_request(const std::string& body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  OverlapRequest request;
  ObjectReader reader(object, "", request.mistakes);
  read_segments(reader, request);
  request.as_of = reader.take_as_of();
  request.snapshot = reader.take_snapshot();
  reader.refuse_others();
  return request;
}

}  // namespace grapevine

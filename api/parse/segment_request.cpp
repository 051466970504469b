#include "api/parse/segment_request.hpp"

#include "api/parse/definition_body.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

void read_definition(ObjectReader& reader, SegmentRequest& request) {
  const JsonValue* definition = reader.take("definition");
  if (definition == nullptr) {
    reader.wrong("definition", "wants a definition");
    return;
  }
  request.text = *definition;
  request.definition =
      parse_definition(*definition, reader.pointer_to("definition"), request.mistakes);
}

}  // namespace

absl::StatusOr<SegmentRequest> parse_preview_request(const std::string& body, const Fields& query) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_definition_body(body));
  SegmentRequest request;
  ObjectReader reader(object, "", request.mistakes);
  read_definition(reader, request);
  request.as_of = reader.take_as_of();
  const auto sample = reader.take_whole("sample", 0, std::int64_t{kSampleMax});
  request.sample = static_cast<std::size_t>(sample.value_or(0));
  request.snapshot = reader.take_snapshot();
  request.explain = reader.take_truth("explain");
  reader.refuse_others();
  QueryReader parameters(query, request.mistakes);
  if (const std::string* explain = parameters.take("explain")) {
    request.explain = *explain == "true";
    if (*explain != "true" && *explain != "false") {
      parameters.wrong("explain", "wants true or false, not: " + *explain);
    }
  }
  parameters.refuse_others();
  return request;
}

absl::StatusOr<SegmentRequest> parse_segment_request(const std::string& body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_definition_body(body));
  SegmentRequest request;
  ObjectReader reader(object, "", request.mistakes);
  read_definition(reader, request);
  request.description = take_description(reader);
  reader.refuse_others();
  return request;
}

}  // namespace grapevine

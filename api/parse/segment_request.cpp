#include "api/parse/segment_request.hpp"

#include <limits>

#include "api/error.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "api/parse/parse_definition.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

absl::StatusOr<JsonObject> read_body(const std::string& body) {
  if (body.size() > kDefinitionBytesMax) {
    return problem(ErrorCode::TooLarge, "a definition may have 262144 bytes, the body has " +
                                            std::to_string(body.size()));
  }
  return read_json_object(body);
}

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

AsOf read_as_of(ObjectReader& reader) {
  const JsonValue* content = reader.take("as_of");
  if (content == nullptr) return {};
  if (const auto* epoch_ms = content->as<std::int64_t>(); epoch_ms && is_time(*epoch_ms)) {
    return {AsOf::Kind::At, *epoch_ms};
  }
  const auto* text = content->as<std::string>();
  if (const auto as_of = text == nullptr ? std::nullopt : parse_as_of(*text)) return *as_of;
  reader.wrong("as_of", "wants an ISO 8601 time, epoch milliseconds or \"latest\"");
  return {};
}

}  // namespace

absl::StatusOr<SegmentRequest> parse_preview_request(const std::string& body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_body(body));
  SegmentRequest request;
  ObjectReader reader(object, "", request.mistakes);
  read_definition(reader, request);
  request.as_of = read_as_of(reader);
  const auto sample = reader.take_whole("sample", 0, std::int64_t{kSampleMax});
  request.sample = static_cast<std::size_t>(sample.value_or(0));
  if (const auto snapshot =
          reader.take_whole("snapshot", 0, std::numeric_limits<std::int64_t>::max())) {
    request.snapshot = static_cast<std::uint64_t>(*snapshot);
  }
  reader.refuse_others();
  return request;
}

absl::StatusOr<SegmentRequest> parse_segment_request(const std::string& body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_body(body));
  SegmentRequest request;
  ObjectReader reader(object, "", request.mistakes);
  read_definition(reader, request);
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

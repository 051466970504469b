#include "api/cloudevents/event_attributes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "api/collect/call_time.hpp"
#include "api/collect/limits.hpp"

namespace grapevine {
namespace {

enum class Needed : bool { No, Yes };

class AttributeReader {
 public:
  AttributeReader(JsonObject event, EventMistakes& mistakes) : event_(event), mistakes_(mistakes) {}

  std::string_view text(std::string_view name, Needed needed, std::size_t bytes_max) {
    JsonElement element;
    if (event_.at_key(name).get(element) != simdjson::SUCCESS || element.is_null()) {
      if (needed == Needed::Yes) wrong(name, "is not there");
      return {};
    }
    std::string_view value;
    if (element.get_string().get(value) != simdjson::SUCCESS || value.empty()) {
      wrong(name, "is not a text, or is empty");
    } else if (value.size() > bytes_max) {
      wrong(name, "has more than " + std::to_string(bytes_max) + " bytes");
    }
    return value;
  }

  void wrong(std::string_view name, std::string detail) {
    mistakes_.push_back({"/" + std::string(name), std::move(detail)});
  }

 private:
  JsonObject event_;
  EventMistakes& mistakes_;
};

// What no URI reference has: it would make "source id" ambiguous.
bool has_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 0 && c <= ' '; });
}

}  // namespace

EventAttributes read_attributes(JsonObject event, EventMistakes& mistakes) {
  AttributeReader reader(event, mistakes);
  const std::size_t before = mistakes.size();
  const std::string_view version = reader.text("specversion", Needed::Yes, kMessageIdBytesMax);
  if (mistakes.size() == before && version != "1.0") reader.wrong("specversion", "is not 1.0");

  EventAttributes attributes;
  attributes.id = reader.text("id", Needed::Yes, kMessageIdBytesMax);
  attributes.source = reader.text("source", Needed::Yes, kMessageIdBytesMax);
  attributes.type = reader.text("type", Needed::Yes, kEventNameBytesMax);
  attributes.subject = reader.text("subject", Needed::No, kCustomerIdBytesMax);
  attributes.time = reader.text("time", Needed::No, kMessageIdBytesMax);
  if (has_space(attributes.source)) reader.wrong("source", "is not a URI reference");
  if (attributes.source.size() + 1 + attributes.id.size() > kMessageIdBytesMax) {
    reader.wrong("id", "has, with the source, more than " + std::to_string(kMessageIdBytesMax - 1) +
                           " bytes");
  }
  if (!attributes.time.empty() && !time_of(Scalar::of(attributes.time))) {
    reader.wrong("time", "is not a time of RFC 3339 between 1900 and 2200");
  }
  return attributes;
}

bool is_envelope_attribute(std::string_view name) {
  constexpr std::array<std::string_view, 6> kEnvelope{"specversion",     "id",   "time",
                                                      "datacontenttype", "data", "data_base64"};
  return std::find(kEnvelope.begin(), kEnvelope.end(), name) != kEnvelope.end();
}

}  // namespace grapevine

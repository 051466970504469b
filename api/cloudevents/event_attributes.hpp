#pragma once

#include <string_view>

#include "api/cloudevents/cloudevent.hpp"

namespace grapevine {

/// The attributes of a CloudEvent that mean something to us. Texts are empty where nothing was sent.
struct EventAttributes {
  std::string_view id;
  std::string_view source;
  std::string_view type;
  std::string_view subject;
  std::string_view time;  ///< Can be read as a time, where it is there.
};

/// Reads and checks the attributes of an event: `specversion` 1.0, `id`, `source` and `type` are
/// needed. Adds every mistake to `mistakes`; the result means nothing where there are any.
/// Source  CloudEvents 1.0.2, Context Attributes.
EventAttributes read_attributes(JsonObject event, EventMistakes& mistakes);

/// Whether an attribute is about the envelope, or has a column of its own: the others are kept as
/// context.NAME.
bool is_envelope_attribute(std::string_view name);

}  // namespace grapevine

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "api/collect/json.hpp"
#include "api/error.hpp"
#include "api/message.hpp"

namespace grapevine {

/// One event as it was sent, in whichever mode.
struct CloudEvent {
  JsonObject attributes;            ///< Structured: with `data` or `data_base64` among them.
  std::optional<JsonElement> data;  ///< nullopt: none was sent.
};

/// What one event comes to: its mistakes, by JSON pointer from the event ("/id", "/data/actor").
/// Empty: it was read.
using EventMistakes = std::vector<FieldError>;

/// Takes an event, which lives as long as the call, and its number in the request.
using CloudEventVisitor = std::function<EventMistakes(const CloudEvent&, std::size_t index)>;

/// The events of a request, one after the other, and what was wrong with them.
struct CloudEventOutcome {
  bool is_batch = false;
  std::size_t count = 0;
  /// By event: those that are not kept. A place is named as it stands in the request: "/2/id" in a
  /// batch, "/id" alone, "ce-id" for a header, "/actor" where the body is the data.
  std::vector<std::pair<std::size_t, EventMistakes>> rejected;
};

/// Reads a request in any content mode of the HTTP binding: binary (headers `ce-...`), structured
/// (`application/cloudevents+json`) and batch (`application/cloudevents-batch+json`).
/// Errors  UnsupportedMediaType: none of these modes, or another encoding. Malformed: the body is no
///         JSON, or not an object (a list, for a batch). TooLarge: more events than kBatchEventsMax.
/// Source  CloudEvents 1.0.2, HTTP Protocol Binding and JSON Event Format.
absl::StatusOr<CloudEventOutcome> read_cloud_events(const Request& request,
                                                    const CloudEventVisitor& visit);

}  // namespace grapevine

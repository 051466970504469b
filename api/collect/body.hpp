#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/collect/call_head.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// An event of a request that is not stored, and why.
struct RejectedEvent {
  std::size_t index = 0;
  std::string detail;
};

/// What the body of a collect request says.
struct CollectedBody {
  Batch batch;
  std::vector<RejectedEvent> rejected;  ///< By ascending index.
  std::string write_key;  ///< Whose it is: the member `writeKey`, `api_key`; empty: none.
};

/// How to read a body.
struct BodyForm {
  Dialect dialect = Dialect::Segment;
  /// Segment's: of the one call that the body is; nullopt: a batch of calls. PostHog's bodies say
  /// themselves what they are: an object with a `batch`, an array of events, or one event.
  std::optional<CallType> type;
  TimeMs received = 0;
};

/// Reads the body of a collect request. An event that is bad in itself (a wrong type, a number out
/// of range, invalid UTF-8, too deep) is rejected alone; the others are kept.
/// Errors  Malformed: not JSON (says where), no object, no array `batch`. TooLarge: more than
///         kBatchEventsMax events.
absl::StatusOr<CollectedBody> read_body(const std::string& body, const BodyForm& form);

}  // namespace grapevine

#pragma once

#include <absl/status/status.h>

#include "api/collect/call_head.hpp"
#include "api/collect/call_members.hpp"
#include "api/collect/json.hpp"
#include "api/collect/row_sink.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// Reads collect calls, one after the other, into one batch: events, the items of orders, traits
/// and links. Not thread-safe.
class CallReader {
 public:
  /// `batch` outlives the reader.
  explicit CallReader(Batch& batch) : sink_(batch) {}

  /// Adds what one call says. Errors  InvalidArgument: a rejection; nothing of the call is added.
  absl::Status read(JsonElement call, const CallSource& source);

 private:
  absl::Status add(JsonObject call, const CallSource& source);
  absl::Status add_posthog(JsonObject event, const CallSource& source);
  absl::Status add_call(const CallHead& head, const CallSource& source);

  RowSink sink_;
  CallMembers members_;
};

}  // namespace grapevine

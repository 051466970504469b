#pragma once

#include <absl/status/status.h>

#include "api/collect/call_head.hpp"
#include "api/collect/call_members.hpp"
#include "api/collect/row_sink.hpp"

namespace grapevine {

/// Adds the row of a `track`, `page` or `screen` call, followed by those of its order's items.
/// What of the call has no column of its own is kept as follows: `properties` and `context` as
/// "properties.NAME" and "context.NAME"; an anonymousId beside a userId as "context.anonymousId";
/// any other member as "context.NAME", or "context.call.NAME" where the context has a NAME itself.
/// Errors  InvalidArgument: a rejection; rows may have been added, which the caller takes back.
absl::Status add_event_call(const CallHead& head, const CallMembers& members,
                            const CallSource& source, RowSink& sink);

}  // namespace grapevine

#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "kernels/listen/topic_rows.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The rows of a snapshot that are about each of these topics, as the snapshot defines them.
///
/// Shapes  Result: by place in `names`.
/// Errors  NotFound: the snapshot has no topic of a name; it says which, and the nearest one.
///         Cancelled: the request's Stop fired.
/// Cost    Nothing to speak of where the live index has them; else a pass over the texts that it
///         has not looked at.
absl::StatusOr<std::vector<std::shared_ptr<const TopicRows>>> find_topics(
    const Snapshot& snapshot, std::span<const std::string> names, const Context& context);

}  // namespace grapevine

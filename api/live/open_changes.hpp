#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/change_cursor.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What a reader of changes reads from.
struct OpenChanges {
  std::shared_ptr<const Snapshot> snapshot;
  std::shared_ptr<const MembershipStream> stream;
};

/// Finds the stream of a reader in the newest snapshot; one that nobody has asked for yet is begun.
/// Errors  NotFound: no such segment. Unprocessable: a consent that nobody was asked for.
///         Unavailable: streams are not kept here, or too many are.
absl::StatusOr<OpenChanges> open_changes(const ChangeReader& reader, const Context& context);

}  // namespace grapevine

#pragma once

#include <absl/status/status.h>

#include "api/collect/call_head.hpp"
#include "api/collect/call_members.hpp"
#include "api/collect/row_sink.hpp"

namespace grapevine {

// Calls about a person, which make no event. Of their members only those named here are kept.
// Errors  InvalidArgument: a rejection; rows may have been added, which the caller takes back.

/// `identify`: `traits`, else `context.traits`, nested ones with dots; `null` removes one. The
/// trait `consent` may be a list of what is granted: ["email"] is {"email": true}. An anonymousId
/// beside the userId is linked to it.
absl::Status add_identify(const CallHead& head, const CallMembers& members,
                          const CallSource& source, RowSink& sink);

/// `group`: `groupId` as the trait account_id, `traits` as account.NAME.
absl::Status add_group(const CallHead& head, const CallMembers& members, const CallSource& source,
                       RowSink& sink);

/// `alias`: `previousId` is linked to `userId`.
absl::Status add_alias(const CallHead& head, const CallMembers& members, RowSink& sink);

/// Adds the cells of an object of traits (Family::Trait, Family::Account) to the row begun last.
absl::Status add_traits(JsonObject traits, Family family, RowSink& sink);

/// Adds a row with the cells of the row begun last.
void add_trait_row(const CallHead& head, std::uint32_t source, RowSink& sink);

/// Adds the link from the anonymousId to the userId, both of which are there.
void add_identify_link(const CallHead& head, RowSink& sink);

}  // namespace grapevine

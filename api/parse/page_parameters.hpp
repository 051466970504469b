#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/parse/members_request.hpp"

namespace grapevine {

// Readers of the parameters that pages of lists have in common.

/// The cursor, if one was given. `list`: what it must be of.
/// Errors  Gone: what is none may have been one of an earlier version.
absl::StatusOr<std::optional<Cursor>> read_cursor_parameter(QueryReader& query,
                                                            const std::string& list);

/// `limit` and `snapshot`; the cursor's where they are absent.
void read_page(QueryReader& query, std::int64_t limit_max, PageRequest& page);

/// `as_of`, which a cursor pins.
void read_moment(QueryReader& query, const Context& context, PageRequest& page);

}  // namespace grapevine

#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "api/execute/moment.hpp"
#include "api/message.hpp"
#include "api/parse/members_request.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Where a page comes from: the snapshot and the moment that the first one spoke from.
struct ListSource {
  std::shared_ptr<const Snapshot> snapshot;
  AnswerMoment moment;
  std::uint64_t offset = 0;
};

/// The newest snapshot for a first page, the pinned one for those after it. Errors  Gone: the
/// cursor is too old, or of an earlier process.
absl::StatusOr<ListSource> open_list(const PageRequest& page, const Context& context);

/// The cursor of the page after this one, whose snapshot it pins; empty: `end` is the last of
/// `size` rows. Errors  TooManyRequests: too many lists are being paged through.
absl::StatusOr<std::string> next_cursor(const PageRequest& page, const ListSource& source,
                                        const std::string& list, std::uint64_t end,
                                        std::uint64_t size, const Context& context);

}  // namespace grapevine

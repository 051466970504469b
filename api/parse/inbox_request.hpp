#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/members_request.hpp"
#include "api/parse/mention_filter.hpp"
#include "kernels/listen/inbox.hpp"
#include "kernels/listen/triage.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What a page of `GET /v1/listen/inbox` is asked for.
struct InboxRequest {
  static constexpr const char* kList = "listen/inbox";  ///< What its cursors are of.
  static constexpr std::int64_t kLimitMax = 1000;

  PageRequest page;      ///< fields are the other parameters as they came, for its cursor.
  MentionFilter filter;  ///< But for its moment, which `page` has.
  InboxQuestion::Status status = InboxQuestion::Status::Open;
  std::array<bool, kConcerns> concerns{true, true, true, true};  ///< Which are listed.
  std::array<bool, kSeverities> severities{true, true, true, true, true};
  /// How soon each is to be answered, by severity.
  std::array<TimeMs, kSeverities> target_ms{172'800'000, 86'400'000, 28'800'000, 14'400'000,
                                            3'600'000};
};

/// Errors  Unprocessable: as of every query; parameters that are not what they were when the cursor was
///         given. Gone: a cursor that this server did not give.
absl::StatusOr<InboxRequest> parse_inbox_request(const Request& request, const Context& context);

}  // namespace grapevine

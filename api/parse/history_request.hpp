#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What `GET /v1/segments/{name}/history` asks for.
struct HistoryRequest {
  TimeMs every = 0;
  std::string every_text;
  std::optional<TimeMs> from;  ///< nullopt: when the segment was filled.
  std::optional<TimeMs> to;    ///< nullopt: now.
  std::string timezone;
};

/// Errors  Unprocessable: as of every query.
absl::StatusOr<HistoryRequest> parse_history_request(const Request& request,
                                                     const Context& context);

}  // namespace grapevine

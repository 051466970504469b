#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/change_cursor.hpp"
#include "api/parse/members_request.hpp"

namespace grapevine {

/// What a reader of changes asks for.
struct ChangesRequest {
  ChangeReader reader;
  std::optional<ChangeCursor> cursor;  ///< nullopt: from the beginning.
  std::size_t limit = 1000;
  RowFormat format = RowFormat::Json;
  bool events = false;  ///< As server-sent events, which go on.
};

/// Reads the parameters of `GET /v1/segments/{name}/changes`. The header `Last-Event-ID`, of a
/// client that comes back, stands before the parameter `cursor` of the address that it comes to.
/// Errors  Unprocessable: as of every query. Gone: a cursor that was not given for this reader.
absl::StatusOr<ChangesRequest> parse_changes_request(const Request& request);

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "api/message.hpp"

namespace grapevine {

/// What the caller can do about it. A closed list: `api/openapi.yaml` promises no others.
enum class ErrorCode : std::uint8_t {
  Malformed,
  Unauthorized,
  NotFound,
  MethodNotAllowed,
  Conflict,
  Gone,
  TooLarge,
  UnsupportedMediaType,
  Unprocessable,
  TooManyRequests,
  Timeout,
  Unavailable,
  Internal,
};

/// How an ErrorCode looks on the wire.
struct ErrorShape {
  std::string_view
      type;  ///< "type" of the problem (RFC 9457). A contract: never rename, never reuse.
  std::string_view title;  ///< The same for every problem of this type.
  int http_status;
  bool retry;  ///< Whether the same request may succeed later: sends Retry-After.
};

ErrorShape shape_of(ErrorCode code);

/// One mistake of the caller, and where in the body it stands (RFC 6901,
/// "/definition/all/0/between"). A query parameter is named by `?name`.
struct FieldError {
  std::string pointer;
  std::string detail;
};

/// A failure that a caller is told about. It travels as an absl::Status, so that parse, plan and
/// execute return it the way they return any other; `to_response` finds code and field errors
/// again.
absl::Status problem(ErrorCode code, std::string_view detail, std::vector<FieldError> errors = {});

/// The same problem with further members, those of a JSON object.
absl::Status with_members(absl::Status problem, std::string_view json_object);

/// The problem that a failed status is. A status that no one made with `problem` is mapped by its
/// code; what only we can cause becomes Internal, whose detail does not leave the server.
Response to_response(const absl::Status& failed);

}  // namespace grapevine

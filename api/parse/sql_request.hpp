#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// The body of `POST /v1/sql`.
struct SqlRequest {
  std::string query;
  Fields parameters;   ///< Names, and values as the text that the engine reads.
  std::string format;  ///< Empty: not said.
};

/// Errors  Malformed, Unprocessable with all mistakes.
absl::StatusOr<SqlRequest> parse_sql_request(const std::string& body);

}  // namespace grapevine

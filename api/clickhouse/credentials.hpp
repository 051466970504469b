#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// Who asks, by whichever one of ClickHouse's ways says so: `Authorization` (Basic or Bearer), the
/// headers `X-ClickHouse-User` and `-Key`, or the parameters `user` and `password`. "default" where
/// none does. Without keys, which are not configured yet, nobody but this machine may ask at all (see
/// server/config.hpp), and every name and password will do.
///
/// Errors  AuthenticationFailed (516): several ways at once, or an Authorization that cannot be read.
absl::StatusOr<std::string> user_of(const Request& request);

}  // namespace grapevine

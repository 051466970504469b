#pragma once

#include <string_view>

#include <absl/status/status.h>

#include "api/message.hpp"

namespace grapevine {

/// Fills in path and query of `request` from the target of a request line, in origin form
/// (`/path?query`) or absolute form (`http://host/path?query`). `+` in the query is a space.
///
/// Errors  Malformed: not of these forms, bad percent-encoding, or a NUL, raw or encoded.
absl::Status parse_target(std::string_view target, Request& request);

}  // namespace grapevine

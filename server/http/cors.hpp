#pragma once

#include <string_view>

#include "api/message.hpp"

namespace grapevine {

/// Lets the page of any origin read `response`: what collects events is called from shops' pages.
/// No cookie means anything to the server, so credentials may come along; `sendBeacon` always
/// brings them.
void allow_any_origin(const Request& request, Response& response);

/// The answer to OPTIONS. `methods` are those of the path, "GET, HEAD, OPTIONS"; `cross_origin`:
/// whether a page of another origin may use them, which also answers a browser's preflight.
Response answer_options(const Request& request, std::string_view methods, bool cross_origin);

}  // namespace grapevine

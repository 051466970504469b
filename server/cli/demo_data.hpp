#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "server/http/server.hpp"

namespace grapevine {

/// Imports the generated world, up to the coming midnight (UTC), the way an import over HTTP would. A store
/// that has events already is left as it is.
absl::Status load_demo(const Services& services);

/// What to try first, with the demo's data.
std::string demo_hints(std::string_view url);

}  // namespace grapevine

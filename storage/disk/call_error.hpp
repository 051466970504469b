#pragma once

#include <string>

#include <absl/status/status.h>

namespace grapevine {

/// Unavailable: which call failed on which path, and why (`errno`).
absl::Status call_error(const char* call, const std::string& path);

}  // namespace grapevine

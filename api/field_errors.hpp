#pragma once

#include <vector>

#include <absl/status/status.h>

#include "api/error.hpp"

namespace grapevine {

/// The mistakes that a problem names; none where the status is of something else.
std::vector<FieldError> field_errors(const absl::Status& failed);

}  // namespace grapevine

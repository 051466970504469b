#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "storage/batch.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The traits that `{"attributes": {...}}` sets of a customer who is known by `id`, as an
/// `identify` of that moment would. Empty: there are none.
/// Precondition: the body is a JSON object and `attributes` an object.
/// Errors  InvalidArgument: a rejection.
absl::StatusOr<Batch> read_attributes_body(const std::string& body, const std::string& id,
                                           TimeMs now_ms);

}  // namespace grapevine

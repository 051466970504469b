#pragma once

#include <string_view>

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// Whether a Content-Type says that the body is a form in parts.
bool is_multipart(std::string_view content_type);

/// The fields of such a form (RFC 7578), in which clients send a query and parameters that are too
/// long for a URL.
///
/// Errors  BadArguments (36): no boundary, a part without a name, a body that is cut off.
///         NotImplemented (48): a part that is a file, which ClickHouse takes for a temporary table.
absl::StatusOr<Fields> read_multipart(std::string_view content_type, std::string_view body);

}  // namespace grapevine

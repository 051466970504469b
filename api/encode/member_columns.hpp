#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "api/encode/member_rows.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// The rows of a page as an Arrow stream: customer_id and the fields, each of its attribute's type. A
/// text attribute with few values among the snapshot's customers has a dictionary, so that all pages
/// of a list have the same schema. Errors  Cancelled: `stop` fired.
absl::StatusOr<std::string> members_as_arrow(const MemberPage& page, const Stop& stop);

}  // namespace grapevine

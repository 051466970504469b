#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/segment_executor.hpp"

namespace grapevine {

/// How large a stored segment is; or why that cannot be said: the data have changed since it was
/// stored, so that its definition does not fit them any more.
struct SegmentSize {
  std::optional<std::size_t> size;
  std::string problem;
};

/// The sizes of several segments, in the order of `names`; what they nest in common is evaluated
/// once. `timezone`: the server's (IANA). Errors  Cancelled: `stop` fired.
absl::StatusOr<std::vector<SegmentSize>> segment_sizes(const EvaluationSource& source,
                                                       const std::vector<std::string_view>& names,
                                                       std::string_view timezone);

}  // namespace grapevine

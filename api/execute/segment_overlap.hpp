#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/segment_executor.hpp"
#include "api/parse/overlap_request.hpp"

namespace grapevine {

/// How stored segments overlap.
struct SegmentOverlap {
  std::vector<std::string> segments;
  std::vector<std::size_t> regions;  ///< As `overlap_regions` has them; bit i is segment i.
  std::set<std::string> traits;      ///< That the definitions look at.

  /// How many are in every segment whose bit is in `mask`; everyone where it is 0.
  [[nodiscard]] std::size_t in_all_of(std::size_t mask) const;
};

/// `timezone`: the server's (IANA).
/// Errors  Unprocessable: every mistake of the request, segments that are not there included.
///         Cancelled: `stop` fired.
absl::StatusOr<SegmentOverlap> overlap_segments(const OverlapRequest& request,
                                                const EvaluationSource& source,
                                                std::string_view timezone);

}  // namespace grapevine

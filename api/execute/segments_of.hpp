#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/segment_executor.hpp"
#include "api/result_cache.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The stored segments that a person is in.
struct SegmentsOf {
  std::vector<std::string> names;  ///< Ascending.
  std::set<std::string> traits;    ///< That the definitions of all segments look at.
};

/// Segments whose definition does not fit the data any more have no members. Precondition: `person`
/// is one. `timezone`: the server's (IANA). `kept`, cost: as of PersonConditions, once for each
/// condition that is written differently.
/// Errors  Cancelled: `stop` fired.
absl::StatusOr<SegmentsOf> segments_of(CustomerId person, const EvaluationSource& source,
                                       std::string_view timezone, ResultCache& kept);

}  // namespace grapevine

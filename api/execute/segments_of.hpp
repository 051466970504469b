#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/plan/bind_value_rule.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The stored segments that a person is in.
struct SegmentsOf {
  std::vector<std::string> names;  ///< Ascending.
  std::set<std::string> traits;    ///< That the definitions of all segments look at.
};

/// Segments whose definition does not fit the data any more have no members.
/// Errors  Cancelled: `stop` fired. Cost: every definition is evaluated.
absl::StatusOr<SegmentsOf> segments_of(const Snapshot& snapshot, CustomerId person,
                                       const Moment& moment, const Stop& stop);

}  // namespace grapevine

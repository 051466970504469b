#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"

namespace grapevine {

/// One way to divide a graph's people.
struct Grouping {
  std::string name;                 ///< The attribute, or "segment".
  std::vector<std::string> labels;  ///< By group, as JSON values.
  std::vector<std::uint16_t> of;    ///< By vertex; kNoGroup: who has no value.
  std::vector<std::size_t> people;  ///< By group: of the audience.
};

inline constexpr std::size_t kGroupsMax = 1000;  ///< Of one attribute or set of bands.

/// Divides people by an attribute's values or bands, or by segments: one grouping a segment then, since
/// they may overlap.
/// Shapes  audience: whom `people` counts; empty: everyone.
/// Errors  Unprocessable: no such attribute or segment, bands of what is no number, more than
///         kGroupsMax values. Cancelled.
absl::StatusOr<std::vector<Grouping>> group_people(const GroupingRule& rule,
                                                   std::span<const std::uint64_t> audience,
                                                   const GraphSource& source,
                                                   const Context& context);

}  // namespace grapevine

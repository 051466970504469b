#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"

namespace grapevine {

/// One way to divide people.
struct Grouping {
  std::string name;                  ///< The attribute, or "segment".
  std::vector<std::string> labels;   ///< By group, as JSON values; null: who has no value.
  std::vector<std::uint16_t> of;     ///< By vertex; kNoGroup: who is not in the segment.
  std::vector<std::size_t> people;   ///< By group: of the audience, those below included.
  std::vector<std::size_t> outside;  ///< By group: of those outside of the graph who were given.
};

inline constexpr std::size_t kGroupsMax = 1000;  ///< Of one attribute or set of bands.

/// Who is divided.
struct GroupedPeople {
  std::span<const std::uint64_t> audience;  ///< Of the graph's people; empty: everyone.
  std::span<const CustomerId> outside;      ///< Seeds in no social event.
};

/// Divides people by an attribute's values or bands, or by segments: one grouping a segment then, since
/// they may overlap.
/// Errors  Unprocessable: no such attribute or segment, bands of what is no number, more than
///         kGroupsMax values. Cancelled.
absl::StatusOr<std::vector<Grouping>> group_people(const GroupingRule& rule,
                                                   const GroupedPeople& people,
                                                   const GraphSource& source,
                                                   const Context& context);

}  // namespace grapevine

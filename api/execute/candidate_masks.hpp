#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"

namespace grapevine {

/// People of a question's graph: words of a mask; empty: everyone.
using PeopleMask = std::vector<std::uint64_t>;

[[nodiscard]] bool is_nobody(const PeopleMask& mask);

/// The members of a segment. Errors  Unprocessable: no such segment, or none of them is in the graph.
absl::StatusOr<PeopleMask> mask_of_segment(const SegmentName& segment, const GraphSource& source,
                                           const Context& context);

/// Who may be chosen: the members of `candidates` who are not in `exclude`, nor restricted: people whose
/// processing is restricted are named nowhere.
/// Errors  Unprocessable: nobody is left, with the pointer of what left nobody. Cancelled.
absl::StatusOr<PeopleMask> mask_of_candidates(const std::optional<SegmentName>& candidates,
                                              const CustomerIds& exclude, const GraphSource& source,
                                              const Context& context);

/// Takes people out of a mask; an empty one, which means everyone, is filled first.
void take_out(const PeopleMask& people, std::size_t vertices, PeopleMask& mask);

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/group_dimension.hpp"
#include "kernels/listen/service_case.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// A case, as its place in a list, and a group that it is in.
struct GroupedCase {
  std::uint32_t of = 0;
  std::uint32_t group = 0;
  friend auto operator<=>(const GroupedCase&, const GroupedCase&) = default;
};

/// The groups that cases are in by the rows that opened them: numbered as the product of the
/// dimensions, of which the last one counts fastest. A case that some dimension has no group for is
/// in none. Without dimensions each is in group 0.
///
/// Shapes  cases: sorted by run (all of one side by side) and row. Result: ascending.
/// Errors  InvalidArgument: more groups than kCaseGroupsMax, or a longer list than
///         kGroupedCasesMax. Cancelled: `stop` was requested.
/// Cost    A look at the columns of the dimensions in each case's row; parallel over runs.
absl::StatusOr<std::vector<GroupedCase>> group_cases(std::span<const ServiceCase> cases,
                                                     std::span<const GroupDimension> dimensions,
                                                     const Stop& stop);
inline constexpr std::size_t kCaseGroupsMax = std::size_t{1} << 22;
inline constexpr std::size_t kGroupedCasesMax = std::size_t{1} << 27;

}  // namespace grapevine

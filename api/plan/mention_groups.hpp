#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/mention_filter.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/people.hpp"
#include "kernels/listen/group_dimension.hpp"

namespace grapevine {

/// A dimension by which mentions are told apart, and what its groups are called.
struct NamedGroups {
  std::string dimension = {};
  GroupDimension groups = {};
  std::vector<std::string> names = {};  ///< By group.
  bool all = false;                     ///< Nobody named them: they are all that there are.
};

/// Groups mentions by one dimension: one of kMentionDimensions, or an attribute of who speaks whose
/// values are strings, true and false. Where the filter names values of the dimension, each of those
/// is a group, whether it is mentioned or not; else each value that there is.
///
/// Pointer   Of `?by`, or of the filter's own parameter.
/// Mistakes  No such dimension, attribute, segment or community (of another name that nobody knows
///           there is nothing, see name_warnings); more different values than can be
///           told apart (kGroupedMax), unless some are named.
/// Errors    Cancelled.
absl::StatusOr<NamedGroups> group_mentions(std::string_view dimension, const MentionFilter& filter,
                                           const std::string& pointer, GraphSource& source,
                                           const Context& context, Mistakes& mistakes);
inline constexpr std::size_t kGroupedMax = 65'536;

/// What is named of a dimension; nullptr: it cannot be named.
const std::vector<std::string>* named_of(const MentionFilter& filter, std::string_view dimension);

/// The same by several dimensions, in their order.
absl::StatusOr<std::vector<NamedGroups>> group_mentions_by(const std::vector<std::string>& by,
                                                           const MentionFilter& filter,
                                                           GraphSource& source,
                                                           const Context& context,
                                                           Mistakes& mistakes);

/// The dimensions that a filter names values of, as filters of mentions. `made`: groups that were made
/// by the same filter already, which are not made again.
absl::StatusOr<std::vector<GroupDimension>> filter_mentions(const MentionFilter& filter,
                                                            GraphSource& source,
                                                            const Context& context,
                                                            Mistakes& mistakes,
                                                            std::span<const NamedGroups> made = {});

/// Hands the groups of some dimensions out; their names stay.
std::vector<GroupDimension> take_groups(std::vector<NamedGroups>& by);

}  // namespace grapevine

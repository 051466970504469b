#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/parse/mention_filter.hpp"
#include "api/plan/brand_owners.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What to say of the names of a filter that nobody ever said: `brand "Nosuch" was never seen; nearest:
/// "Noosuch"`. Of brands, products, topics, accounts, channels and regions. They are no mistake, since
/// a name may be asked for before anybody says it: there is nothing of it.
///
/// Known   What an event (of a region: a customer) has or had, and what a topic counts for; also brands
///         that somebody speaks for. Of a column with too many values to be numbered nothing is said.
/// Nearest Of the first kNearestMax unknown names, where there are up to kKnownMax known ones.
/// Cost    A look at the dictionaries, for names that are not there at all their known ones, too.
std::vector<std::string> name_warnings(const MentionFilter& filter, const Snapshot& snapshot,
                                       const BrandOwners& owners);
inline constexpr std::size_t kNearestMax = 5;
inline constexpr std::size_t kKnownMax = 20'000;

/// The same, for who knows no owners. Errors  Cancelled.
absl::StatusOr<std::vector<std::string>> name_warnings(const MentionFilter& filter,
                                                       const Snapshot& snapshot, const Stop& stop);

}  // namespace grapevine

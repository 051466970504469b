#include "api/execute/segment_profile.hpp"

#include <algorithm>
#include <utility>

#include "api/error.hpp"
#include "api/execute/listed_attribute.hpp"
#include "api/execute/segment_executor.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_planner.hpp"
#include "kernels/segment/people.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Everyone's own, so that its distribution says nothing.
constexpr std::string_view kId = "customer_id";

// The names asked for, or all there are.
std::vector<std::string> wanted_names(const ProfileRequest& request, const Snapshot& snapshot,
                                      SegmentProfile& profile) {
  if (!request.attributes.empty()) return request.attributes;
  std::vector<std::string> names;
  for (const std::string_view name : attribute_names(snapshot)) {
    if (name != kId) names.emplace_back(name);
  }
  if (names.size() > kProfiledMax) {
    profile.left_off = names.size() - kProfiledMax;
    names.resize(kProfiledMax);
  }
  return names;
}

absl::Status find_attributes(const ProfileRequest& request, const ListSource& source,
                             const Context& context, SegmentProfile& profile) {
  Mistakes mistakes;
  for (std::string& name : wanted_names(request, *source.snapshot, profile)) {
    Attribute attribute;
    GRAPEVINE_ASSIGN_OR_RETURN(const bool known, find_listed(name, source, context, attribute));
    if (name == kId) {
      mistakes.add("?attributes", "customer_id is everyone's own: it has no distribution");
    } else if (!known) {
      mistakes.add("?attributes", no_such_listed(name, *source.snapshot));
    }
    profile.attributes.push_back({std::move(name), std::move(attribute), {}});
  }
  return mistakes.status();
}

// Columns at once; the times of first and last events one after the other.
absl::Status fill_profiles(const CustomerSet& base, const CustomerSet& members,
                           SegmentExecutor& executor, const Stop& stop, SegmentProfile& profile) {
  const AttributeColumn nothing;
  std::vector<const AttributeColumn*> columns;
  for (const auto& [name, attribute, unused] : profile.attributes) {
    columns.push_back(attribute.column != nullptr ? attribute.column.get() : &nothing);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(auto profiles, profile_attributes(columns, base, members, {}, stop));
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    auto& [name, attribute, filled] = profile.attributes[i];
    filled = std::move(profiles[i]);
    if (!attribute.is_seen()) continue;
    GRAPEVINE_ASSIGN_OR_RETURN(const SeenTimes* seen, executor.seen());
    const bool is_last = attribute.from == Attribute::From::LastSeen;
    filled = profile_times(is_last ? seen->last : seen->first, base, members, {});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SegmentProfile> profile_segment(const std::string& segment,
                                               const ProfileRequest& request,
                                               const ListSource& source, const Context& context) {
  const Snapshot& snapshot = *source.snapshot;
  if (!has_segment(snapshot, segment)) {
    return problem(ErrorCode::NotFound, no_such_segment(snapshot, segment));
  }
  SegmentProfile profile;
  GRAPEVINE_RETURN_IF_ERROR(find_attributes(request, source, context, profile));
  Mistakes mistakes;
  SegmentPlanner planner(snapshot, {source.moment.as_of, context.timezone}, mistakes);
  const Plan plan = planner.plan_segment(segment, "");
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  profile.traits = planner.traits();
  SegmentExecutor executor({snapshot, source.moment.as_of, context.graph, context.stop});
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet members, executor.evaluate(plan));
  const CustomerSet base = people(snapshot.customers());
  profile.size = members.count();
  profile.base = base.count();
  GRAPEVINE_RETURN_IF_ERROR(fill_profiles(base, members, executor, context.stop, profile));
  return profile;
}

}  // namespace grapevine

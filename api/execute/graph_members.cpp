#include "api/execute/graph_members.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "kernels/graph/connected.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

TieDirection direction_of(ConnectedCondition::Direction direction) {
  switch (direction) {
    case ConnectedCondition::Direction::InfluencedBy: return TieDirection::InfluencedBy;
    case ConnectedCondition::Direction::Influences: return TieDirection::Influences;
    case ConnectedCondition::Direction::Either: break;
  }
  return TieDirection::Either;
}

}  // namespace

std::size_t people_of_share(double share, std::size_t people) {
  constexpr double kRounding = 1e-12;  // Relative: more than the share's own, less than a person.
  const double exact = share * static_cast<double>(people);
  return static_cast<std::size_t>(std::ceil(exact * (1.0 - kRounding)));
}

CustomerSet members_by_score(const RankedScore& score, const ScorePlan& plan,
                             std::size_t customers) {
  const std::vector<CustomerId>& people = score.people;
  CustomerSet set(customers);
  if (const auto* range = std::get_if<Range<double>>(&plan.which)) {
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (range->has(score.values[i])) set.add(people[i]);
    }
    return set;
  }
  std::size_t count = 0;
  if (const auto* top = std::get_if<TopPeople>(&plan.which)) {
    count = static_cast<std::size_t>(top->people);
  } else {
    count = people_of_share(std::get<TopShare>(plan.which).share, people.size());
  }
  for (std::size_t i = 0; i < std::min(count, people.size()); ++i) set.add(people[score.order[i]]);
  return set;
}

absl::StatusOr<CustomerSet> members_by_connection(const SocialGraph& graph,
                                                  const ConnectedPlan& plan,
                                                  const CustomerSet& members, const Stop& stop) {
  const ListenGraph& ties = graph.listening();
  GRAPEVINE_ASSIGN_OR_RETURN(const auto connected,
                             connected_people(ties, mask_of_customers(ties, members.words()),
                                              plan.hops, direction_of(plan.direction), stop));
  CustomerSet set(members.customers());
  for (Vertex v = 0; v < ties.vertices(); ++v) {
    if (mask_has(connected, v)) set.add(ties.people[v]);
  }
  return set;
}

}  // namespace grapevine

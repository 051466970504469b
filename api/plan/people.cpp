#include "api/plan/people.hpp"

#include <algorithm>
#include <bit>

#include "api/execute/list_page.hpp"
#include "api/parse/mistakes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Sorted, each once; those who are in the graph as its vertices.
NamedPeople divide(std::vector<CustomerId> customers, const ListenGraph& graph) {
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  NamedPeople people;
  for (const CustomerId customer : customers) {
    if (const auto vertex = graph.vertex_of(customer)) {
      people.vertices.push_back(*vertex);
    } else {
      people.outside.push_back(customer);
    }
  }
  return people;
}

}  // namespace

absl::StatusOr<GraphSource> open_graph(const GraphMoment& asked, const Context& context) {
  GraphSource source;
  GRAPEVINE_ASSIGN_OR_RETURN(source.snapshot, open_snapshot(asked.snapshot, context));
  source.moment = resolve_as_of(asked.as_of, *source.snapshot, context);
  GRAPEVINE_ASSIGN_OR_RETURN(source.graph,
                             context.graph.at(*source.snapshot, source.moment.as_of, context.stop));
  return source;
}

absl::StatusOr<NamedPeople> find_people(const CustomerIds& ids, std::string_view pointer,
                                        const GraphSource& source) {
  Mistakes mistakes;
  std::vector<CustomerId> customers;
  customers.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const CustomerId customer = source.snapshot->customers().find(ids[i]);
    if (customer == kNobody) {
      mistakes.add(std::string(pointer) + "/" + std::to_string(i), "no such customer: " + ids[i]);
    }
    customers.push_back(customer);
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return divide(std::move(customers), source.graph->listening());
}

NamedPeople people_of(std::span<const std::uint64_t> members, const GraphSource& source) {
  std::vector<CustomerId> customers;
  for (std::size_t w = 0; w < members.size(); ++w) {
    for (std::uint64_t rest = members[w]; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(rest));
      customers.push_back(CustomerId(static_cast<std::uint32_t>(w) * 64 + bit));
    }
  }
  return divide(std::move(customers), source.graph->listening());
}

}  // namespace grapevine

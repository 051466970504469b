#include "api/plan/people.hpp"

#include <algorithm>
#include <bit>

#include "api/execute/segment_executor.hpp"
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

absl::StatusOr<NamedPeople> find_people(const CustomerIds& ids, std::string_view pointer,
                                        const CurrentGraph& current) {
  Mistakes mistakes;
  std::vector<CustomerId> customers;
  customers.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const CustomerId customer = current.snapshot->customers().find(ids[i]);
    if (customer == kNobody) {
      mistakes.add(std::string(pointer) + "/" + std::to_string(i), "no such customer: " + ids[i]);
    }
    customers.push_back(customer);
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return divide(std::move(customers), current.graph->listening());
}

NamedPeople people_of(std::span<const std::uint64_t> members, const CurrentGraph& current) {
  std::vector<CustomerId> customers;
  for (std::size_t w = 0; w < members.size(); ++w) {
    for (std::uint64_t rest = members[w]; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(rest));
      customers.push_back(CustomerId(static_cast<std::uint32_t>(w) * 64 + bit));
    }
  }
  return divide(std::move(customers), current.graph->listening());
}

}  // namespace grapevine

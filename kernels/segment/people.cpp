#include "kernels/segment/people.hpp"

#include <algorithm>

namespace grapevine {

CustomerSet people(const CustomerTable& customers) {
  CustomerSet all = CustomerSet::everyone(customers.count());
  const Persons& persons = customers.persons();
  if (persons.absent == 0) return all;
  for (std::size_t c = 0; c < persons.chunks.size(); ++c) {
    if (persons.chunks[c] == nullptr) continue;
    const std::size_t begin = c * Persons::kCustomers;
    const std::size_t end = std::min(begin + Persons::kCustomers, customers.count());
    for (std::size_t i = begin; i < end; ++i) {
      const CustomerId customer{static_cast<std::uint32_t>(i)};
      if (persons.chunks[c]->entries[i - begin].person != customer) all.remove(customer);
    }
  }
  return all;
}

}  // namespace grapevine

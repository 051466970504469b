#include "kernels/segment/people.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace grapevine {

CustomerSet people(const CustomerTable& customers) {
  CustomerSet all = CustomerSet::everyone(customers.count());
  const Persons& persons = customers.persons();
  if (persons.absent == 0) return all;
  constexpr std::size_t kWords = Persons::kCustomers / 64;
  const std::span<std::uint64_t> words = all.words();
  for (std::size_t c = 0; c * kWords < words.size() && c < persons.chunks.size(); ++c) {
    if (persons.chunks[c] == nullptr) continue;
    const auto& are_persons = persons.chunks[c]->are_persons;
    const std::size_t here = std::min(kWords, words.size() - c * kWords);
    for (std::size_t w = 0; w < here; ++w) words[c * kWords + w] &= are_persons[w];
  }
  return all;
}

}  // namespace grapevine

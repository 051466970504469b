#include "kernels/segment/customer_set.hpp"

#include <algorithm>

#include "kernels/segment/combine.hpp"

namespace grapevine {

CustomerSet CustomerSet::everyone(std::size_t customers) {
  CustomerSet all(customers);
  complement(all);
  return all;
}

std::size_t CustomerSet::count() const {
  std::size_t members = 0;
  for (const std::uint64_t word : words_) members += static_cast<std::size_t>(std::popcount(word));
  return members;
}

bool CustomerSet::empty() const {
  return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
}

}  // namespace grapevine

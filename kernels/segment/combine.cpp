#include "kernels/segment/combine.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace grapevine {
namespace {

// Not vectorised by hand: the compiler does as well, and the sets are small beside what made them.
template <typename Combine>
void combine_words(CustomerSet& set, const CustomerSet& other, const Combine& combined) {
  assert(set.customers() == other.customers());
  const std::span<std::uint64_t> words = set.words();
  const std::span<const std::uint64_t> others = other.words();
  for (std::size_t w = 0; w < words.size(); ++w) words[w] = combined(words[w], others[w]);
}

}  // namespace

void intersect(CustomerSet& set, const CustomerSet& other) {
  combine_words(set, other, [](std::uint64_t a, std::uint64_t b) { return a & b; });
}

void unite(CustomerSet& set, const CustomerSet& other) {
  combine_words(set, other, [](std::uint64_t a, std::uint64_t b) { return a | b; });
}

void subtract(CustomerSet& set, const CustomerSet& other) {
  combine_words(set, other, [](std::uint64_t a, std::uint64_t b) { return a & ~b; });
}

void complement(CustomerSet& set) {
  const std::span<std::uint64_t> words = set.words();
  for (std::uint64_t& word : words) word = ~word;
  const std::size_t in_last_word = set.customers() % 64;
  if (in_last_word != 0) words.back() &= (std::uint64_t{1} << in_last_word) - 1;
}

}  // namespace grapevine

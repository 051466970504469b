#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine::sql {

/// Sorts by `word_of(element)`, a std::uint64_t below 2^bits; equal ones stay in their order.
///
/// How     Radix sort from the least digit on, in blocks: each block counts its digits, and knows from
///         the counts of all where its elements go. Digits that all elements share are passed over.
/// Cost    2 passes for each 11 bits; as much memory again.
template <typename Element, typename WordOf>
void radix_sort(std::vector<Element>& elements, unsigned bits, const WordOf& word_of) {
  constexpr unsigned kDigitBits = 11;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  constexpr std::size_t kBlocks = 8;
  using Counts = std::array<std::uint32_t, kDigits>;

  const std::size_t size = elements.size();
  const std::size_t block = size / kBlocks + 1;
  std::vector<Element> others(size);
  std::vector<Counts> places(blocks_of(size, block));
  for (unsigned shift = 0; shift < bits; shift += kDigitBits) {
    const auto digit_of = [&](const Element& element) {
      return static_cast<std::size_t>(word_of(element) >> shift) & (kDigits - 1);
    };
    for_each_block(size, block, [&](std::size_t begin, std::size_t end) {
      Counts& counts = places[begin / block];
      counts.fill(0);
      for (std::size_t i = begin; i < end; ++i) ++counts[digit_of(elements[i])];
    });
    std::uint32_t next = 0;
    bool all_share = false;
    for (std::size_t digit = 0; digit < kDigits; ++digit) {
      const std::uint32_t before = next;
      for (Counts& counts : places) next += std::exchange(counts[digit], next);
      all_share = all_share || next - before == size;
    }
    if (all_share) continue;
    for_each_block(size, block, [&](std::size_t begin, std::size_t end) {
      Counts& place = places[begin / block];
      for (std::size_t i = begin; i < end; ++i) {
        others[place[digit_of(elements[i])]++] = elements[i];
      }
    });
    elements.swap(others);
  }
}

}  // namespace grapevine::sql

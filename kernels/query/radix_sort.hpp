#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine::sql {

/// Sorts by the bits [first_bit, first_bit + bits) of `word_of(element)`, a std::uint64_t; equal ones
/// stay in their order.
///
/// How     Radix sort from the least digit on, in blocks: each block counts its digits, and knows from
///         the counts of all where its elements go. Digits that all elements share are passed over.
/// Cost    2 passes for each 12 bits; as much memory again.
template <typename Element, typename WordOf>
void radix_sort(std::vector<Element>& elements, unsigned first_bit, unsigned bits,
                const WordOf& word_of) {
  constexpr unsigned kDigitBits = 12;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  constexpr std::size_t kBlocks = 8;
  using Counts = std::array<std::uint32_t, kDigits>;

  const std::size_t size = elements.size();
  const std::size_t block = size / kBlocks + 1;
  std::vector<Element> others(size);
  std::vector<Counts> places(blocks_of(size, block));
  const unsigned end_bit = first_bit + bits;
  const unsigned passes = (bits + kDigitBits - 1) / kDigitBits;
  const unsigned width =
      passes == 0 ? 0 : (bits + passes - 1) / passes;  // Of about the same width.
  for (unsigned shift = first_bit; shift < end_bit; shift += width) {
    const std::size_t mask = (std::size_t{1} << std::min(width, end_bit - shift)) - 1;
    const auto digit_of = [&](const Element& element) {
      return static_cast<std::size_t>(word_of(element) >> shift) & mask;
    };
    for_each_block(size, block, [&](std::size_t begin, std::size_t end) {
      Counts& counts = places[begin / block];
      std::fill_n(counts.begin(), mask + 1, 0);
      for (std::size_t i = begin; i < end; ++i) ++counts[digit_of(elements[i])];
    });
    std::uint32_t next = 0;
    bool all_share = false;
    for (std::size_t digit = 0; digit <= mask; ++digit) {
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

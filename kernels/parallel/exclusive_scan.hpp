#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {

/// Replaces every element by the sum of those before it and returns the sum of all. Two passes over
/// blocks that fit a cache; integers, so any order of adding gives the same bits.
template <typename Integer>
Integer exclusive_scan(std::span<Integer> values) {
  constexpr std::size_t kBlock = 16 * 1024;
  std::vector<Integer> before(blocks_of(values.size(), kBlock));
  for_each_block(values.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    Integer sum = 0;
    for (std::size_t i = begin; i != end; ++i) sum += values[i];
    before[begin / kBlock] = sum;
  });
  Integer total = 0;
  for (Integer& sum : before) {
    const Integer own = sum;
    sum = total;
    total += own;
  }
  for_each_block(values.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    Integer sum = before[begin / kBlock];
    for (std::size_t i = begin; i != end; ++i) {
      const Integer own = values[i];
      values[i] = sum;
      sum += own;
    }
  });
  return total;
}

}  // namespace grapevine

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {

/// Puts items with the same key side by side, in the order of keys and then of items: a counting
/// sort.
///
/// Shapes  `key_of(i)` < keys for every item i < count; asked twice. `place(i, position)` is called
/// once
///         an item with its position among all, and moves it there. Result: keys + 1 offsets; the
///         items of key k take the positions [offsets[k], offsets[k + 1]).
/// Cost    O(count + keys), 4 bytes a key and block of scratch. Any number of threads gives the
/// same
///         answer, because a stable order does not depend on how the items were cut into blocks.
template <typename KeyOf, typename Place>
std::vector<std::size_t> group_stably(std::size_t count, std::size_t keys, const KeyOf& key_of,
                                      const Place& place) {
  // Enough blocks for every thread, but few enough that clearing their counters costs less than
  // counting.
  const std::size_t blocks = std::clamp<std::size_t>(
      std::min(count / 8192, 4 * count / std::max<std::size_t>(keys, 1)), 1, 64);
  const std::size_t block_size = blocks_of(count, blocks);
  std::vector<std::uint32_t> counts(blocks * keys);
  const auto counts_of = [&](std::size_t block) { return counts.data() + block * keys; };
  for_each_block(count, std::max<std::size_t>(block_size, 1),
                 [&](std::size_t begin, std::size_t end) {
                   std::uint32_t* mine = counts_of(begin / block_size);
                   for (std::size_t i = begin; i != end; ++i) ++mine[key_of(i)];
                 });

  std::vector<std::size_t> offsets(keys + 1);
  for_each_block(keys, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t key = begin; key != end; ++key) {
      std::uint32_t before = 0;  // Items of this key in earlier blocks.
      for (std::size_t block = 0; block != blocks; ++block) {
        std::uint32_t& own = counts_of(block)[key];
        const std::uint32_t sum = before + own;
        own = before;
        before = sum;
      }
      offsets[key] = before;
    }
  });
  exclusive_scan(std::span(offsets));

  for_each_block(count, std::max<std::size_t>(block_size, 1),
                 [&](std::size_t begin, std::size_t end) {
                   std::uint32_t* mine = counts_of(begin / block_size);
                   for (std::size_t i = begin; i != end; ++i) {
                     const std::size_t key = key_of(i);
                     place(i, offsets[key] + mine[key]++);
                   }
                 });
  return offsets;
}

}  // namespace grapevine

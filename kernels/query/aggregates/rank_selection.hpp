#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine::sql {

/// The order of a number among those of its type, as an unsigned integer. Not of NaN.
template <typename Value>
constexpr std::uint64_t order_of(Value value) {
  if constexpr (std::is_floating_point_v<Value>) {
    using Bits = std::conditional_t<sizeof(Value) == 4, std::uint32_t, std::uint64_t>;
    constexpr Bits kSign = Bits{1} << (sizeof(Bits) * 8 - 1);
    const auto bits = std::bit_cast<Bits>(value);
    return (bits & kSign) != 0 ? static_cast<Bits>(~bits) : static_cast<Bits>(bits | kSign);
  } else {
    using Bits = std::make_unsigned_t<Value>;
    constexpr Bits kSign =
        std::is_signed_v<Value> ? static_cast<Bits>(Bits{1} << (sizeof(Bits) * 8 - 1)) : Bits{0};
    return static_cast<Bits>(static_cast<Bits>(value) ^ kSign);
  }
}

/// The values that would stand at some places, were all values sorted.
///
/// Shapes  `ranks` in order, each below the number of values. Result: a value a rank.
/// Cost    Few values: O(n) for each rank. Many: a look at all for their range, one for a histogram of
///         4096 equal parts of it, and one for those in the parts that matter, in parallel.
template <typename Value>
std::vector<Value> select_ranks(std::span<const std::span<const Value>> pieces,
                                std::span<const std::size_t> ranks) {
  constexpr std::size_t kFew = 256 * 1024;
  constexpr std::size_t kTask = 256 * 1024;
  constexpr std::size_t kParts = 4096;
  std::size_t count = 0;
  for (const std::span<const Value> piece : pieces) count += piece.size();
  if (count <= kFew) {
    std::vector<Value> all;
    all.reserve(count);
    for (const std::span<const Value> piece : pieces) {
      all.insert(all.end(), piece.begin(), piece.end());
    }
    std::vector<Value> found;
    auto rest = all.begin();
    for (const std::size_t rank : ranks) {
      const auto at = all.begin() + static_cast<std::ptrdiff_t>(rank);
      if (at >= rest) {
        std::nth_element(rest, at, all.end());
        rest = at + 1;
      }
      found.push_back(*at);
    }
    return found;
  }
  std::vector<std::span<const Value>> tasks;
  for (const std::span<const Value> piece : pieces) {
    for (std::size_t begin = 0; begin < piece.size(); begin += kTask) {
      tasks.push_back(piece.subspan(begin, std::min(kTask, piece.size() - begin)));
    }
  }
  struct Extent {
    std::uint64_t low = ~std::uint64_t{0};
    std::uint64_t high = 0;
  };
  std::vector<Extent> extents(tasks.size());
  for_each(tasks.size(), [&](std::size_t task) {
    Extent extent;
    for (const Value value : tasks[task]) {
      const std::uint64_t order = order_of(value);
      extent.low = std::min(extent.low, order);
      extent.high = std::max(extent.high, order);
    }
    extents[task] = extent;
  });
  Extent all;
  for (const Extent& extent : extents) {
    all = {std::min(all.low, extent.low), std::max(all.high, extent.high)};
  }
  // The upper 12 bits of the distance from the least value.
  const int shift = std::max(0, static_cast<int>(std::bit_width(all.high - all.low)) - 12);
  const auto part_of = [&](Value value) { return (order_of(value) - all.low) >> shift; };
  std::vector<std::uint32_t> counts(tasks.size() * kParts);
  for_each(tasks.size(), [&](std::size_t task) {
    std::uint32_t* const mine = counts.data() + task * kParts;
    for (const Value value : tasks[task]) ++mine[part_of(value)];
  });
  std::vector<std::size_t> begins(kParts + 1);  // Of each part, were all sorted.
  for (std::size_t part = 0; part < kParts; ++part) {
    begins[part + 1] = begins[part];
    for (std::size_t task = 0; task < tasks.size(); ++task) {
      begins[part + 1] += counts[task * kParts + part];
    }
  }
  std::vector<std::uint8_t> matters(kParts);
  for (const std::size_t rank : ranks) {
    const auto part = std::upper_bound(begins.begin(), begins.end(), rank) - begins.begin() - 1;
    matters[static_cast<std::size_t>(part)] = 1;
  }
  std::vector<std::vector<Value>> chosen(tasks.size());
  for_each(tasks.size(), [&](std::size_t task) {
    for (const Value value : tasks[task]) {
      if (matters[part_of(value)] != 0) chosen[task].push_back(value);
    }
  });
  // Ranks among those chosen: less what lies before in parts that do not matter.
  std::vector<std::size_t> inner;
  std::size_t left_out = 0;
  std::size_t part = 0;
  for (const std::size_t rank : ranks) {
    for (; begins[part + 1] <= rank; ++part) {
      if (matters[part] == 0) left_out += begins[part + 1] - begins[part];
    }
    inner.push_back(rank - left_out);
  }
  std::vector<std::span<const Value>> rest(chosen.begin(), chosen.end());
  std::size_t left = 0;
  for (const std::span<const Value> piece : rest) left += piece.size();
  if (shift > 0 && left < count) {
    return select_ranks(std::span<const std::span<const Value>>(rest), inner);
  }
  // Nothing was gained: all are the same value, or each part is one.
  std::vector<Value> sorted;
  for (const std::span<const Value> piece : rest) {
    sorted.insert(sorted.end(), piece.begin(), piece.end());
  }
  std::vector<Value> found;
  for (const std::size_t rank : inner) {
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(sorted.begin(), at, sorted.end());
    found.push_back(*at);
  }
  return found;
}

}  // namespace grapevine::sql

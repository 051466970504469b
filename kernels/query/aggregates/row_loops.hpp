#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace grapevine::sql {

/// Calls `body(row, group)` for the rows that the mask, where there is one, leaves. `one_group`: all
/// groups are 0, and are not read.
template <typename Body>
void for_each_row(std::span<const std::uint32_t> groups, std::span<const std::uint8_t> mask,
                  bool one_group, const Body& body) {
  const std::size_t rows = groups.size();
  if (mask.empty()) {
    if (one_group) {
      for (std::size_t i = 0; i < rows; ++i) body(i, std::uint32_t{0});
    } else {
      for (std::size_t i = 0; i < rows; ++i) body(i, groups[i]);
    }
    return;
  }
  // The rows that are left are listed without a branch, which could not be foreseen.
  constexpr std::size_t kChunk = 1024;
  std::array<std::uint32_t, kChunk> left;
  for (std::size_t begin = 0; begin < rows; begin += kChunk) {
    const std::size_t end = std::min(rows, begin + kChunk);
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; ++i) {
      left[count] = static_cast<std::uint32_t>(i);
      count += mask[i] != 0 ? 1 : 0;
    }
    if (one_group) {
      for (std::size_t k = 0; k < count; ++k) body(left[k], std::uint32_t{0});
    } else {
      for (std::size_t k = 0; k < count; ++k) body(left[k], groups[left[k]]);
    }
  }
}

}  // namespace grapevine::sql

#pragma once

#include <cstdint>

namespace grapevine {

/// The first offset that `is_reached` of those that `width` bytes hold, and one more than the last where
/// there is none. So what ascends with its offset is compared as it is stored.
///
/// Shapes  width: up to 4. Precondition: it is reached by all after the first.
/// Cost    8 × width calls.
template <typename Test>
std::uint64_t first_offset(unsigned width, const Test& is_reached) {
  std::uint64_t first = 0, end = std::uint64_t{1} << (8 * width);
  while (first < end) {
    const std::uint64_t middle = first + (end - first) / 2;
    if (is_reached(middle)) {
      end = middle;
    } else {
      first = middle + 1;
    }
  }
  return first;
}

}  // namespace grapevine

#include "storage/packed_uints.hpp"

#include <algorithm>
#include <bit>

namespace grapevine {
namespace {

static_assert(std::endian::native == std::endian::little, "offsets are kept little end first");

// Calls `body(i)` for each number that means something.
template <typename Body>
void for_each_present(std::size_t size, std::span<const std::uint8_t> present, const Body& body) {
  if (present.empty()) {
    for (std::size_t i = 0; i < size; ++i) body(i);
  } else {
    for (std::size_t i = 0; i < size; ++i) {
      if (present[i] != 0) body(i);
    }
  }
}

template <unsigned Width>
void pack(std::span<const std::uint64_t> numbers, std::span<const std::uint8_t> present,
          std::uint64_t base, std::uint8_t* out) {
  for_each_present(numbers.size(), present, [&](std::size_t i) {
    const std::uint64_t offset = numbers[i] - base;
    std::memcpy(out + Width * i, &offset, Width);
  });
}

}  // namespace

PackedUints::PackedUints(std::span<const std::uint64_t> numbers,
                         std::span<const std::uint8_t> present)
    : size_(numbers.size()) {
  std::uint64_t smallest = UINT64_MAX;
  std::uint64_t largest = 0;
  for_each_present(numbers.size(), present, [&](std::size_t i) {
    smallest = std::min(smallest, numbers[i]);
    largest = std::max(largest, numbers[i]);
  });
  if (smallest > largest) return;  // Nothing is present.
  base_ = smallest;
  width_ = width_for(largest - smallest);
  raw_.resize(raw_bytes(width_, size_));
  switch (width_) {
    case 0: break;
    case 1: pack<1>(numbers, present, base_, raw_.data()); break;
    case 2: pack<2>(numbers, present, base_, raw_.data()); break;
    case 3: pack<3>(numbers, present, base_, raw_.data()); break;
    case 4: pack<4>(numbers, present, base_, raw_.data()); break;
    default: pack<8>(numbers, present, base_, raw_.data()); break;
  }
}

}  // namespace grapevine

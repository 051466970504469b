#include "storage/packed_uints.hpp"

#include <algorithm>

namespace grapevine {
namespace {

template <typename Offset>
std::vector<Offset> pack(std::span<const std::uint64_t> numbers, std::uint64_t base) {
  std::vector<Offset> offsets(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    offsets[i] = static_cast<Offset>(numbers[i] - base);
  return offsets;
}

}  // namespace

PackedUints::PackedUints(std::span<const std::uint64_t> numbers) {
  if (numbers.empty()) return;
  const auto [smallest, largest] = std::minmax_element(numbers.begin(), numbers.end());
  base_ = *smallest;
  const std::uint64_t range = *largest - base_;
  if (range <= UINT8_MAX) {
    offsets_ = pack<std::uint8_t>(numbers, base_);
  } else if (range <= UINT16_MAX) {
    offsets_ = pack<std::uint16_t>(numbers, base_);
  } else if (range <= UINT32_MAX) {
    offsets_ = pack<std::uint32_t>(numbers, base_);
  } else {
    offsets_ = pack<std::uint64_t>(numbers, base_);
  }
}

std::size_t PackedUints::bytes() const {
  return std::visit([](const auto& o) { return o.capacity() * sizeof(o[0]); }, offsets_);
}

}  // namespace grapevine

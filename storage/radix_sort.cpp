#include "storage/radix_sort.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace grapevine {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr std::size_t kFew = 256;  // So many are sorted by comparing.

std::size_t digit(std::uint64_t key, unsigned shift) { return (key >> shift) & (kDigits - 1); }

void pass(std::span<const std::uint64_t> from, std::span<std::uint64_t> to, unsigned shift) {
  std::array<std::uint32_t, kDigits> begins{};
  for (const std::uint64_t key : from) ++begins[digit(key, shift)];
  std::uint32_t sum = 0;
  for (std::uint32_t& begin : begins) sum += std::exchange(begin, sum);
  for (const std::uint64_t key : from) to[begins[digit(key, shift)]++] = key;
}

}  // namespace

void radix_sort(std::span<std::uint64_t> keys, unsigned from_bit) {
  if (keys.size() <= kFew) {
    std::stable_sort(keys.begin(), keys.end(), [from_bit](std::uint64_t a, std::uint64_t b) {
      return a >> from_bit < b >> from_bit;
    });
    return;
  }
  std::uint64_t differ = 0;
  for (const std::uint64_t key : keys) differ |= key ^ keys.front();
  std::vector<std::uint64_t> scratch(keys.size());
  std::span<std::uint64_t> from = keys;
  std::span<std::uint64_t> to = scratch;
  for (unsigned shift = from_bit; shift < 64; shift += kDigitBits) {
    if (digit(differ, shift) == 0) continue;
    pass(from, to, shift);
    std::swap(from, to);
  }
  if (from.data() != keys.data()) std::copy(from.begin(), from.end(), keys.begin());
}

}  // namespace grapevine

#include "kernels/segment/common_bits.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/segment/common_bits.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

std::uint64_t CountCommonBits(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  const hn::ScalableTag<std::uint64_t> d;
  const hn::Repartition<std::uint8_t, decltype(d)> bytes;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t kVectors = 255 / 8;  // Whose bits a byte can count.
  auto sums = hn::Zero(d);
  std::size_t w = 0;
  while (w + lanes <= words) {
    auto of_bytes = hn::Zero(bytes);
    const std::size_t end = std::min(words - lanes, w + (kVectors - 1) * lanes);
    for (; w <= end; w += lanes) {
      const auto both = hn::And(hn::LoadU(d, a + w), hn::LoadU(d, b + w));
      of_bytes = hn::Add(of_bytes, hn::PopulationCount(hn::BitCast(bytes, both)));
    }
    sums = hn::Add(sums, hn::SumsOf8(of_bytes));
  }
  std::uint64_t count = hn::GetLane(hn::SumOfLanes(d, sums));
  for (; w < words; ++w) count += static_cast<std::uint64_t>(std::popcount(a[w] & b[w]));
  return count;
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(CountCommonBits);

std::uint64_t count_common_bits(std::span<const std::uint64_t> a,
                                std::span<const std::uint64_t> b) {
  assert(a.size() == b.size());
  return HWY_DYNAMIC_DISPATCH(CountCommonBits)(a.data(), b.data(), a.size());
}

}  // namespace grapevine
#endif  // HWY_ONCE

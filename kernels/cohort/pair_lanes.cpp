#include "kernels/cohort/pair_lanes.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cohort/pair_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

std::size_t FindPairs(const std::uint16_t* lows, std::size_t count, std::uint32_t* all,
                      std::uint32_t* pairs) {
  const hn::CappedTag<std::uint32_t, kPairRoom> d;
  const hn::Rebind<std::uint16_t, decltype(d)> halves;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto low = hn::PromoteTo(d, hn::LoadU(halves, lows + i));
    hn::StoreU(hn::Or(hn::ShiftLeft<8>(low), hn::LoadU(d, all + 1 + i)), d, all + 1 + i);
  }
  for (; i < count; ++i) all[1 + i] |= std::uint32_t{lows[i]} << 8;
  // Not in the same loop: what was just written would be waited for.
  std::size_t size = 0;
  for (i = 0; i + lanes <= count; i += lanes) {
    const auto pair = hn::LoadU(d, all + 1 + i);
    const auto is_new = hn::Ne(pair, hn::LoadU(d, all + i));
    hn::StoreU(hn::Compress(pair, is_new), d, pairs + size);
    size += hn::CountTrue(d, is_new);
  }
  for (; i < count; ++i) {
    pairs[size] = all[1 + i];
    size += all[1 + i] != all[i] ? 1 : 0;
  }
  return size;
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(FindPairs);

std::size_t find_pairs(std::span<const std::uint16_t> lows, std::span<std::uint32_t> low_buckets,
                       std::uint32_t* pairs) {
  return HWY_DYNAMIC_DISPATCH(FindPairs)(lows.data(), lows.size(), low_buckets.data(), pairs);
}

}  // namespace grapevine
#endif  // HWY_ONCE

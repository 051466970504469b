#include "kernels/cohort/pair_lanes.hpp"

#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cohort/pair_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::uint32_t kInNoBucket = 0xFFFF'FFFF;  // No pair: buckets of pairs are below 255.

// Keeps of all[1] and the `count` - 1 behind it those that are pairs, and not the one before.
std::size_t KeepNew(const std::uint32_t* all, std::size_t count, std::uint32_t* pairs) {
  const hn::CappedTag<std::uint32_t, kPairRoom> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t size = 0;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto pair = hn::LoadU(d, all + 1 + i);
    const auto is_new =
        hn::And(hn::Ne(pair, hn::LoadU(d, all + i)), hn::Ne(pair, hn::Set(d, kInNoBucket)));
    hn::StoreU(hn::Compress(pair, is_new), d, pairs + size);
    size += hn::CountTrue(d, is_new);
  }
  for (; i < count; ++i) {
    pairs[size] = all[1 + i];
    size += all[1 + i] != all[i] && all[1 + i] != kInNoBucket ? 1 : 0;
  }
  return size;
}

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
  return KeepNew(all, count, pairs);
}

std::size_t FindMarkPairs(const std::uint32_t* marks, std::size_t count, const MarkBuckets& of,
                          std::uint32_t* all, std::uint32_t* pairs) {
  const hn::CappedTag<std::uint32_t, kPairRoom> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto before = hn::Set(d, of.before), span = hn::Set(d, of.span);
  const auto inverse = hn::Set(d, of.inverse);
  const auto quarter_hour = hn::Set(d, 0xFFFF);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto mark = hn::LoadU(d, marks + i);
    const auto elapsed = hn::Sub(hn::And(mark, quarter_hour), before);
    const auto bucket = hn::ShiftRightSame(hn::Mul(elapsed, inverse), of.shift);
    const auto pair = hn::Or(hn::AndNot(hn::Set(d, 0xFF), hn::ShiftRight<8>(mark)), bucket);
    const auto is_in = hn::Lt(elapsed, span);
    hn::StoreU(hn::IfThenElse(is_in, pair, hn::Set(d, kInNoBucket)), d, all + 1 + i);
  }
  for (; i < count; ++i) {
    const std::uint32_t elapsed = (marks[i] & 0xFFFF) - of.before;
    const std::uint32_t bucket = elapsed * of.inverse >> of.shift;
    all[1 + i] = elapsed < of.span ? (marks[i] >> 16) << 8 | bucket : kInNoBucket;
  }
  return KeepNew(all, count, pairs);
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(FindPairs);
HWY_EXPORT(FindMarkPairs);

MarkBuckets::MarkBuckets(std::uint32_t begin, std::uint32_t width, std::uint32_t count)
    : before(begin), span(width * count), shift(14 + std::bit_width(width - 1)) {
  inverse = ((std::uint32_t{1} << shift) + width - 1) / width;
}

std::size_t find_pairs(std::span<const std::uint16_t> lows, std::span<std::uint32_t> low_buckets,
                       std::uint32_t* pairs) {
  return HWY_DYNAMIC_DISPATCH(FindPairs)(lows.data(), lows.size(), low_buckets.data(), pairs);
}

std::size_t find_pairs(std::span<const std::uint32_t> marks, const MarkBuckets& buckets,
                       std::span<std::uint32_t> scratch, std::uint32_t* pairs) {
  return HWY_DYNAMIC_DISPATCH(FindMarkPairs)(marks.data(), marks.size(), buckets, scratch.data(),
                                             pairs);
}

}  // namespace grapevine
#endif  // HWY_ONCE

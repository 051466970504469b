#include "kernels/segment/bucket_lanes.hpp"

#include <bit>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/segment/bucket_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void FindBuckets(const std::uint8_t* times, std::size_t count, std::uint32_t begin,
                 std::uint32_t factor, int shift, std::uint32_t first, std::uint32_t* buckets) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RepartitionToWide<decltype(d)> wide;
  const hn::Repartition<std::uint8_t, decltype(d)> bytes;
  const std::size_t lanes = hn::Lanes(d);
  const auto before = hn::Set(d, begin);
  const auto inverse = hn::Set(d, factor);
  const auto number = hn::Set(d, first);
  const auto quotient = [&](auto elapsed) HWY_ATTR {  // Of every other one.
    return hn::ShiftRightSame(hn::MulEven(elapsed, inverse), shift);
  };
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto elapsed = hn::Sub(hn::BitCast(d, hn::LoadU(bytes, times + 4 * i)), before);
    const auto even = quotient(elapsed);
    const auto odd = quotient(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, elapsed))));
    const auto bucket = hn::BitCast(d, hn::Or(even, hn::ShiftLeft<32>(odd)));
    hn::StoreU(hn::Add(bucket, number), d, buckets + i);
  }
  for (; i < count; ++i) {
    std::uint32_t time;
    std::memcpy(&time, times + 4 * i, sizeof time);
    buckets[i] = first + static_cast<std::uint32_t>(std::uint64_t{time - begin} * factor >> shift);
  }
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(FindBuckets);

std::optional<LaneBuckets> LaneBuckets::of(const Run& run, const TimeBuckets& buckets) {
  constexpr std::uint64_t kApartMax = std::uint64_t{1} << 30;
  if (run.times.width() != 4 || run.first < buckets.from || run.last >= buckets.to()) {
    return std::nullopt;
  }
  LaneBuckets found;
  found.times_ = run.times.raw().data();
  const TimeMs number = (run.first - buckets.from) / buckets.width_ms;
  const TimeMs begin = buckets.from + number * buckets.width_ms;
  if (static_cast<std::uint64_t>(run.last - begin) >= kApartMax) return std::nullopt;
  found.first_ = static_cast<std::uint32_t>(number);
  found.before_ = static_cast<std::uint32_t>((static_cast<std::uint64_t>(begin) ^ Run::kSignBit) -
                                             run.times.base());
  const auto width = static_cast<std::uint64_t>(buckets.width_ms);
  if (width >= kApartMax) return found;  // One bucket has all of it.
  found.shift_ = 30 + static_cast<int>(std::bit_width(width - 1));
  found.inverse_ =
      static_cast<std::uint32_t>(((std::uint64_t{1} << found.shift_) + width - 1) / width);
  return found;
}

void LaneBuckets::find(std::size_t begin, std::span<std::uint32_t> buckets) const {
  HWY_DYNAMIC_DISPATCH(FindBuckets)
  (times_ + 4 * begin, buckets.size(), before_, inverse_, shift_, first_, buckets.data());
}

}  // namespace grapevine
#endif  // HWY_ONCE

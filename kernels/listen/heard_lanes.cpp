#include "kernels/listen/heard_lanes.hpp"

#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/listen/heard_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Lanes>
HWY_INLINE void hear(Lanes d, const std::uint32_t* begins, const std::uint32_t* neighbors,
                     std::uint32_t last, const std::uint32_t* masks, std::uint32_t nobody,
                     std::uint32_t* heard) {
  const hn::RebindToSigned<Lanes> index;
  const auto end = hn::LoadU(d, begins + 1);
  auto edge = hn::LoadU(d, begins);
  auto sum = hn::Zero(d);
  for (std::size_t i = 0; i < kHeardTogether; ++i) {
    const auto is_there = hn::Lt(edge, end);
    const auto place = hn::BitCast(index, hn::Min(edge, hn::Set(d, last)));
    const auto found = hn::GatherIndex(d, neighbors, place);
    const auto neighbor = hn::IfThenElse(is_there, found, hn::Set(d, nobody));
    sum = hn::Or(sum, hn::GatherIndex(d, masks, hn::BitCast(index, neighbor)));
    edge = hn::Add(edge, hn::Set(d, 1));
  }
  hn::StoreU(sum, d, heard);
}

void HearFirst(const std::uint32_t* begins, const std::uint32_t* neighbors, std::uint32_t last,
               const std::uint32_t* masks, std::uint32_t nobody, std::uint32_t* heard,
               std::size_t count) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::CappedTag<std::uint32_t, 1> one;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hear(d, begins + i, neighbors, last, masks, nobody, heard + i);
  }
  for (; i < count; ++i) hear(one, begins + i, neighbors, last, masks, nobody, heard + i);
}

// Counts four bits at once: a vector is loaded for all of them.
template <typename Lanes>
HWY_INLINE void count_four(Lanes d, const std::uint32_t* masks, std::size_t count,
                           std::uint32_t bit, std::uint64_t* counts) {
  const auto one = hn::Set(d, 1U);
  const auto zero = hn::Zero(d);
  const auto bit_a = hn::Set(d, bit), bit_b = hn::Set(d, bit << 1);
  const auto bit_c = hn::Set(d, bit << 2), bit_d = hn::Set(d, bit << 3);
  auto a = zero, b = zero, c = zero, e = zero;
  const std::size_t lanes = hn::Lanes(d);
  const auto add = [&](auto mask, auto which, auto sum) HWY_ATTR {
    return hn::Add(sum, hn::IfThenElseZero(hn::TestBit(mask, which), one));
  };
  for (std::size_t i = 0; i + lanes <= count; i += lanes) {
    const auto mask = hn::LoadU(d, masks + i);
    a = add(mask, bit_a, a);
    b = add(mask, bit_b, b);
    c = add(mask, bit_c, c);
    e = add(mask, bit_d, e);
  }
  counts[0] += hn::GetLane(hn::SumOfLanes(d, a));
  counts[1] += hn::GetLane(hn::SumOfLanes(d, b));
  counts[2] += hn::GetLane(hn::SumOfLanes(d, c));
  counts[3] += hn::GetLane(hn::SumOfLanes(d, e));
}

// Shapes: counts of 32 bits. Precondition: count < 2^32.
void CountBits(const std::uint32_t* masks, std::size_t count, std::size_t bits,
               std::uint64_t* counts) {
  const hn::ScalableTag<std::uint32_t> d;
  const std::size_t whole = count / hn::Lanes(d) * hn::Lanes(d);
  for (std::size_t bit = 0; bit < bits; bit += 4) {
    count_four(d, masks, whole, std::uint32_t{1} << bit, counts + bit);
  }
  for (std::size_t i = whole; i < count; ++i) {
    for (std::size_t bit = 0; bit < bits; ++bit) counts[bit] += masks[i] >> bit & 1;
  }
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(HearFirst);
HWY_EXPORT(CountBits);

void hear_first(std::span<const std::uint32_t> begins, std::span<const std::uint32_t> neighbors,
                std::span<const std::uint32_t> masks, std::span<std::uint32_t> heard) {
  HWY_DYNAMIC_DISPATCH(HearFirst)
  (begins.data(), neighbors.data(), static_cast<std::uint32_t>(neighbors.size() - 1), masks.data(),
   static_cast<std::uint32_t>(masks.size() - 1), heard.data(), heard.size());
}

void count_bits(std::span<const std::uint32_t> masks, std::span<std::uint64_t> counts) {
  std::array<std::uint64_t, 32> of_bit{};
  HWY_DYNAMIC_DISPATCH(CountBits)(masks.data(), masks.size(), counts.size(), of_bit.data());
  for (std::size_t bit = 0; bit < counts.size(); ++bit) counts[bit] += of_bit[bit];
}

}  // namespace grapevine
#endif  // HWY_ONCE

#include "kernels/listen/heard_lanes.hpp"

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

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(HearFirst);

void hear_first(std::span<const std::uint32_t> begins, std::span<const std::uint32_t> neighbors,
                std::span<const std::uint32_t> masks, std::span<std::uint32_t> heard) {
  HWY_DYNAMIC_DISPATCH(HearFirst)
  (begins.data(), neighbors.data(), static_cast<std::uint32_t>(neighbors.size() - 1), masks.data(),
   static_cast<std::uint32_t>(masks.size() - 1), heard.data(), heard.size());
}

}  // namespace grapevine
#endif  // HWY_ONCE

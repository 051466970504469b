#include "kernels/listen/mood_lanes.hpp"

#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/listen/mood_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Lanes>
HWY_INLINE void note_lanes(Lanes d, const double* scores, std::int64_t* moods, std::int64_t* sums) {
  const hn::RebindToSigned<Lanes> whole;
  const auto one = hn::Set(whole, 1);
  const auto none = hn::Zero(whole);
  const auto score = hn::Clamp(hn::LoadU(d, scores), hn::Set(d, -1.0), hn::Set(d, 1.0));
  const auto positive = hn::RebindMask(whole, hn::Gt(score, hn::Set(d, kMoodScore)));
  const auto negative = hn::RebindMask(whole, hn::Lt(score, hn::Set(d, -kMoodScore)));
  const auto mood = hn::Add(one, hn::Add(hn::IfThenElse(positive, one, none),
                                         hn::IfThenElse(negative, hn::Set(whole, 2), none)));
  hn::StoreU(mood, whole, moods);
  // Doubles near this one are a unit apart, and their bits count them.
  const auto units = hn::Set(d, 0x1.8p52);
  const auto rounded = hn::Add(hn::Mul(score, hn::Set(d, 0x1p32)), units);
  hn::StoreU(hn::Sub(hn::BitCast(whole, rounded), hn::BitCast(whole, units)), whole, sums);
}

void NoteMoods(const double* scores, std::int64_t* moods, std::int64_t* sums, std::size_t count) {
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) note_lanes(d, scores + i, moods + i, sums + i);
  for (; i < count; ++i) note_lanes(one, scores + i, moods + i, sums + i);
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(NoteMoods);

void note_moods(std::span<const double> scores, std::span<std::int64_t> moods,
                std::span<std::int64_t> sums) {
  HWY_DYNAMIC_DISPATCH(NoteMoods)(scores.data(), moods.data(), sums.data(), scores.size());
}

}  // namespace grapevine
#endif  // HWY_ONCE

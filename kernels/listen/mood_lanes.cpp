#include "kernels/listen/mood_lanes.hpp"

#include <algorithm>
#include <array>
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
HWY_INLINE void note_lanes(Lanes d, hn::VFromD<Lanes> scores, std::int64_t* moods,
                           std::int64_t* sums) {
  const hn::RebindToSigned<Lanes> whole;
  const auto one = hn::Set(whole, 1);
  const auto none = hn::Zero(whole);
  const auto score = hn::Clamp(scores, hn::Set(d, -1.0), hn::Set(d, 1.0));
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

// `scores_at(d, i)` makes a vector of those from the i-th on.
template <typename ScoresAt>
HWY_INLINE void note_all(const ScoresAt& scores_at, std::int64_t* moods, std::int64_t* sums,
                         std::size_t count) {
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) note_lanes(d, scores_at(d, i), moods + i, sums + i);
  for (; i < count; ++i) note_lanes(one, scores_at(one, i), moods + i, sums + i);
}

void NoteMoods(const double* scores, std::int64_t* moods, std::int64_t* sums, std::size_t count) {
  note_all([&](auto d, std::size_t i) HWY_ATTR { return hn::LoadU(d, scores + i); }, moods, sums,
           count);
}

template <typename Offset>
HWY_INLINE void note_decimals(const Offset* offsets, double least, double power, bool single,
                              std::int64_t* moods, std::int64_t* sums, std::size_t count) {
  note_all(
      [&](auto d, std::size_t i) HWY_ATTR {
        const hn::Rebind<std::int32_t, decltype(d)> whole;
        const hn::Rebind<Offset, decltype(d)> narrow;
        const hn::Rebind<float, decltype(d)> floats;
        const auto offset = hn::PromoteTo(whole, hn::LoadU(narrow, offsets + i));
        const auto number = hn::Add(hn::PromoteTo(d, offset), hn::Set(d, least));
        const auto score = hn::Div(number, hn::Set(d, power));
        return single ? hn::PromoteTo(d, hn::DemoteTo(floats, score)) : score;
      },
      moods, sums, count);
}

void NoteBytes(const std::uint8_t* offsets, double least, double power, bool single,
               std::int64_t* moods, std::int64_t* sums, std::size_t count) {
  note_decimals(offsets, least, power, single, moods, sums, count);
}

void NoteHalves(const std::uint16_t* offsets, double least, double power, bool single,
                std::int64_t* moods, std::int64_t* sums, std::size_t count) {
  note_decimals(offsets, least, power, single, moods, sums, count);
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(NoteMoods);
HWY_EXPORT(NoteBytes);
HWY_EXPORT(NoteHalves);

void note_moods(std::span<const double> scores, std::span<std::int64_t> moods,
                std::span<std::int64_t> sums) {
  HWY_DYNAMIC_DISPATCH(NoteMoods)(scores.data(), moods.data(), sums.data(), scores.size());
}

void note_moods(const RealValues& scores, std::size_t begin, std::span<std::int64_t> moods,
                std::span<std::int64_t> sums) {
  const PackedUints& numbers = scores.numbers;
  const std::uint8_t* const offsets = numbers.raw().data() + numbers.width() * begin;
  const auto least = static_cast<std::int64_t>(numbers.base() ^ RealValues::kSignBit);
  constexpr std::int64_t kExact = std::int64_t{1} << 52;  // Sums below are exact as doubles.
  const bool is_narrow =
      scores.form == RealValues::Form::Decimal && least > -kExact && least < kExact;
  const auto note = [&](const auto& lanes, const auto* narrow) {
    lanes(narrow, static_cast<double>(least), RealValues::power_of(scores.digits), scores.single,
          moods.data(), sums.data(), moods.size());
  };
  if (is_narrow && numbers.width() == 1) return note(HWY_DYNAMIC_DISPATCH(NoteBytes), offsets);
  if (is_narrow && numbers.width() == 2) {
    return note(HWY_DYNAMIC_DISPATCH(NoteHalves), reinterpret_cast<const std::uint16_t*>(offsets));
  }
  std::array<double, RealValues::kReadTogether> values;
  for (std::size_t i = 0; i < moods.size(); i += values.size()) {
    const auto some = std::span(values).first(std::min(values.size(), moods.size() - i));
    scores.read(begin + i, some);
    note_moods(some, moods.subspan(i, some.size()), sums.subspan(i, some.size()));
  }
}

}  // namespace grapevine
#endif  // HWY_ONCE

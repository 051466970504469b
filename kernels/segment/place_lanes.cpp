#include "kernels/segment/place_lanes.hpp"

#include <cstddef>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/segment/place_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void AcceptBoth(const double* latitudes, Range<double> of_latitude, const double* longitudes,
                Range<double> of_longitude, std::uint64_t* accepted, std::size_t words) {
  const hn::CappedTag<double, 8> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto south = hn::Set(d, of_latitude.least), north = hn::Set(d, of_latitude.most);
  const auto west = hn::Set(d, of_longitude.least), east = hn::Set(d, of_longitude.most);
  for (std::size_t w = 0; w < words; ++w) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 64; i += lanes) {
      const auto latitude = hn::LoadU(d, latitudes + 64 * w + i);
      const auto longitude = hn::LoadU(d, longitudes + 64 * w + i);
      const auto is_in = hn::And(hn::And(hn::Ge(latitude, south), hn::Le(latitude, north)),
                                 hn::And(hn::Ge(longitude, west), hn::Le(longitude, east)));
      std::uint8_t bits[8] = {};  // As many as StoreMaskBits may write.
      hn::StoreMaskBits(d, is_in, bits);
      word |= std::uint64_t{bits[0]} << i;
    }
    accepted[w] = word;
  }
}

// Places one by one where fewer are left than a vector has.
template <typename D>
HWY_INLINE void HalfChords(D d, const Centre& centre, const double* latitudes,
                           const double* longitudes, std::size_t count, double* squared) {
  const std::size_t lanes = hn::Lanes(d);
  const auto set = [&](double value) HWY_ATTR { return hn::Set(d, value); };
  const auto one = set(1.0);
  const auto sine = [&](auto x) HWY_ATTR {
    const auto square = hn::Mul(x, x);
    auto sum = hn::NegMulAdd(square, set(1.0 / 72), one);
    for (const double term : {1.0 / 42, 1.0 / 20, 1.0 / 6}) {
      sum = hn::NegMulAdd(hn::Mul(square, set(term)), sum, one);
    }
    return hn::Mul(x, sum);
  };
  const auto cosine = [&](auto x) HWY_ATTR {
    const auto square = hn::Mul(x, x);
    auto sum = hn::NegMulAdd(square, set(1.0 / 56), one);
    for (const double term : {1.0 / 30, 1.0 / 12, 1.0 / 2}) {
      sum = hn::NegMulAdd(hn::Mul(square, set(term)), sum, one);
    }
    return sum;
  };
  const auto radian = set(std::numbers::pi / 180), half = set(0.5);
  for (std::size_t i = 0; i + lanes <= count; i += lanes) {
    const auto north = hn::Mul(hn::Sub(hn::LoadU(d, latitudes + i), set(centre.latitude)), radian);
    const auto east = hn::Mul(hn::Sub(hn::LoadU(d, longitudes + i), set(centre.longitude)), radian);
    const auto by_latitude = sine(hn::Mul(north, half));
    const auto by_longitude = sine(hn::Mul(east, half));
    const auto there =
        hn::Sub(hn::Mul(set(centre.cosine), cosine(north)), hn::Mul(set(centre.sine), sine(north)));
    const auto across = hn::Mul(hn::Mul(set(centre.cosine), there), by_longitude);
    hn::StoreU(hn::MulAdd(across, by_longitude, hn::Mul(by_latitude, by_latitude)), d, squared + i);
  }
}

void NearHalfChords(const Centre& centre, const double* latitudes, const double* longitudes,
                    std::size_t count, double* squared) {
  const hn::ScalableTag<double> d;
  const std::size_t most = count / hn::Lanes(d) * hn::Lanes(d);
  HalfChords(d, centre, latitudes, longitudes, most, squared);
  HalfChords(hn::CappedTag<double, 1>(), centre, latitudes + most, longitudes + most, count - most,
             squared + most);
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(AcceptBoth);
HWY_EXPORT(NearHalfChords);

void accept_both(std::span<const double> latitudes, Range<double> of_latitude,
                 std::span<const double> longitudes, Range<double> of_longitude,
                 std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(AcceptBoth)
  (latitudes.data(), of_latitude, longitudes.data(), of_longitude, accepted.data(),
   accepted.size());
}

void near_half_chords(const Centre& centre, std::span<const double> latitudes,
                      std::span<const double> longitudes, std::span<double> squared) {
  HWY_DYNAMIC_DISPATCH(NearHalfChords)
  (centre, latitudes.data(), longitudes.data(), squared.size(), squared.data());
}

}  // namespace grapevine
#endif  // HWY_ONCE

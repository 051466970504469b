#include "kernels/cohort/trait_lanes.hpp"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cohort/trait_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// `weight_of(codes)` makes a vector of weights of one of codes.
template <typename Lanes, typename WeightOf>
HWY_INLINE void add_all(Lanes d, const std::uint8_t* codes, const std::uint64_t* has,
                        std::size_t words, std::uint32_t* scores, const WeightOf& weight_of) {
  const hn::Rebind<std::uint8_t, Lanes> bytes;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t w = 0; w < words; ++w) {
    std::uint64_t rest = has[w];
    for (std::size_t i = 64 * w; i < 64 * (w + 1); i += lanes, rest >>= lanes) {
      const auto code = hn::PromoteTo(d, hn::LoadU(bytes, codes + i));
      std::uint8_t bits[8];
      std::memcpy(bits, &rest, sizeof bits);
      const auto weight = hn::IfThenElseZero(hn::LoadMaskBits(d, bits), weight_of(code));
      hn::StoreU(hn::Add(hn::LoadU(d, scores + i), weight), d, scores + i);
    }
  }
}

void AddWeights(const std::uint8_t* codes, const std::uint64_t* has, std::size_t words,
                const std::uint32_t* weights, std::size_t used, std::uint32_t* scores) {
  const hn::CappedTag<std::uint32_t, 16> d;
  const hn::RebindToSigned<decltype(d)> whole;
  const std::size_t lanes = hn::Lanes(d);
  const auto low = hn::LoadU(d, weights);
  const auto high = hn::LoadU(d, weights + lanes);
  const auto few = hn::Set(d, static_cast<std::uint32_t>(lanes - 1));
  if (used <= lanes) {
    add_all(d, codes, has, words, scores, [&](auto code) HWY_ATTR {
      return hn::TableLookupLanes(low, hn::IndicesFromVec(d, hn::And(code, few)));
    });
  } else if (used <= 2 * lanes) {
    add_all(d, codes, has, words, scores, [&](auto code) HWY_ATTR {
      const auto index = hn::IndicesFromVec(d, hn::And(code, few));
      return hn::IfThenElse(hn::Gt(code, few), hn::TableLookupLanes(high, index),
                            hn::TableLookupLanes(low, index));
    });
  } else {
    add_all(d, codes, has, words, scores, [&](auto code) HWY_ATTR {
      return hn::GatherIndex(d, weights, hn::BitCast(whole, code));
    });
  }
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(AddWeights);

void add_weights(std::span<const std::uint8_t> codes, std::span<const std::uint64_t> has,
                 std::span<const std::uint32_t, 256> weights, std::size_t used,
                 std::span<std::uint32_t> scores) {
  HWY_DYNAMIC_DISPATCH(AddWeights)
  (codes.data(), has.data(), has.size(), weights.data(), used, scores.data());
}

}  // namespace grapevine
#endif  // HWY_ONCE

#include "kernels/segment/scan_lanes.hpp"

#include <cstddef>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/segment/scan_lanes.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h, which compiles this file once for each kind of processor.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grapevine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// One word of answers for 64 values: `test` makes a mask of a vector.
template <typename Lanes, typename Test>
HWY_INLINE std::uint64_t test_64(Lanes d, const hn::TFromD<Lanes>* values, const Test& test) {
  const std::size_t lanes = hn::Lanes(d);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 64; i += lanes) {
    std::uint8_t bits[HWY_MAX(8, hn::MaxLanes(d) / 8)];
    hn::StoreMaskBits(d, test(hn::LoadU(d, values + i)), bits);
    if (lanes < 8) {
      word |= std::uint64_t{bits[0]} << i;
    } else {
      std::memcpy(reinterpret_cast<char*>(&word) + i / 8, bits, lanes / 8);
    }
  }
  return word;
}

template <typename Value, typename Test>
HWY_INLINE void test_all(const Value* values, std::uint64_t* accepted, std::size_t words,
                         const Test& test) {
  const hn::CappedTag<Value, 64> d;
  for (std::size_t w = 0; w < words; ++w) accepted[w] = test_64(d, values + 64 * w, test);
}

template <typename Number>
HWY_INLINE void test_range(const Number* values, Number least, Number most, std::uint64_t* accepted,
                           std::size_t words) {
  const hn::CappedTag<Number, 64> d;
  const auto low = hn::Set(d, least);
  const auto high = hn::Set(d, most);
  test_all(values, accepted, words, [&](auto v) HWY_ATTR {
    if constexpr (hwy::IsFloat<Number>()) {
      return hn::And(hn::Ge(v, low), hn::Le(v, high));  // A NaN is in no range.
    } else {
      return hn::Not(hn::Or(hn::Gt(low, v), hn::Gt(v, high)));  // Integers have no Ge and Le.
    }
  });
}

void RangeOfIntegers(const std::int64_t* values, std::int64_t least, std::int64_t most,
                     std::uint64_t* accepted, std::size_t words) {
  test_range(values, least, most, accepted, words);
}

void RangeOfReals(const double* values, double least, double most, std::uint64_t* accepted,
                  std::size_t words) {
  test_range(values, least, most, accepted, words);
}

void RangeOfCounts(const std::uint32_t* values, std::uint32_t least, std::uint32_t most,
                   std::uint64_t* accepted, std::size_t words) {
  test_range(values, least, most, accepted, words);
}

void RangeOfBytes(const std::uint8_t* values, std::uint8_t least, std::uint8_t most,
                  std::uint64_t* accepted, std::size_t words) {
  test_range(values, least, most, accepted, words);
}

void EqualCodes(const std::uint32_t* codes, std::uint32_t wanted, std::uint64_t* accepted,
                std::size_t words) {
  const hn::CappedTag<std::uint32_t, 64> d;
  const auto same = hn::Set(d, wanted);
  test_all(codes, accepted, words, [&](auto v) HWY_ATTR { return hn::Eq(v, same); });
}

void EqualBytes(const std::uint8_t* values, std::uint8_t wanted, std::uint64_t* accepted,
                std::size_t words) {
  const hn::CappedTag<std::uint8_t, 64> d;
  const auto same = hn::Set(d, wanted);
  test_all(values, accepted, words, [&](auto v) HWY_ATTR { return hn::Eq(v, same); });
}

// The low half of a byte finds the byte of bits, the high half the bit in it.
void BytesOfSet(const std::uint8_t* values, const std::uint8_t* bits, std::uint64_t* accepted,
                std::size_t words) {
  const hn::CappedTag<std::uint8_t, 64> d;
  const auto low_table = hn::LoadDup128(d, bits);
  const auto high_table = hn::LoadDup128(d, bits + 16);
  alignas(16) constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                  1, 2, 4, 8, 16, 32, 64, 128};
  const auto bit_of = hn::LoadDup128(d, kBits);
  const auto low_half = hn::Set(d, std::uint8_t{15});
  const auto half = hn::Set(d, std::uint8_t{127});
  const hn::Repartition<std::uint16_t, decltype(d)> pairs;  // Bytes cannot be shifted.
  const auto low_halves = hn::Set(pairs, std::uint16_t{0x0F0F});
  test_all(values, accepted, words, [&](auto v) HWY_ATTR {
    const auto place = hn::And(v, low_half);
    const auto bytes = hn::IfThenElse(hn::Gt(v, half), hn::TableLookupBytes(high_table, place),
                                      hn::TableLookupBytes(low_table, place));
    const auto high = hn::BitCast(d, hn::And(hn::ShiftRight<4>(hn::BitCast(pairs, v)), low_halves));
    return hn::TestBit(bytes, hn::TableLookupBytes(bit_of, high));
  });
}

constexpr std::size_t kTables = 4;  // Vectors of bits that are looked up without touching memory.

// Tests the bit of each code, in the word of 32 bits that `word_of` finds by its number.
template <typename WordOf>
HWY_INLINE void test_bits(const std::uint32_t* codes, std::uint64_t* accepted, std::size_t words,
                          const WordOf& word_of) {
  const hn::CappedTag<std::uint32_t, 64> d;
  const auto one = hn::Set(d, 1U);
  const auto within_word = hn::Set(d, 31U);
  test_all(codes, accepted, words, [&](auto v) HWY_ATTR {
    const auto word = word_of(hn::ShiftRight<5>(v));
    return hn::TestBit(word, hn::Shl(one, hn::And(v, within_word)));
  });
}

// A gather takes a cycle a lane; where all bits fit a few vectors, permuting those is faster.
void CodesOfSet(const std::uint32_t* codes, const std::uint32_t* code_bits, std::size_t code_words,
                std::uint64_t* accepted, std::size_t words) {
  const hn::CappedTag<std::uint32_t, 64> d;
  const std::size_t lanes = hn::Lanes(d);
  if (code_words > kTables * lanes) {
    const hn::RebindToSigned<decltype(d)> signed_d;
    return test_bits(codes, accepted, words, [&](auto number) HWY_ATTR {
      return hn::GatherIndex(d, code_bits, hn::BitCast(signed_d, number));
    });
  }
  HWY_ALIGN std::uint32_t bits[kTables * hn::MaxLanes(d)] = {};
  std::memcpy(bits, code_bits, code_words * sizeof(std::uint32_t));
  const std::size_t tables = (code_words + lanes - 1) / lanes;
  const auto within_table = hn::Set(d, static_cast<std::uint32_t>(lanes - 1));
  test_bits(codes, accepted, words, [&](auto number) HWY_ATTR {
    const auto place = hn::IndicesFromVec(d, hn::And(number, within_table));
    auto word = hn::TableLookupLanes(hn::Load(d, bits), place);
    for (std::size_t t = 1; t < tables; ++t) {
      const auto begin = hn::Set(d, static_cast<std::uint32_t>(t * lanes));
      const auto looked_up = hn::TableLookupLanes(hn::Load(d, bits + t * lanes), place);
      word = hn::IfThenElse(hn::Eq(hn::AndNot(within_table, number), begin), looked_up, word);
    }
    return word;
  });
}

}  // namespace grapevine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grapevine {

HWY_EXPORT(RangeOfIntegers);
HWY_EXPORT(RangeOfReals);
HWY_EXPORT(RangeOfCounts);
HWY_EXPORT(RangeOfBytes);
HWY_EXPORT(EqualCodes);
HWY_EXPORT(EqualBytes);
HWY_EXPORT(BytesOfSet);
HWY_EXPORT(CodesOfSet);

void accept_range(std::span<const std::int64_t> values, Range<std::int64_t> range,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(RangeOfIntegers)
  (values.data(), range.least, range.most, accepted.data(), accepted.size());
}

void accept_range(std::span<const double> values, Range<double> range,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(RangeOfReals)
  (values.data(), range.least, range.most, accepted.data(), accepted.size());
}

void accept_range(std::span<const std::uint32_t> values, Range<std::uint32_t> range,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(RangeOfCounts)
  (values.data(), range.least, range.most, accepted.data(), accepted.size());
}

void accept_range(std::span<const std::uint8_t> values, Range<std::uint8_t> range,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(RangeOfBytes)
  (values.data(), range.least, range.most, accepted.data(), accepted.size());
}

void accept_equal(std::span<const std::uint32_t> codes, std::uint32_t wanted,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(EqualCodes)(codes.data(), wanted, accepted.data(), accepted.size());
}

void accept_equal(std::span<const std::uint8_t> values, std::uint8_t wanted,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(EqualBytes)(values.data(), wanted, accepted.data(), accepted.size());
}

void accept_codes(std::span<const std::uint32_t> codes, std::span<const std::uint32_t> code_bits,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(CodesOfSet)
  (codes.data(), code_bits.data(), code_bits.size(), accepted.data(), accepted.size());
}

void accept_bytes(std::span<const std::uint8_t> values, std::span<const std::uint8_t, 32> bits,
                  std::span<std::uint64_t> accepted) {
  HWY_DYNAMIC_DISPATCH(BytesOfSet)(values.data(), bits.data(), accepted.data(), accepted.size());
}

}  // namespace grapevine
#endif  // HWY_ONCE

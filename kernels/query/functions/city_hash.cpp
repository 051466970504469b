#include "kernels/query/functions/city_hash.hpp"

#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace grapevine::sql {
namespace {

using Word = std::uint64_t;

constexpr Word k0 = 0xc3a5c85c97cb3127;
constexpr Word k1 = 0xb492b66fbe98f273;
constexpr Word k2 = 0x9ae16a3b2f90404f;
constexpr Word k3 = 0xc949d7c7509e6557;

Word word_at(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

Word half_at(const char* at) {
  std::uint32_t half = 0;
  std::memcpy(&half, at, sizeof(half));
  return half;
}

Word byte_at(const char* at) { return static_cast<unsigned char>(*at); }

Word shift_mix(Word value) { return value ^ (value >> 47); }

Word of_up_to_16(const char* s, std::size_t length) {
  if (length > 8) {
    const Word a = word_at(s);
    const Word b = word_at(s + length - 8);
    return city_combined(a, std::rotr(b + length, static_cast<int>(length))) ^ b;
  }
  if (length >= 4) return city_combined(length + (half_at(s) << 3), half_at(s + length - 4));
  if (length == 0) return k2;
  const Word y = byte_at(s) + (byte_at(s + (length >> 1)) << 8);
  const Word z = length + (byte_at(s + length - 1) << 2);
  return shift_mix((y * k2) ^ (z * k3)) * k2;
}

Word of_17_to_32(const char* s, std::size_t length) {
  const Word a = word_at(s) * k1;
  const Word b = word_at(s + 8);
  const Word c = word_at(s + length - 8) * k2;
  const Word d = word_at(s + length - 16) * k0;
  return city_combined(std::rotr(a - b, 43) + std::rotr(c, 30) + d,
                       a + std::rotr(b ^ k3, 20) - c + length);
}

Word of_33_to_64(const char* s, std::size_t length) {
  Word z = word_at(s + 24);
  Word a = word_at(s) + (length + word_at(s + length - 16)) * k0;
  Word b = std::rotr(a + z, 52);
  Word c = std::rotr(a, 37);
  a += word_at(s + 8);
  c += std::rotr(a, 7);
  a += word_at(s + 16);
  const Word v_first = a + z;
  const Word v_second = b + std::rotr(a, 31) + c;
  a = word_at(s + 16) + word_at(s + length - 32);
  z = word_at(s + length - 8);
  b = std::rotr(a + z, 52);
  c = std::rotr(a, 37);
  a += word_at(s + length - 24);
  c += std::rotr(a, 7);
  a += word_at(s + length - 16);
  const Word w_first = a + z;
  const Word w_second = b + std::rotr(a, 31) + c;
  const Word r = shift_mix((v_first + w_second) * k2 + (w_first + v_second) * k0);
  return shift_mix(r * k0 + v_second) * k2;
}

struct Pair {
  Word first;
  Word second;
};

Pair weak_of_32(const char* s, Word a, Word b) {
  const Word z = word_at(s + 24);
  a += word_at(s);
  b = std::rotr(b + a + z, 21);
  const Word c = a;
  a += word_at(s + 8);
  a += word_at(s + 16);
  b += std::rotr(a, 44);
  return {a + z, b + c};
}

}  // namespace

std::uint64_t city_combined(std::uint64_t low, std::uint64_t high) {
  constexpr Word kMul = 0x9ddfea08eb382d69;
  Word a = (low ^ high) * kMul;
  a = shift_mix(a);
  Word b = (high ^ a) * kMul;
  b = shift_mix(b);
  return b * kMul;
}

std::uint64_t city_hash64(std::string_view text) {
  const char* s = text.data();
  std::size_t length = text.size();
  if (length <= 16) return of_up_to_16(s, length);
  if (length <= 32) return of_17_to_32(s, length);
  if (length <= 64) return of_33_to_64(s, length);
  Word x = word_at(s);
  Word y = word_at(s + length - 16) ^ k1;
  Word z = word_at(s + length - 56) ^ k0;
  Pair v = weak_of_32(s + length - 64, length, y);
  Pair w = weak_of_32(s + length - 32, length * k1, k0);
  z += shift_mix(v.second) * k1;
  x = std::rotr(z + x, 39) * k1;
  y = std::rotr(y, 33) * k1;
  for (length = (length - 1) & ~std::size_t{63}; length != 0; length -= 64, s += 64) {
    x = std::rotr(x + y + v.first + word_at(s + 16), 37) * k1;
    y = std::rotr(y + v.second + word_at(s + 48), 42) * k1;
    x ^= w.second;
    y ^= v.first;
    z = std::rotr(z ^ w.first, 33);
    v = weak_of_32(s, v.second * k1, x + w.first);
    w = weak_of_32(s + 32, z + w.second, y);
    std::swap(z, x);
  }
  return city_combined(city_combined(v.first, w.first) + shift_mix(y) * k1 + z,
                       city_combined(v.second, w.second) + x);
}

}  // namespace grapevine::sql

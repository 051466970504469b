#pragma once

#include <cstdint>

namespace grapevine::demo {

/// Mixes 64 bits so that every input bit moves every output bit (splitmix64's finaliser).
constexpr std::uint64_t scramble(std::uint64_t bits) {
  bits ^= bits >> 30;
  bits *= 0xBF58476D1CE4E5B9ULL;
  bits ^= bits >> 27;
  bits *= 0x94D049BB133111EBULL;
  return bits ^ (bits >> 31);
}

/// What a number is drawn for. Part of every hash, so that no two purposes share their luck.
enum class Purpose : std::uint64_t {
  Activity = 1,
  Community,
  Traits,
  Text,
  Catalogue,
  Listening,
  Cascade,
  Coin,
  Session,
  Interest,
  Quantity,
  Burst,
  Ticket,
  Follow,
  Mention,
};

/// 64 bits that depend on nothing but the arguments: the whole world is made of these, so that any
/// part of it can be computed again, on any machine, without the parts before it.
constexpr std::uint64_t hash_of(std::uint64_t seed, Purpose purpose, std::uint64_t what,
                                std::uint64_t detail = 0) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;
  const auto key = scramble(seed * kGolden + static_cast<std::uint64_t>(purpose));
  return scramble(scramble(key + what * kGolden) + detail * kGolden);
}

/// A whole number in [0, `count`), from the upper 32 of the bits. `count` is at most 2^32.
constexpr std::uint32_t below(std::uint64_t bits, std::uint64_t count) {
  return static_cast<std::uint32_t>(((bits >> 32) * count) >> 32);
}

/// A rank in [0, `count`) where the first are much likelier: with u uniform, count × u^2. The
/// density falls as rank^(-1/2).
constexpr std::uint32_t skewed_below(std::uint64_t bits, std::uint64_t count) {
  const std::uint64_t uniform = bits >> 32;
  return below(uniform * uniform, count);
}

/// Steeper: count × u^3. The density falls as rank^(-2/3), which makes audiences a power law.
constexpr std::uint32_t steep_below(std::uint64_t bits, std::uint64_t count) {
  const std::uint64_t uniform = bits >> 32;
  return below(((uniform * uniform) >> 32) * uniform, count);
}

/// A draw from the exponential distribution, in 1/65536 of its mean. Integers only: the last bit of
/// a `log` may differ between machines, this does not.
std::uint64_t exponential(std::uint64_t bits);

/// A stream of draws that begins at a hash. Not thread-safe; make one where it is needed.
class Dice {
 public:
  explicit constexpr Dice(std::uint64_t start) : state_(start) {}

  constexpr std::uint64_t bits() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return scramble(state_);
  }
  constexpr std::uint32_t below(std::uint64_t count) { return demo::below(bits(), count); }
  constexpr std::uint32_t skewed_below(std::uint64_t count) {
    return demo::skewed_below(bits(), count);
  }
  constexpr std::uint32_t steep_below(std::uint64_t count) {
    return demo::steep_below(bits(), count);
  }
  constexpr bool per_mille(std::uint32_t chance) { return below(1000) < chance; }
  std::int64_t exponential_ms(std::int64_t mean_ms) {
    return static_cast<std::int64_t>(exponential(bits()) * static_cast<std::uint64_t>(mean_ms) >>
                                     16);
  }

 private:
  std::uint64_t state_;
};

/// The largest whole number whose square is at most `number`.
constexpr std::uint64_t square_root(std::uint64_t number) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = 1ULL << 31; bit != 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= number) root += bit;
  }
  return root;
}

}  // namespace grapevine::demo

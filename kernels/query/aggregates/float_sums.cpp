#include "kernels/query/aggregates/float_sums.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace grapevine::sql {
namespace {

// Multiples of 2^(e - 30) below 2^(e + 23) are 53 bits: so many numbers below 2^e have room.
constexpr double kRoom = 0x1p23;
constexpr int kHighBits = 30;
constexpr int kMiddleBits = 61;
constexpr int kLowBits = 92;
// Larger numbers are rare, and their cuts would overflow; smaller exponents would have no low bin.
constexpr double kLargest = 0x1p960;
constexpr int kLeastExponent = -900;
// A first number is likely to be followed by somewhat larger ones.
constexpr int kMargin = 4;
constexpr std::size_t kChunk = 1024;

// The bits of a number without its sign.
std::int64_t size_bits(double number) {
  return std::bit_cast<std::int64_t>(number) & std::numeric_limits<std::int64_t>::max();
}

// The multiple of 2^unit nearest to a number: for numbers too large to be cut.
double multiple_near(double number, int unit) {
  return std::ldexp(std::nearbyint(std::ldexp(number, -unit)), unit);
}

}  // namespace

void FloatSums::add(std::span<const std::uint32_t> groups, std::span<const double> numbers,
                    std::span<const std::uint8_t> mask) {
  add_rows(groups, numbers, mask);
}

void FloatSums::add(std::span<const std::uint32_t> groups, std::span<const float> numbers,
                    std::span<const std::uint8_t> mask) {
  add_rows(groups, numbers, mask);
}

template <typename Number>
void FloatSums::add_rows(std::span<const std::uint32_t> groups, std::span<const Number> numbers,
                         std::span<const std::uint8_t> mask) {
  constexpr bool kAsTheyStand = std::is_same_v<Number, double>;
  std::array<double, kChunk> chosen;
  std::array<std::uint32_t, kChunk> groups_of_chosen;
  for (std::size_t begin = 0; begin < numbers.size(); begin += kChunk) {
    const std::size_t count = std::min(kChunk, numbers.size() - begin);
    if (mask.empty() && kAsTheyStand) {
      if constexpr (kAsTheyStand) {
        add_chunk(groups.subspan(begin, count), numbers.subspan(begin, count));
      }
      continue;
    }
    std::size_t kept = 0;
    for (std::size_t i = begin; i < begin + count; ++i) {
      chosen[kept] = static_cast<double>(numbers[i]);
      groups_of_chosen[kept] = groups[i];
      kept += mask.empty() || mask[i] != 0 ? 1 : 0;
    }
    add_chunk({groups_of_chosen.data(), kept}, {chosen.data(), kept});
  }
}

void FloatSums::add_chunk(std::span<const std::uint32_t> groups, std::span<const double> numbers) {
  // Sizes compare as their bits do; those of NaN and infinity are above all others.
  std::int64_t most = 0;
  for (const double number : numbers) most = std::max(most, size_bits(number));
  const auto largest = std::bit_cast<double>(most);
  if (!(largest <= kLargest)) {
    for (std::size_t i = 0; i < numbers.size(); ++i) add_slowly(groups[i], numbers[i]);
    return;
  }
  if (largest == 0) return;
  if (!(largest < bound_)) use_exponent(std::ilogb(largest) + 1 + kMargin);
  if (adds_left_ < numbers.size()) make_room();
  adds_left_ -= numbers.size();
  if (bins_.size() == 1) {
    add_to_one(numbers);
  } else {
    add_to_groups(groups, numbers);
  }
}

void FloatSums::add_to_one(std::span<const double> numbers) {
  constexpr std::size_t kLanes = 4;
  const Cuts cuts = cuts_;
  std::array<double, kLanes> high{};
  std::array<double, kLanes> middle{};
  std::array<std::int64_t, kLanes> left{};  // 0 where nothing is left.
  const auto add = [&](std::size_t lane, double number) {
    const double top = (number + cuts.high) - cuts.high;
    const double below = number - top;
    const double next = (below + cuts.middle) - cuts.middle;
    high[lane] += top;
    middle[lane] += next;
    left[lane] |= size_bits(below - next);
  };
  std::size_t i = 0;
  for (; i + kLanes <= numbers.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(lane, numbers[i + lane]);
  }
  for (; i < numbers.size(); ++i) add(0, numbers[i]);
  std::int64_t any_left = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    bins_[0].high += high[lane];
    bins_[0].middle += middle[lane];
    any_left |= left[lane];
  }
  if (any_left != 0) add_low({}, numbers);
}

void FloatSums::add_to_groups(std::span<const std::uint32_t> groups,
                              std::span<const double> numbers) {
  const Cuts cuts = cuts_;
  Bins* const all = bins_.data();
  std::int64_t left = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double top = (numbers[i] + cuts.high) - cuts.high;
    const double below = numbers[i] - top;
    const double next = (below + cuts.middle) - cuts.middle;
    Bins& bins = all[groups[i]];
    bins.high += top;
    bins.middle += next;
    left |= size_bits(below - next);
  }
  if (left != 0) add_low(groups, numbers);
}

// Adds what is left of the numbers below the middle bin. No groups: there is one.
void FloatSums::add_low(std::span<const std::uint32_t> groups, std::span<const double> numbers) {
  const Cuts cuts = cuts_;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double below = numbers[i] - ((numbers[i] + cuts.high) - cuts.high);
    const double lower = below - ((below + cuts.middle) - cuts.middle);
    const double next = (lower + cuts.low) - cuts.low;
    const std::size_t group = groups.empty() ? 0 : groups[i];
    bins_[group].low += next;
    if (lower != next) rests_[group].wide.add(lower - next);
  }
}

void FloatSums::add_slowly(std::size_t group, double number) {
  if (std::isnan(number)) {
    rests_[group].has_nan = true;
  } else if (std::isinf(number)) {
    (number > 0 ? rests_[group].has_plus : rests_[group].has_minus) = true;
  } else if (number != 0) {
    rests_[group].wide.add(number);
  }
}

// Sums keep their value, in pieces of the new sizes.
void FloatSums::use_exponent(int exponent) {
  exponent = std::max(exponent, kLeastExponent);
  exponent_ = exponent;
  bound_ = std::ldexp(1.0, exponent);
  const auto cut = [&](int bits) { return std::ldexp(1.5, exponent - bits + 52); };
  cuts_ = {cut(kHighBits), cut(kMiddleBits), cut(kLowBits)};
  for (std::size_t group = 0; group < bins_.size(); ++group) {
    const Bins old = bins_[group];
    if (old.high == 0 && old.middle == 0 && old.low == 0) continue;
    bins_[group] = {};
    add_bins(group, old);
  }
  make_room();
}

void FloatSums::add_bins(std::size_t group, const Bins& bins) {
  Bins& mine = bins_[group];
  const double high = multiple_near(bins.high, exponent_ - kHighBits);
  mine.high += high;
  const double below_high = bins.high - high;
  const double next = multiple_near(below_high, exponent_ - kMiddleBits);
  const double middle = multiple_near(bins.middle, exponent_ - kMiddleBits);
  mine.middle += next + middle;
  double left = 0;
  for (const double below : {below_high - next, bins.middle - middle, bins.low}) {
    const double low = multiple_near(below, exponent_ - kLowBits);
    mine.low += low;
    left = below - low;
    if (left != 0) rests_[group].wide.add(left);
  }
}

// How many numbers the fullest bin has had, at most.
double FloatSums::use_of(const Bins& bins) const {
  constexpr double kMiddle = 0x1p31;
  constexpr double kLow = 0x1p62;
  static_assert(kMiddle == std::uint64_t{1} << (kHighBits + 1));
  static_assert(kLow == std::uint64_t{1} << (kMiddleBits + 1));
  return std::max(
             {std::fabs(bins.high), std::fabs(bins.middle) * kMiddle, std::fabs(bins.low) * kLow}) /
         bound_;
}

void FloatSums::spill(std::size_t group, const Bins& bins) {
  WideSum& wide = rests_[group].wide;
  wide.add(bins.high);
  wide.add(bins.middle);
  wide.add(bins.low);
}

// Half of the room is free in every bin afterwards.
void FloatSums::make_room() {
  double most = 0;
  for (std::size_t group = 0; group < bins_.size(); ++group) {
    const double use = use_of(bins_[group]);
    if (use >= kRoom / 2) {
      spill(group, bins_[group]);
      bins_[group] = {};
    } else {
      most = std::max(most, use);
    }
  }
  adds_left_ = static_cast<std::uint64_t>(kRoom - most) - 8;
}

void FloatSums::merge(const FloatSums& other, std::span<const std::uint32_t> from,
                      std::span<const std::uint32_t> to) {
  if (other.exponent_ != kNoExponent) {
    if (other.exponent_ > exponent_) use_exponent(other.exponent_);
    make_room();
    for (std::size_t i = 0; i < from.size(); ++i) {
      const Bins& bins = other.bins_[from[i]];
      // Several of the other's groups may come to one of mine.
      if (other.use_of(bins) + use_of(bins_[to[i]]) < kRoom - 8) {
        // Of the same exponent they are multiples of the same units already.
        other.exponent_ == exponent_ ? bins_[to[i]].add(bins) : add_bins(to[i], bins);
      } else {
        spill(to[i], bins);
      }
    }
    adds_left_ = 0;  // Counted anew when more comes.
  }
  if (other.rests_.empty()) return;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto found = other.rests_.find(from[i]);
    if (found == other.rests_.end()) continue;
    Rest& rest = rests_[to[i]];
    rest.wide.add(found->second.wide);
    rest.has_nan |= found->second.has_nan;
    rest.has_plus |= found->second.has_plus;
    rest.has_minus |= found->second.has_minus;
  }
}

double FloatSums::sum(std::size_t group) const {
  const Bins& bins = bins_[group];
  const auto rest = rests_.empty() ? rests_.end() : rests_.find(group);
  if (rest == rests_.end()) {
    const TwoSum upper = two_sum(bins.high, bins.middle);
    const TwoSum lower = two_sum(upper.low, bins.low);
    // upper.high + lower.high + lower.low is exact, and so is rounded once where one of them is 0.
    if (lower.low == 0.0) return upper.high + lower.high + 0.0;
  } else {
    const Rest& own = rest->second;
    if (own.has_nan || (own.has_plus && own.has_minus)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    if (own.has_plus) return std::numeric_limits<double>::infinity();
    if (own.has_minus) return -std::numeric_limits<double>::infinity();
  }
  WideSum wide = rest == rests_.end() ? WideSum() : rest->second.wide;
  for (const double part : {bins.high, bins.middle, bins.low}) wide.add(part);
  return wide.rounded();
}

std::size_t FloatSums::bytes() const {
  return bins_.capacity() * sizeof(Bins) + rests_.size() * (sizeof(Rest) + 64);
}

}  // namespace grapevine::sql

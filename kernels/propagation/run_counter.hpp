#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace grapevine {

/// Sixty-four counters, one a run, that count a word in a few instructions: plane i holds bit i of
/// every counter. Eight words at a time go through a tree of carry-save adders, so that only each
/// eighth carry ripples. Counts stay below 2^32. Not thread-safe.
/// Source  Harley & Seal's counting, in Warren, Hacker's Delight (2nd ed., 2012), section 5-1.
class RunCounter {
 public:
  /// Adds one to the counter of each run whose bit is set.
  void add(std::uint64_t runs) {
    waiting_[waiting_count_++] = runs;
    if (waiting_count_ == waiting_.size()) fold();
  }

  /// Adds `times` to the counter of each run whose bit is set.
  void add(std::uint64_t runs, std::uint32_t times) {
    for (std::size_t plane = 0; times != 0; ++plane, times >>= 1) {
      if ((times & 1) != 0) ripple(runs, plane);
    }
  }

  /// The counters by run; starts again from zero.
  std::array<std::uint32_t, 64> take() {
    while (waiting_count_ != waiting_.size()) waiting_[waiting_count_++] = 0;
    fold();
    std::array<std::uint32_t, 64> counts{};
    for (std::size_t plane = 0; plane != planes_.size(); ++plane) {
      if (planes_[plane] == 0) continue;
      for (std::size_t run = 0; run != counts.size(); ++run) {
        counts[run] |= static_cast<std::uint32_t>(planes_[plane] >> run & 1) << plane;
      }
    }
    planes_ = {};
    return counts;
  }

 private:
  // Adds three bits in each lane: `sum` becomes the low bit, the result is the carry.
  static std::uint64_t add_bits(std::uint64_t& sum, std::uint64_t b, std::uint64_t c) {
    const std::uint64_t half = sum ^ b;
    const std::uint64_t carry = (sum & b) | (half & c);
    sum = half ^ c;
    return carry;
  }

  // Adds 2^plane to the counters of some runs.
  void ripple(std::uint64_t carry, std::size_t plane) {
    for (; carry != 0 && plane != planes_.size(); ++plane) {
      const std::uint64_t next = planes_[plane] & carry;
      planes_[plane] ^= carry;
      carry = next;
    }
  }

  void fold() {
    const auto& w = waiting_;
    const std::uint64_t two_a = add_bits(planes_[0], w[0], w[1]);
    const std::uint64_t two_b = add_bits(planes_[0], w[2], w[3]);
    const std::uint64_t four_a = add_bits(planes_[1], two_a, two_b);
    const std::uint64_t two_c = add_bits(planes_[0], w[4], w[5]);
    const std::uint64_t two_d = add_bits(planes_[0], w[6], w[7]);
    const std::uint64_t four_b = add_bits(planes_[1], two_c, two_d);
    ripple(add_bits(planes_[2], four_a, four_b), 3);
    waiting_count_ = 0;
  }

  std::array<std::uint64_t, 32> planes_{};
  std::array<std::uint64_t, 8> waiting_{};
  std::size_t waiting_count_ = 0;
};

}  // namespace grapevine

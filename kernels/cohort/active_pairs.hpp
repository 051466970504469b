#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/cohort/pair_lanes.hpp"
#include "kernels/segment/run_range.hpp"

namespace grapevine {

/// Counts different pairs of a customer of one block of CustomerColumn and a bucket. Pairs are gathered
/// source by source (a run, or the marks of a part), then counted. Not thread-safe; memory is kept
/// from one block to the next.
class ActivePairs {
 public:
  static constexpr std::size_t kBucketsMax = 255;
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;  ///< No pair.

  /// The pair as a number: ascends by customer. Precondition: bucket < kBucketsMax.
  static std::uint32_t pair(std::uint32_t low, std::size_t bucket) {
    static_assert(kBucketRoom == 256);
    return low << 8 | static_cast<std::uint32_t>(bucket);
  }
  /// The lower half of its customer.
  static std::uint32_t low(std::uint32_t pair) { return pair >> 8; }

  /// Pairs that are added from here on are of another source. Within one, each is added once, by
  /// ascending customer.
  void begin_source() { places_.push_back(size_); }
  /// The source's last pair, or kNone.
  [[nodiscard]] std::uint32_t last() const {
    return size_ > places_.back() ? pairs_[size_ - 1] : kNone;
  }
  /// Room for so many pairs and kPairRoom more, behind those that were added.
  [[nodiscard]] std::uint32_t* room(std::size_t count);
  /// So many stand there now.
  void add(std::size_t count) { size_ += count; }

  /// Counts the pairs in `people`, by bucket, and forgets them.
  /// Cost: of one large source and little else, about a look at each pair. Else a bit is set for
  /// each, and cleared, for some customers at a time, so that their bits stay near.
  void count(std::span<std::uint64_t> people);

 private:
  static constexpr std::size_t kBucketRoom = kBucketsMax + 1;

  // Precondition: the sources' ends are in places_.
  [[nodiscard]] std::size_t size_of(std::size_t source) const {
    return places_[source + 1] - places_[source];
  }
  void count_with_few_others(std::size_t largest);
  void count_all();
  void count_below(std::uint32_t limit);

  struct Stretch {
    std::size_t begin;
    std::size_t end;
  };
  std::vector<std::uint64_t> seen_;                // By customer, of some, and bucket: a bit.
  std::array<std::uint64_t, kBucketRoom> counts_;  // By bucket.
  std::vector<std::uint32_t> pairs_;               // The first size_ of them; the others are room.
  std::size_t size_ = 0;
  std::vector<std::size_t> places_;  // By source: what was not counted yet begins there.
  std::vector<std::size_t> ends_;    // By source.
  std::vector<Stretch> touched_;
  std::vector<std::uint32_t> others_;
};

}  // namespace grapevine

#include "kernels/segment/quantile_groups.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace grapevine {
namespace {

// Puts the elements of these ranks where they belong; halving the ranks keeps the rest small.
void select(std::span<std::uint64_t> keys, std::size_t begin, std::span<const std::size_t> ranks) {
  if (ranks.empty() || keys.empty()) return;
  const std::size_t middle = ranks.size() / 2;
  const std::size_t place = ranks[middle] - begin;
  std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(place), keys.end());
  select(keys.first(place), begin, ranks.first(middle));
  select(keys.subspan(place + 1), begin + place + 1, ranks.subspan(middle + 1));
}

// Keys by equal stretches from the smallest to the largest: which stretch a rank is in takes a
// count of each, and only keys of such stretches need be selected among.
class Stretches {
 public:
  explicit Stretches(std::span<const std::uint64_t> keys) : counts_(kCount) {
    const auto [least, most] = std::minmax_element(keys.begin(), keys.end());
    least_ = *least;
    const auto width = static_cast<unsigned>(std::bit_width(*most - *least));
    shift_ = width > kBits ? width - kBits : 0;
    for (const std::uint64_t key : keys) ++counts_[of(key)];
  }

  // Whether all keys of a stretch are the same.
  [[nodiscard]] bool are_single() const { return shift_ == 0; }

  // The keys of some ranks. Precondition: are_single().
  [[nodiscard]] std::vector<std::uint64_t> at(std::span<const std::size_t> ranks) const {
    std::vector<std::uint64_t> keys;
    std::size_t before = 0, stretch = 0;
    for (const std::size_t rank : ranks) {  // Ascending.
      for (; rank >= before + counts_[stretch]; ++stretch) before += counts_[stretch];
      keys.push_back(least_ + stretch);
    }
    return keys;
  }

  // The keys of the stretches that have the ranks; makes the ranks those among these keys.
  std::vector<std::uint64_t> narrow(std::span<const std::uint64_t> keys,
                                    std::span<std::size_t> ranks) const {
    std::vector<std::uint8_t> has_rank(kCount);
    std::size_t before = 0, left_out = 0, stretch = 0;
    for (std::size_t& rank : ranks) {  // Ascending.
      for (; rank >= before + counts_[stretch]; ++stretch) {
        if (has_rank[stretch] == 0) left_out += counts_[stretch];
        before += counts_[stretch];
      }
      has_rank[stretch] = 1;
      rank -= left_out;
    }
    std::vector<std::uint64_t> narrowed;
    for (const std::uint64_t key : keys) {
      if (has_rank[of(key)] != 0) narrowed.push_back(key);
    }
    return narrowed;
  }

 private:
  static constexpr unsigned kBits = 12;
  static constexpr std::size_t kCount = std::size_t{1} << kBits;
  [[nodiscard]] std::size_t of(std::uint64_t key) const { return (key - least_) >> shift_; }

  std::uint64_t least_ = 0;
  unsigned shift_ = 0;
  std::vector<std::size_t> counts_;
};

}  // namespace

std::vector<std::uint64_t> keys_of_ranks(std::span<const std::uint64_t> keys,
                                         std::vector<std::size_t> ranks) {
  if (ranks.empty()) return {};
  const Stretches stretches(keys);
  if (stretches.are_single()) return stretches.at(ranks);
  std::vector<std::uint64_t> narrowed = stretches.narrow(keys, ranks);
  std::vector<std::size_t> distinct = ranks;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  select(narrowed, 0, distinct);
  std::vector<std::uint64_t> found;
  for (const std::size_t rank : ranks) found.push_back(narrowed[rank]);
  return found;
}

// A key is in group j + 1 or beyond exactly where at least r = ceil(j n / groups) keys are below
// it, which is so where the r-th smallest is.
QuantileGroups::QuantileGroups(std::span<const std::uint64_t> keys, std::size_t groups) {
  assert(groups > 0);
  std::vector<std::size_t> ranks;
  for (std::size_t j = 1; j < groups && !keys.empty(); ++j) {
    ranks.push_back((j * keys.size() + groups - 1) / groups - 1);
  }
  edges_ = keys_of_ranks(keys, std::move(ranks));
}

}  // namespace grapevine

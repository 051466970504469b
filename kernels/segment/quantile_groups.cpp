#include "kernels/segment/quantile_groups.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"

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

using Keys = std::span<const std::uint64_t>;

struct Ends {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most = 0;
};

Ends ends_of(Keys keys) {
  Ends ends;
  for (const std::uint64_t key : keys) {
    ends = {std::min(ends.least, key), std::max(ends.most, key)};
  }
  return ends;
}

// Keys by equal stretches from the smallest to the largest: which stretch a rank is in takes a
// count of each, and only keys of such stretches need be selected among.
class Stretches {
 public:
  static constexpr unsigned kBits = 12;
  static constexpr std::size_t kCount = std::size_t{1} << kBits;
  using Counts = std::vector<std::size_t>;  // By stretch.

  explicit Stretches(Ends ends) : least_(ends.least) {
    const auto width = static_cast<unsigned>(std::bit_width(ends.most - ends.least));
    shift_ = width > kBits ? width - kBits : 0;
  }

  void count(Keys keys, Counts& counts) const {
    for (const std::uint64_t key : keys) ++counts[of(key)];
  }

  // Whether all keys of a stretch are the same.
  [[nodiscard]] bool are_single() const { return shift_ == 0; }

  // The keys of some ranks. Precondition: are_single().
  [[nodiscard]] std::vector<std::uint64_t> at(const Counts& counts,
                                              std::span<const std::size_t> ranks) const {
    std::vector<std::uint64_t> keys;
    std::size_t before = 0, stretch = 0;
    for (const std::size_t rank : ranks) {  // Ascending.
      for (; rank >= before + counts[stretch]; ++stretch) before += counts[stretch];
      keys.push_back(least_ + stretch);
    }
    return keys;
  }

  // The stretches that have the ranks, a byte each; makes the ranks those among their keys.
  [[nodiscard]] static std::vector<std::uint8_t> with(const Counts& counts,
                                                      std::span<std::size_t> ranks) {
    std::vector<std::uint8_t> has_rank(kCount);
    std::size_t before = 0, left_out = 0, stretch = 0;
    for (std::size_t& rank : ranks) {  // Ascending.
      for (; rank >= before + counts[stretch]; ++stretch) {
        if (has_rank[stretch] == 0) left_out += counts[stretch];
        before += counts[stretch];
      }
      has_rank[stretch] = 1;
      rank -= left_out;
    }
    return has_rank;
  }

  // Adds the keys of some stretches.
  void narrow(Keys keys, std::span<const std::uint8_t> some, std::vector<std::uint64_t>& to) const {
    for (const std::uint64_t key : keys) {
      if (some[of(key)] != 0) to.push_back(key);
    }
  }

 private:
  [[nodiscard]] std::size_t of(std::uint64_t key) const { return (key - least_) >> shift_; }

  std::uint64_t least_ = 0;
  unsigned shift_ = 0;
};

// What stands at the ranks of keys that were narrowed to a few.
std::vector<std::uint64_t> select(std::vector<std::uint64_t> narrowed,
                                  std::span<const std::size_t> ranks) {
  std::vector<std::size_t> distinct(ranks.begin(), ranks.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  select(narrowed, 0, distinct);
  std::vector<std::uint64_t> found;
  for (const std::size_t rank : ranks) found.push_back(narrowed[rank]);
  return found;
}

// keys_of_ranks of pieces of keys, by several threads.
std::vector<std::uint64_t> keys_of_ranks(std::span<const Keys> pieces,
                                         std::vector<std::size_t> ranks) {
  if (ranks.empty()) return {};
  std::vector<Ends> ends_of_piece(pieces.size());
  for_each(pieces.size(), [&](std::size_t p) { ends_of_piece[p] = ends_of(pieces[p]); });
  Ends ends;
  for (const Ends& of : ends_of_piece) {
    ends = {std::min(ends.least, of.least), std::max(ends.most, of.most)};
  }
  const Stretches stretches(ends);
  WorkerLocal<Stretches::Counts> mine([] { return Stretches::Counts(Stretches::kCount); });
  for_each(pieces.size(), [&](std::size_t p) { stretches.count(pieces[p], mine.mine()); });
  Stretches::Counts counts(Stretches::kCount);
  mine.for_each_made([&](const Stretches::Counts& made) {
    for (std::size_t s = 0; s < counts.size(); ++s) counts[s] += made[s];
  });
  if (stretches.are_single()) return stretches.at(counts, ranks);
  const std::vector<std::uint8_t> some = Stretches::with(counts, ranks);
  std::vector<std::vector<std::uint64_t>> of_piece(pieces.size());
  for_each(pieces.size(), [&](std::size_t p) { stretches.narrow(pieces[p], some, of_piece[p]); });
  std::vector<std::uint64_t> narrowed;
  for (const auto& keys : of_piece) narrowed.insert(narrowed.end(), keys.begin(), keys.end());
  return select(std::move(narrowed), ranks);
}

// The ranks at which groups of so many keys begin.
std::vector<std::size_t> ranks_of_groups(std::size_t keys, std::size_t groups) {
  assert(groups > 0);
  std::vector<std::size_t> ranks;
  for (std::size_t j = 1; j < groups && keys > 0; ++j) {
    ranks.push_back((j * keys + groups - 1) / groups - 1);
  }
  return ranks;
}

}  // namespace

std::vector<std::uint64_t> keys_of_ranks(std::span<const std::uint64_t> keys,
                                         std::vector<std::size_t> ranks) {
  if (ranks.empty()) return {};
  const Stretches stretches(ends_of(keys));
  Stretches::Counts counts(Stretches::kCount);
  stretches.count(keys, counts);
  if (stretches.are_single()) return stretches.at(counts, ranks);
  std::vector<std::uint64_t> narrowed;
  stretches.narrow(keys, Stretches::with(counts, ranks), narrowed);
  return select(std::move(narrowed), ranks);
}

// A key is in group j + 1 or beyond exactly where at least r = ceil(j n / groups) keys are below
// it, which is so where the r-th smallest is.
QuantileGroups::QuantileGroups(std::span<const std::uint64_t> keys, std::size_t groups)
    : edges_(keys_of_ranks(keys, ranks_of_groups(keys.size(), groups))) {}

QuantileGroups QuantileGroups::of_pieces(std::span<const std::span<const std::uint64_t>> pieces,
                                         std::size_t groups) {
  std::size_t keys = 0;
  for (const Keys& piece : pieces) keys += piece.size();
  return QuantileGroups(keys_of_ranks(pieces, ranks_of_groups(keys, groups)));
}

}  // namespace grapevine

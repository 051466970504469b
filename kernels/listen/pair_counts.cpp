#include "kernels/listen/pair_counts.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "kernels/listen/word_pairs.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

using Post = PostsWithWords::Post;

constexpr unsigned kDivisionBits = 8;
constexpr std::size_t kDivisions = std::size_t{1} << kDivisionBits;
constexpr Pair kIsSelected = Pair{1} << 63;  // Codes are less than 2^31.

constexpr std::uint64_t hash_of(Pair pair) { return pair * 0x9E37'79B9'7F4A'7C15U; }
constexpr std::size_t division_of(std::uint64_t hash) {
  return static_cast<std::size_t>(hash >> (64 - kDivisionBits));
}

// Pairs one after the other.
class PairList {
 public:
  void add(Pair pair) {
    if (free_ == end_) {
      chunks_.push_back(std::make_unique_for_overwrite<Pair[]>(kChunk));
      free_ = chunks_.back().get();
      end_ = free_ + kChunk;
    }
    *free_++ = pair;
  }
  template <typename Body>
  void for_each(const Body& body) const {
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      const Pair* begin = chunks_[i].get();
      const Pair* end = i + 1 == chunks_.size() ? free_ : begin + kChunk;
      for (const Pair* pair = begin; pair != end; ++pair) body(*pair);
    }
  }

 private:
  static constexpr std::size_t kChunk = 1024;
  std::vector<std::unique_ptr<Pair[]>> chunks_;
  Pair* free_ = nullptr;
  Pair* end_ = nullptr;
};

// What a worker wrote down.
struct PairLists {
  std::array<PairList, kDivisions> by_division;
  std::vector<Pair> of_post;
};

// Counts of pairs that have the same division.
class PairTable {
 public:
  void clear() {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    used_ = 0;
  }
  void note(Pair pair, bool is_selected) {
    Slot& slot = slot_of(pair);
    if (slot.pair == kNone) {
      if (2 * (used_ + 1) > slots_.size()) {
        grow();
        note(pair, is_selected);
        return;
      }
      slot.pair = pair;
      ++used_;
    }
    ++slot.posts[is_selected ? 1 : 0];
  }
  // Those in at least `least` selected posts.
  void append_to(std::vector<PairCount>& found, std::size_t least) const {
    for (const Slot& slot : slots_) {
      if (slot.pair == kNone || slot.posts[1] < least) continue;
      found.push_back({static_cast<std::uint32_t>(slot.pair >> 32),
                       static_cast<std::uint32_t>(slot.pair),
                       {.selected = slot.posts[1], .rest = slot.posts[0]}});
    }
  }

 private:
  static constexpr Pair kNone = 0;  // No word's code is that of a gap.
  struct Slot {
    Pair pair = kNone;
    std::array<std::uint32_t, 2> posts{};  // Of the rest, and selected.
  };

  Slot& slot_of(Pair pair) {
    std::size_t at = static_cast<std::size_t>(hash_of(pair) >> 32) & (slots_.size() - 1);
    while (slots_[at].pair != pair && slots_[at].pair != kNone) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return slots_[at];
  }
  void grow() {
    std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (const Slot& slot : before) {
      if (slot.pair != kNone) slot_of(slot.pair) = slot;
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(std::size_t{1} << 10);
  std::size_t used_ = 0;
};

// The pairs of a post, each once.
std::span<const Pair> distinct_pairs(const Post& post, std::span<const std::uint32_t> stems,
                                     std::vector<Pair>& scratch) {
  constexpr std::size_t kFew = 32;
  const std::span<const std::uint32_t> words = post.words();
  if (scratch.size() < words.size()) scratch.resize(words.size());
  const std::span<Pair> pairs(scratch.data(), find_pairs(words, stems, scratch.data()));
  if (pairs.size() > kFew) {
    std::ranges::sort(pairs);
    return pairs.first(pairs.size() - std::ranges::unique(pairs).size());
  }
  std::size_t kept = 0;
  for (const Pair pair : pairs) {
    bool is_known = false;
    for (std::size_t i = 0; i < kept; ++i) is_known |= pairs[i] == pair;
    pairs[kept] = pair;
    kept += is_known ? 0 : 1;
  }
  return pairs.first(kept);
}

// Pairs are counted in rounds, by their second words.
struct Round {
  std::size_t number, rounds;
  [[nodiscard]] bool has(Pair pair) const {
    if (rounds == 1) return true;
    const auto mixed = static_cast<std::uint32_t>(pair) * 0x9E37'79B1U;
    return (std::uint64_t{mixed} * rounds >> 32) == number;
  }
};

void count_round(const PostsWithWords& posts, std::span<const std::uint32_t> stems,
                 std::size_t least, Round round, const Stop& stop,
                 std::vector<std::vector<PairCount>>& found) {
  WorkerLocal<PairLists> written([] { return PairLists(); });
  posts.for_each_post(false, written, stop, [&](PairLists& mine, const Post& post) {
    const Pair selected = post.is_selected ? kIsSelected : 0;
    for (const Pair pair : distinct_pairs(post, stems, mine.of_post)) {
      if (!round.has(pair)) continue;
      mine.by_division[division_of(hash_of(pair))].add(pair | selected);
    }
  });
  std::vector<const PairLists*> lists;
  written.for_each_made([&](const PairLists& mine) { lists.push_back(&mine); });
  WorkerLocal<PairTable> tables([] { return PairTable(); });
  for_each(kDivisions, [&](std::size_t division) {
    if (stop.requested()) return;
    PairTable& table = tables.mine();
    table.clear();
    for (const PairLists* of : lists) {
      of->by_division[division].for_each(
          [&](Pair pair) { table.note(pair & ~kIsSelected, (pair & kIsSelected) != 0); });
    }
    table.append_to(found[round.number * kDivisions + division], least);
  });
}

// Pairs of all posts, each time that one is in a post.
std::uint64_t count_occurrences(const PostsWithWords& posts, std::span<const std::uint32_t> stems,
                                const Stop& stop) {
  struct Counted {
    std::vector<Pair> of_post;
    std::uint64_t pairs = 0;
  };
  WorkerLocal<Counted> counts([] { return Counted(); });
  posts.for_each_post(false, counts, stop, [&](Counted& mine, const Post& post) {
    mine.pairs += distinct_pairs(post, stems, mine.of_post).size();
  });
  std::uint64_t all = 0;
  counts.for_each_made([&](const Counted& of) { all += of.pairs; });
  return all;
}

}  // namespace

std::vector<std::vector<PairCount>> count_pairs(const PostsWithWords& posts,
                                                std::span<const std::uint32_t> stems,
                                                std::size_t least, const Stop& stop,
                                                std::size_t bytes_max) {
  const std::uint64_t pairs_max = std::max<std::uint64_t>(bytes_max / sizeof(Pair), 1);
  std::uint64_t pairs = posts.words();
  if (pairs > pairs_max) pairs = count_occurrences(posts, stems, stop);
  const auto rounds = static_cast<std::size_t>(pairs / pairs_max + 1);
  std::vector<std::vector<PairCount>> found(rounds * kDivisions);
  for (std::size_t round = 0; round < rounds && !stop.requested(); ++round) {
    count_round(posts, stems, least, {round, rounds}, stop, found);
  }
  return found;
}

}  // namespace grapevine

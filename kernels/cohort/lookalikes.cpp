#include "kernels/cohort/lookalikes.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <variant>

#include "kernels/cohort/trait_lanes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/combine.hpp"
#include "kernels/segment/scan_lanes.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kCustomers = AttributeChunk::kCustomers;
constexpr std::size_t kTraitsMax = 64;  // The largest weights of so many add up to less than 2^31.
constexpr std::uint64_t kApartMax = std::uint64_t{1} << 20;

std::int64_t floor_divide(std::int64_t number, std::int64_t divisor) {
  const std::int64_t quotient = number / divisor;
  return quotient - (number % divisor < 0 ? 1 : 0);
}

// The lowest and the highest integer that somebody has; the lowest is above where nobody has one.
struct Bounds {
  std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
  std::int64_t highest = std::numeric_limits<std::int64_t>::min();
};

Bounds bounds_of(const AttributeColumn& column) {
  std::vector<Bounds> of_chunk(column.chunks.size());
  for_each(of_chunk.size(), [&](std::size_t c) {
    const AttributeChunk* chunk = column.chunks[c].get();
    const auto* numbers =
        chunk == nullptr ? nullptr : std::get_if<std::vector<std::int64_t>>(&chunk->values);
    if (numbers == nullptr) return;
    if (const NarrowValues* narrow = chunk->narrow()) {
      const std::uint8_t* offsets = narrow->offsets.get();
      of_chunk[c] = {narrow->base, narrow->base + *std::max_element(offsets, offsets + kCustomers)};
      return;
    }
    Bounds bounds;
    for (std::size_t i = 0; i < kCustomers; ++i) {
      if (!chunk->has(i)) continue;
      bounds = {std::min(bounds.lowest, (*numbers)[i]), std::max(bounds.highest, (*numbers)[i])};
    }
    of_chunk[c] = bounds;
  });
  Bounds all;
  for (const Bounds& bounds : of_chunk) {
    all = {std::min(all.lowest, bounds.lowest), std::max(all.highest, bounds.highest)};
  }
  return all;
}

// A trait as small numbers: codes of strings, truths, integers from the lowest on.
struct CodedTrait {
  const AttributeColumn* column = nullptr;
  std::size_t codes = 0;
  std::int64_t lowest = 0;  // Of integers.
  std::int64_t band = 1;

  [[nodiscard]] std::size_t code(std::uint8_t truth) const { return truth; }
  [[nodiscard]] std::size_t code(std::uint32_t of_string) const { return of_string; }
  [[nodiscard]] std::size_t code(std::int64_t number) const {
    return static_cast<std::size_t>(number - lowest);
  }
  // Refused before.
  [[nodiscard]] std::size_t code(double) const { return 0; }
  [[nodiscard]] std::size_t code(DateTime) const { return 0; }

  // What is alike: the same level.
  [[nodiscard]] std::size_t levels() const { return codes == 0 ? 0 : level(codes - 1) + 1; }
  [[nodiscard]] std::size_t level(std::size_t of_code) const {
    if (band == 1) return of_code;
    const std::int64_t number = lowest + static_cast<std::int64_t>(of_code);
    return static_cast<std::size_t>(floor_divide(number, band) - floor_divide(lowest, band));
  }
};

absl::StatusOr<CodedTrait> code_trait(const LikenessTrait& trait) {
  const AttributeColumn& column = *trait.column;
  if (trait.band < 1) return absl::InvalidArgumentError("a band must be 1 or more");
  switch (column.type) {
    case ValueType::Null: return CodedTrait{&column};
    case ValueType::Bool: return CodedTrait{&column, 2};
    case ValueType::String: return CodedTrait{&column, column.dictionary->size()};
    case ValueType::Int64: {
      const Bounds bounds = bounds_of(column);
      if (bounds.lowest > bounds.highest) return CodedTrait{&column};
      const std::uint64_t apart =
          static_cast<std::uint64_t>(bounds.highest) - static_cast<std::uint64_t>(bounds.lowest);
      if (apart >= kApartMax) {
        return absl::InvalidArgumentError("too far apart to be held alike: " + column.name);
      }
      return CodedTrait{&column, static_cast<std::size_t>(apart) + 1, bounds.lowest, trait.band};
    }
    default: break;
  }
  return absl::InvalidArgumentError("likeness goes by names, truths and whole numbers, not by " +
                                    column.name);
}

const AttributeChunk* chunk_of(const CodedTrait& trait, std::size_t chunk) {
  const auto& chunks = trait.column->chunks;
  return chunk < chunks.size() ? chunks[chunk].get() : nullptr;
}

// The codes of a chunk in a byte each, from `first` on.
struct ByteCodes {
  std::span<const std::uint8_t> bytes;
  std::size_t first;
  std::size_t used;  // So many codes there are from `first` on, 256 at most.
};
std::optional<ByteCodes> byte_codes(const CodedTrait& trait, const AttributeChunk& chunk) {
  const NarrowValues* narrow = chunk.narrow();
  if (narrow == nullptr) return std::nullopt;
  const auto first = static_cast<std::size_t>(narrow->base - trait.lowest);
  return ByteCodes{
      {narrow->offsets.get(), kCustomers}, first, std::min(trait.codes - first, std::size_t{256})};
}

// Calls `body(slot, code)` for those of a chunk who are in `among`, a bit a slot, and have the trait.
template <typename Body>
void for_each_code(const CodedTrait& trait, const AttributeChunk& chunk,
                   std::span<const std::uint64_t> among, const Body& body) {
  const auto of = [&](const auto& code_at) {
    for (std::size_t w = 0; w < among.size(); ++w) {
      for (std::uint64_t rest = chunk.present[w] & among[w]; rest != 0; rest &= rest - 1) {
        const std::size_t slot = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
        body(slot, code_at(slot));
      }
    }
  };
  if (const auto codes = byte_codes(trait, chunk)) {
    return of([&](std::size_t slot) { return codes->first + codes->bytes[slot]; });
  }
  std::visit(
      [&](const auto& values) { of([&](std::size_t slot) { return trait.code(values[slot]); }); },
      chunk.values);
}

// How many of some people have each code. Neighbours often have the same one, and adding to one place
// twice in a row waits: so there are four places.
class CodeCounts {
 public:
  explicit CodeCounts(std::size_t codes) : counts_(kPlaces * codes) {}
  void add(std::size_t slot, std::size_t code) { ++counts_[code * kPlaces + slot % kPlaces]; }
  void add_many(std::size_t code, std::uint32_t many) { counts_[code * kPlaces] += many; }
  [[nodiscard]] std::uint64_t at(std::size_t code) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kPlaces; ++i) sum += counts_[code * kPlaces + i];
    return sum;
  }

 private:
  static constexpr std::size_t kPlaces = 4;
  std::vector<std::uint32_t> counts_;
};

// The people of one trait, by code.
struct TraitCounts {
  CodeCounts everyone;
  CodeCounts members;
};
using Counts = std::vector<TraitCounts>;

using ChunkWords = std::array<std::uint64_t, kCustomers / 64>;

std::uint32_t common(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  std::uint32_t count = 0;
  for (std::size_t w = 0; w < b.size(); ++w) {
    count += static_cast<std::uint32_t>(std::popcount(a[w] & b[w]));
  }
  return count;
}

// Counts those of a chunk who have the trait. Few codes are compared with, one after the other.
void count_codes(const CodedTrait& trait, const AttributeChunk& chunk,
                 std::span<const std::uint64_t> population, std::span<const std::uint64_t> members,
                 TraitCounts& counts) {
  constexpr std::size_t kFewCodes = 40;
  const auto codes = byte_codes(trait, chunk);
  if (!codes || codes->used > kFewCodes) {
    for_each_code(trait, chunk, population,
                  [&](std::size_t slot, std::size_t code) { counts.everyone.add(slot, code); });
    for_each_code(trait, chunk, members,
                  [&](std::size_t slot, std::size_t code) { counts.members.add(slot, code); });
    return;
  }
  ChunkWords everyone, known, equal;
  for (std::size_t w = 0; w < population.size(); ++w) {
    everyone[w] = population[w] & chunk.present[w];
    known[w] = members[w] & chunk.present[w];
  }
  const auto words = std::span(equal).first(population.size());
  for (std::size_t code = 0; code < codes->used; ++code) {
    accept_equal(codes->bytes, static_cast<std::uint8_t>(code), words);
    counts.everyone.add_many(codes->first + code, common(everyone, words));
    counts.members.add_many(codes->first + code, common(known, words));
  }
}

// The weight of each code, in millionths.
std::vector<std::int32_t> weights_of(const CodedTrait& trait,
                                     const std::vector<const TraitCounts*>& counts) {
  struct Level {
    std::uint64_t members = 0;
    std::uint64_t others = 0;
  };
  std::vector<Level> levels(trait.levels());
  for (std::size_t code = 0; code < trait.codes; ++code) {
    Level& level = levels[trait.level(code)];
    for (const TraitCounts* count : counts) {
      const std::uint64_t members = count->members.at(code);
      level.members += members;
      level.others += count->everyone.at(code) - members;
    }
  }
  std::uint64_t members = 0, others = 0, values = 0;
  for (const Level& level : levels) {
    members += level.members;
    others += level.others;
    values += level.members + level.others > 0 ? 1 : 0;
  }
  const auto share = [&](std::uint64_t with, std::uint64_t all) {
    return static_cast<double>(with + 1) / static_cast<double>(all + values);
  };
  std::vector<std::int32_t> weights(trait.codes);
  for (std::size_t code = 0; code < trait.codes; ++code) {
    const Level& level = levels[trait.level(code)];
    if (level.members + level.others == 0) continue;  // Nobody asks for it.
    const double odds =
        std::log(share(level.members, members)) - std::log(share(level.others, others));
    weights[code] = static_cast<std::int32_t>(std::lround(odds * 1e6));
  }
  return weights;
}

bool is_before(const Lookalike& a, const Lookalike& b) {
  return a.score != b.score ? a.score > b.score : a.customer < b.customer;
}

// Adds the weights of a trait to the scores of those of a chunk who have it.
void add_trait(const CodedTrait& trait, const AttributeChunk& chunk,
               std::span<const std::int32_t> weights, std::span<const std::uint64_t> population,
               std::span<std::uint32_t> scores) {
  const auto codes = byte_codes(trait, chunk);
  if (!codes) {
    for_each_code(trait, chunk, population, [&](std::size_t slot, std::size_t code) {
      scores[slot] += static_cast<std::uint32_t>(weights[code]);
    });
    return;
  }
  std::array<std::uint32_t, 256> of_byte{};
  const auto used = weights.subspan(codes->first, codes->used);
  std::transform(used.begin(), used.end(), of_byte.begin(),
                 [](std::int32_t weight) { return static_cast<std::uint32_t>(weight); });
  add_weights(codes->bytes, std::span(chunk.present).first(population.size()), of_byte, codes->used,
              scores);
}

// Scores without a sign, so that lanes compare them: each that much more.
constexpr std::uint32_t kNoScore = 0x8000'0000;

// Keeps the likest of a block of customers. `beaten`: of all blocks, a score that enough have or more.
class Likest {
 public:
  Likest(std::size_t most, std::atomic<std::uint32_t>& beaten) : most_(most), beaten_(beaten) {}

  // Those whose bit is set in `offered`, from `first` on, in order of appearance.
  void offer(std::size_t first, std::span<const std::uint32_t> scores,
             std::span<const std::uint64_t> offered) {
    if (most_ == 0) return;
    ChunkWords high;
    const auto words = std::span(high).first(offered.size());
    accept_range(scores, {least_score(), std::numeric_limits<std::uint32_t>::max()}, words);
    for (std::size_t w = 0; w < words.size(); ++w) {
      for (std::uint64_t rest = words[w] & offered[w]; rest != 0; rest &= rest - 1) {
        const std::size_t slot = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
        if (scores[slot] < least_score()) continue;
        keep({CustomerId(static_cast<std::uint32_t>(first + slot)),
              std::int64_t{scores[slot]} - kNoScore});
      }
    }
  }
  std::vector<Lookalike> take() {
    shrink();
    return std::move(kept_);
  }

 private:
  // Who has less is not among the likest, nor who has the same as enough before in the block.
  [[nodiscard]] std::uint32_t least_score() const {
    return std::max(beaten_.load(std::memory_order_relaxed), least_);
  }
  void keep(Lookalike one) {
    kept_.push_back(one);
    if (kept_.size() < 2 * most_) return;
    shrink();
    const std::int64_t worst = std::max_element(kept_.begin(), kept_.end(), is_before)->score;
    const auto score = static_cast<std::uint32_t>(worst + kNoScore);
    least_ = score + 1;  // No sum of weights is the largest number.
    std::uint32_t known = beaten_.load(std::memory_order_relaxed);
    while (known < score && !beaten_.compare_exchange_weak(known, score)) {
    }
  }
  void shrink() {
    if (kept_.size() <= most_) return;
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(most_);
    std::nth_element(kept_.begin(), end - 1, kept_.end(), is_before);
    kept_.erase(end, kept_.end());
  }

  std::size_t most_;
  std::atomic<std::uint32_t>& beaten_;
  std::uint32_t least_ = 0;
  std::vector<Lookalike> kept_;
};

}  // namespace

absl::StatusOr<std::vector<Lookalike>> find_lookalikes(std::span<const LikenessTrait> traits,
                                                       const CustomerSet& members,
                                                       const CustomerSet& population,
                                                       std::size_t most, const Stop& stop) {
  if (traits.size() > kTraitsMax) return absl::InvalidArgumentError("more than 64 traits");
  std::vector<CodedTrait> coded;
  for (const LikenessTrait& trait : traits) {
    absl::StatusOr<CodedTrait> of_trait = code_trait(trait);
    if (!of_trait.ok()) return of_trait.status();
    coded.push_back(*of_trait);
  }
  const auto words_of = [&](const CustomerSet& set, std::size_t first, std::size_t last) {
    return set.words().subspan(first / 64, blocks_of(last - first, 64));
  };
  CustomerSet inside = members;
  intersect(inside, population);

  const std::size_t customers = population.customers();
  WorkerLocal<Counts> counts([&] {
    Counts none;
    for (const CodedTrait& trait : coded) {
      none.push_back({CodeCounts(trait.codes), CodeCounts(trait.codes)});
    }
    return none;
  });
  for_each_block(customers, kCustomers, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Counts& mine = counts.mine();
    for (std::size_t t = 0; t < coded.size(); ++t) {
      const AttributeChunk* chunk = chunk_of(coded[t], first / kCustomers);
      if (chunk == nullptr) continue;
      count_codes(coded[t], *chunk, words_of(population, first, last),
                  words_of(inside, first, last), mine[t]);
    }
  });
  std::vector<std::vector<std::int32_t>> weights;
  for (std::size_t t = 0; t < coded.size(); ++t) {
    std::vector<const TraitCounts*> made;
    counts.for_each_made([&](const Counts& of_thread) { made.push_back(&of_thread[t]); });
    weights.push_back(weights_of(coded[t], made));
  }

  constexpr std::size_t kCustomersTogether = 8 * kCustomers;  // Fewer lists to join at the end.
  std::vector<std::vector<Lookalike>> of_block(blocks_of(customers, kCustomersTogether));
  WorkerLocal<std::vector<std::uint32_t>> scratch([] { return std::vector<std::uint32_t>(); });
  std::atomic<std::uint32_t> beaten = 0;
  for_each_block(customers, kCustomersTogether, [&](std::size_t first, std::size_t last) {
    Likest likest(most, beaten);
    std::vector<std::uint32_t>& scores = scratch.mine();
    for (std::size_t begin = first; begin < last; begin += kCustomers) {
      if (stop.requested()) return;
      const std::size_t end = std::min(begin + kCustomers, last);
      const auto everyone = words_of(population, begin, end);
      const auto known = words_of(inside, begin, end);
      scores.assign(kCustomers, kNoScore);
      for (std::size_t t = 0; t < coded.size(); ++t) {
        const AttributeChunk* chunk = chunk_of(coded[t], begin / kCustomers);
        if (chunk != nullptr) add_trait(coded[t], *chunk, weights[t], everyone, scores);
      }
      ChunkWords others;
      for (std::size_t w = 0; w < everyone.size(); ++w) others[w] = everyone[w] & ~known[w];
      likest.offer(begin, scores, std::span(others).first(everyone.size()));
    }
    of_block[first / kCustomersTogether] = likest.take();
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for lookalikes");
  std::vector<Lookalike> found;
  for (const auto& block : of_block) found.insert(found.end(), block.begin(), block.end());
  const auto kept = static_cast<std::ptrdiff_t>(std::min(most, found.size()));
  std::partial_sort(found.begin(), found.begin() + kept, found.end(), is_before);
  found.erase(found.begin() + kept, found.end());
  return found;
}

}  // namespace grapevine

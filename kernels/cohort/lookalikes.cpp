#include "kernels/cohort/lookalikes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/combine.hpp"

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

// Calls `body(slot, code)` for those of a chunk who are in `among`, a bit a slot, and have the trait.
template <typename Body>
void for_each_code(const CodedTrait& trait, std::size_t chunk, std::span<const std::uint64_t> among,
                   const Body& body) {
  const auto& chunks = trait.column->chunks;
  const AttributeChunk* here = chunk < chunks.size() ? chunks[chunk].get() : nullptr;
  if (here == nullptr) return;
  std::visit(
      [&](const auto& values) {
        for (std::size_t w = 0; w < among.size(); ++w) {
          for (std::uint64_t rest = here->present[w] & among[w]; rest != 0; rest &= rest - 1) {
            const std::size_t slot = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
            body(slot, trait.code(values[slot]));
          }
        }
      },
      here->values);
}

// How many of some people have each code. Neighbours often have the same one, and adding to one place
// twice in a row waits: so there are four places.
class CodeCounts {
 public:
  explicit CodeCounts(std::size_t codes) : counts_(kPlaces * codes) {}
  void add(std::size_t slot, std::size_t code) { ++counts_[code * kPlaces + slot % kPlaces]; }
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

// Keeps the likest of those who are offered in order of appearance.
class Likest {
 public:
  explicit Likest(std::size_t most) : most_(most) {}

  void offer(Lookalike one) {
    if (one.score <= beaten_ || most_ == 0) return;
    kept_.push_back(one);
    if (kept_.size() < 2 * most_) return;
    shrink();
    beaten_ = std::max_element(kept_.begin(), kept_.end(), is_before)->score;
  }
  std::vector<Lookalike> take() {
    shrink();
    return std::move(kept_);
  }

 private:
  void shrink() {
    if (kept_.size() <= most_) return;
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(most_);
    std::nth_element(kept_.begin(), end - 1, kept_.end(), is_before);
    kept_.erase(end, kept_.end());
  }

  std::size_t most_;
  std::int64_t beaten_ = std::numeric_limits<std::int64_t>::min();  // Enough have more than that.
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
      for_each_code(coded[t], first / kCustomers, words_of(population, first, last),
                    [&](std::size_t slot, std::size_t code) { mine[t].everyone.add(slot, code); });
      for_each_code(coded[t], first / kCustomers, words_of(inside, first, last),
                    [&](std::size_t slot, std::size_t code) { mine[t].members.add(slot, code); });
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
  WorkerLocal<std::vector<std::int32_t>> scratch([] { return std::vector<std::int32_t>(); });
  for_each_block(customers, kCustomersTogether, [&](std::size_t first, std::size_t last) {
    Likest likest(most);
    std::vector<std::int32_t>& scores = scratch.mine();
    for (std::size_t begin = first; begin < last; begin += kCustomers) {
      if (stop.requested()) return;
      const std::size_t end = std::min(begin + kCustomers, last);
      const auto everyone = words_of(population, begin, end);
      const auto known = words_of(inside, begin, end);
      scores.assign(kCustomers, 0);
      for (std::size_t t = 0; t < coded.size(); ++t) {
        const std::int32_t* weight = weights[t].data();
        for_each_code(coded[t], begin / kCustomers, everyone,
                      [&](std::size_t slot, std::size_t code) { scores[slot] += weight[code]; });
      }
      for (std::size_t w = 0; w < everyone.size(); ++w) {
        for (std::uint64_t rest = everyone[w] & ~known[w]; rest != 0; rest &= rest - 1) {
          const std::size_t slot = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
          likest.offer({CustomerId(static_cast<std::uint32_t>(begin + slot)), scores[slot]});
        }
      }
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

#include "kernels/cohort/lookalikes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kCustomers = AttributeChunk::kCustomers;
constexpr std::size_t kBandsMax = 65'536;

std::int64_t floor_divide(std::int64_t number, std::int64_t divisor) {
  const std::int64_t quotient = number / divisor;
  return quotient - (number % divisor < 0 ? 1 : 0);
}

// Numbers the values of a trait 1, 2, ...; 0 is to have none.
struct Levels {
  std::int64_t band = 1;
  std::int64_t lowest = 0;  // Band, of integers.
  std::size_t count = 1;    // The absence included.

  [[nodiscard]] std::size_t of(std::uint8_t truth) const { return 1 + truth; }
  [[nodiscard]] std::size_t of(std::uint32_t code) const { return 1 + std::size_t{code}; }
  [[nodiscard]] std::size_t of(std::int64_t number) const {
    return 1 + static_cast<std::size_t>(floor_divide(number, band) - lowest);
  }
  [[nodiscard]] std::size_t of(double) const { return 0; }  // Refused before.
};

// The lowest and the highest band that some customer is in; the lowest is above where none is.
struct Bands {
  std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
  std::int64_t highest = std::numeric_limits<std::int64_t>::min();
};

Bands bands_of(const AttributeColumn& column, std::int64_t band) {
  Bands bands;
  for (const auto& chunk : column.chunks) {
    if (chunk == nullptr) continue;
    const auto* numbers = std::get_if<std::vector<std::int64_t>>(&chunk->values);
    if (numbers == nullptr) continue;
    for (std::size_t i = 0; i < kCustomers; ++i) {
      if (!chunk->has(i)) continue;
      const std::int64_t here = floor_divide((*numbers)[i], band);
      bands = {std::min(bands.lowest, here), std::max(bands.highest, here)};
    }
  }
  return bands;
}

absl::StatusOr<Levels> levels_of(const LikenessTrait& trait) {
  const AttributeColumn& column = *trait.column;
  switch (column.type) {
    case ValueType::Null: return Levels{};
    case ValueType::Bool: return Levels{.count = 3};
    case ValueType::String: return Levels{.count = 1 + column.dictionary->size()};
    case ValueType::Int64: {
      if (trait.band < 1) return absl::InvalidArgumentError("a band must be 1 or more");
      const Bands bands = bands_of(column, trait.band);
      if (bands.lowest > bands.highest) return Levels{};
      const std::uint64_t width =
          static_cast<std::uint64_t>(bands.highest) - static_cast<std::uint64_t>(bands.lowest);
      if (width >= kBandsMax) {
        return absl::InvalidArgumentError("more than 65536 bands of " + column.name);
      }
      return Levels{trait.band, bands.lowest, 2 + static_cast<std::size_t>(width)};
    }
    default: break;
  }
  return absl::InvalidArgumentError("likeness goes by names, truths and whole numbers, not by " +
                                    column.name);
}

// Calls `body(slot, level)` for each slot of a chunk below `slots`: 0 where nothing is known.
template <typename Body>
void for_each_level(const AttributeColumn& column, const Levels& levels, std::size_t chunk,
                    std::size_t slots, const Body& body) {
  const AttributeChunk* here = chunk < column.chunks.size() ? column.chunks[chunk].get() : nullptr;
  if (here == nullptr) return;
  std::visit(
      [&](const auto& values) {
        for (std::size_t word = 0; word * 64 < slots; ++word) {
          const std::uint64_t present = here->present[word];
          const std::size_t end = std::min(slots, word * 64 + 64);
          for (std::size_t i = word * 64; i < end; ++i) {
            const bool has = ((present >> (i % 64)) & 1) != 0;
            body(i, has ? levels.of(values[i]) : 0);
          }
        }
      },
      here->values);
}

// How many members and how many others have each level of a trait.
struct LevelCount {
  std::uint64_t members = 0;
  std::uint64_t others = 0;
};

std::vector<std::int64_t> weights_of(const std::vector<LevelCount>& counts) {
  std::uint64_t members = 0, others = 0, values = 0;
  for (std::size_t level = 1; level < counts.size(); ++level) {
    members += counts[level].members;
    others += counts[level].others;
    values += counts[level].members + counts[level].others > 0 ? 1 : 0;
  }
  std::vector<std::int64_t> weights(counts.size());
  for (std::size_t level = 1; level < counts.size(); ++level) {
    const auto share = [&](std::uint64_t with, std::uint64_t all) {
      return static_cast<double>(with + 1) / static_cast<double>(all + values);
    };
    const double odds = std::log(share(counts[level].members, members)) -
                        std::log(share(counts[level].others, others));
    weights[level] = std::llround(odds * 1e6);
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
                                                       const CustomerSet& candidates,
                                                       std::size_t most, const Stop& stop) {
  std::vector<Levels> levels;
  for (const LikenessTrait& trait : traits) {
    absl::StatusOr<Levels> of_trait = levels_of(trait);
    if (!of_trait.ok()) return of_trait.status();
    levels.push_back(*of_trait);
  }

  using Counts = std::vector<std::vector<LevelCount>>;  // By trait and level.
  const auto no_counts = [&] {
    Counts counts;
    for (const Levels& of_trait : levels) counts.emplace_back(of_trait.count);
    return counts;
  };
  const std::size_t customers = members.customers();
  WorkerLocal<Counts> counts(no_counts);
  for_each_block(customers, kCustomers, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Counts& mine = counts.mine();
    for (std::size_t t = 0; t < traits.size(); ++t) {
      LevelCount* of_level = mine[t].data();
      for_each_level(*traits[t].column, levels[t], first / kCustomers, last - first,
                     [&](std::size_t slot, std::size_t level) {
                       const auto customer = static_cast<std::uint32_t>(first + slot);
                       const std::uint64_t is_member = members.has(CustomerId(customer)) ? 1 : 0;
                       of_level[level].members += is_member;
                       of_level[level].others += 1 - is_member;
                     });
    }
  });
  Counts all = no_counts();
  counts.for_each_made([&](const Counts& made) {
    for (std::size_t t = 0; t < all.size(); ++t) {
      for (std::size_t level = 0; level < all[t].size(); ++level) {
        all[t][level].members += made[t][level].members;
        all[t][level].others += made[t][level].others;
      }
    }
  });
  std::vector<std::vector<std::int64_t>> weights;
  for (const std::vector<LevelCount>& of_trait : all) weights.push_back(weights_of(of_trait));

  constexpr std::size_t kCustomersTogether = 8 * kCustomers;  // Fewer lists to join at the end.
  std::vector<std::vector<Lookalike>> of_block(blocks_of(customers, kCustomersTogether));
  WorkerLocal<std::vector<std::int64_t>> scratch([] { return std::vector<std::int64_t>(); });
  for_each_block(customers, kCustomersTogether, [&](std::size_t first, std::size_t last) {
    Likest likest(most);
    std::vector<std::int64_t>& scores = scratch.mine();
    for (std::size_t begin = first; begin < last; begin += kCustomers) {
      if (stop.requested()) return;
      const std::size_t slots = std::min(kCustomers, last - begin);
      scores.assign(slots, 0);
      for (std::size_t t = 0; t < traits.size(); ++t) {
        const std::int64_t* of_level = weights[t].data();
        for_each_level(
            *traits[t].column, levels[t], begin / kCustomers, slots,
            [&](std::size_t slot, std::size_t level) { scores[slot] += of_level[level]; });
      }
      for (std::size_t slot = 0; slot < slots; ++slot) {
        const CustomerId customer{static_cast<std::uint32_t>(begin + slot)};
        if (candidates.has(customer)) likest.offer({customer, scores[slot]});
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

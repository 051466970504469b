#include "kernels/propagation/budgeted_cover.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "kernels/parallel/sort.hpp"
#include "kernels/propagation/sets_of_person.hpp"

namespace grapevine {
namespace {

constexpr double kRounding = 1e-12;

struct Offer {
  double ratio =
      0.0;  // Gain for a unit of cost: when it was noted, which is at least what it is now.
  std::uint32_t gain = 0;
  Vertex person = 0;
};

// Best first. No two are equal.
bool precedes(const Offer& a, const Offer& b) {
  if (a.ratio != b.ratio) return a.ratio > b.ratio;
  if (a.gain != b.gain) return a.gain > b.gain;
  return a.person < b.person;
}
bool follows(const Offer& a, const Offer& b) { return precedes(b, a); }

// One greedy choice under way.
class BudgetedChoice {
 public:
  BudgetedChoice(const ReverseSets& sets, const SetsOfPerson& index, std::span<const Offer> offers,
                 std::vector<std::uint32_t> gain, std::span<const double> costs, double budget)
      : sets_(sets),
        index_(index),
        offers_(offers),
        gain_(std::move(gain)),
        costs_(costs),
        budget_(budget * (1.0 + kRounding)),
        covered_(sets.size()) {}

  void choose(Vertex person) {
    cover_.chosen.push_back(person);
    cover_.covered += gain_[person];
    spent_ += costs_[person];
    for (const std::uint32_t set : index_.of(person)) {
      if (covered_[set]) continue;
      covered_[set] = true;
      for (const Vertex member : sets_.of(set)) --gain_[member];
    }
  }

  MaxCover finish() {
    cover_.optimum_at_most = std::numeric_limits<std::size_t>::max();
    std::vector<Offer> open(offers_.begin(), offers_.end());  // Sorted, and so a heap.
    std::ranges::make_heap(open, follows);
    std::size_t bound_at = 0;
    while (true) {
      const std::optional<Vertex> best = take(open);
      if (cover_.chosen.size() >= bound_at || !best) {
        cover_.optimum_at_most = std::min(cover_.optimum_at_most, cover_.covered + gains_within());
        bound_at = next_bound_after(cover_.chosen.size());
      }
      if (!best) return std::move(cover_);
      choose(*best);
    }
  }

 private:
  // Whoever gains most for their cost and can be paid. Whoever cannot be paid now never can.
  std::optional<Vertex> take(std::vector<Offer>& open) const {
    while (!open.empty()) {
      std::ranges::pop_heap(open, follows);
      Offer offer = open.back();
      open.pop_back();
      const std::uint32_t gain = gain_[offer.person];
      const double cost = costs_[offer.person];
      if (gain == 0 || spent_ + cost > budget_) continue;
      if (gain == offer.gain) return offer.person;
      open.push_back({gain / cost, gain, offer.person});
      std::ranges::push_heap(open, follows);
    }
    return std::nullopt;
  }

  // What the whole budget buys of the gains that are left, if people could be had in part, rounded
  // up. Ratios only fall, so the search ends where those noted first, which fall along the offers,
  // cannot exceed the lowest that is still bought.
  std::size_t gains_within() const {
    std::vector<Offer> bought;  // A heap with the lowest ratio on top.
    double cost = 0.0;
    double gains = 0.0;
    const double budget = budget_ * (1.0 + kRounding * 1e3);  // Sums of costs round, too.
    for (const Offer& offer : offers_) {
      if (cost >= budget && offer.ratio <= bought.front().ratio) break;
      const std::uint32_t gain = gain_[offer.person];
      if (gain == 0) continue;
      bought.push_back({gain / costs_[offer.person], gain, offer.person});
      std::ranges::push_heap(bought, precedes);
      cost += costs_[offer.person];
      gains += gain;
      while (cost - costs_[bought.front().person] >= budget) {
        cost -= costs_[bought.front().person];
        gains -= bought.front().gain;
        std::ranges::pop_heap(bought, precedes);
        bought.pop_back();
      }
    }
    if (cost > budget) gains -= (cost - budget) * bought.front().ratio;
    return static_cast<std::size_t>(std::floor(gains * (1.0 + kRounding * 1e3)));
  }

  const ReverseSets& sets_;
  const SetsOfPerson& index_;
  std::span<const Offer> offers_;
  std::vector<std::uint32_t> gain_;
  std::span<const double> costs_;
  double budget_ = 0.0;
  double spent_ = 0.0;
  std::vector<bool> covered_;
  MaxCover cover_;
};

}  // namespace

MaxCover budgeted_cover(const ReverseSets& sets, std::size_t vertices,
                        std::span<const double> costs, double budget) {
  const SetsOfPerson index = invert(sets, vertices);
  const std::vector<std::uint32_t> count = index.counts();
  std::vector<Offer> offers;
  for (std::size_t v = 0; v != vertices; ++v) {
    if (count[v] == 0 || costs[v] > budget) continue;
    offers.push_back({count[v] / costs[v], count[v], static_cast<Vertex>(v)});
  }
  if (offers.empty()) return {};
  parallel_sort(std::span(offers), precedes);
  const Offer largest = *std::ranges::max_element(offers, [](const Offer& a, const Offer& b) {
    return a.gain != b.gain ? a.gain < b.gain : a.person > b.person;
  });

  MaxCover by_ratio = BudgetedChoice(sets, index, offers, count, costs, budget).finish();
  BudgetedChoice from_largest(sets, index, offers, count, costs, budget);
  from_largest.choose(largest.person);
  MaxCover after_largest = from_largest.finish();
  MaxCover better = after_largest.covered > by_ratio.covered ? after_largest : by_ratio;
  const double at_most = static_cast<double>(better.covered) / kBudgetedShare;
  better.optimum_at_most = std::min(
      {by_ratio.optimum_at_most, after_largest.optimum_at_most, static_cast<std::size_t>(at_most)});
  return better;
}

}  // namespace grapevine

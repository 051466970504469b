#include "kernels/propagation/max_cover.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

#include "kernels/propagation/budgeted_cover.hpp"

namespace grapevine {
namespace {

std::vector<Vertex> people_in(std::uint64_t mask) {
  std::vector<Vertex> people;
  for (Vertex v = 0; v != 64; ++v) {
    if ((mask >> v & 1) != 0) people.push_back(v);
  }
  return people;
}

// Every choice within the budget, tried.
TEST(BudgetedCover, KeepsItsShareOfTheBestAndBoundsIt) {
  for (std::uint64_t seed = 0; seed != 300; ++seed) {
    std::mt19937_64 draw(seed);
    const std::size_t people = 1 + draw() % 9;
    ReverseSets sets;
    std::vector<std::uint64_t> holds;
    for (std::size_t s = draw() % 40; s != 0; --s) {
      std::uint64_t members = 0;
      for (Vertex v = 0; v != people; ++v) {
        if (draw() % (2 + v) != 0) continue;
        sets.members.push_back(v);
        members |= std::uint64_t{1} << v;
      }
      sets.offsets.push_back(sets.members.size());
      holds.push_back(members);
    }
    std::vector<double> costs(people);
    for (double& cost : costs) cost = 0.1 * static_cast<double>(1 + draw() % 30);
    const double budget = 0.1 * static_cast<double>(1 + draw() % 50);
    const auto covered_by = [&](std::uint64_t chosen) {
      return static_cast<std::size_t>(
          std::ranges::count_if(holds, [&](std::uint64_t set) { return (set & chosen) != 0; }));
    };
    const auto cost_of = [&](std::uint64_t chosen) {
      double cost = 0.0;
      for (const Vertex v : people_in(chosen)) cost += costs[v];
      return cost;
    };
    std::size_t best = 0;
    for (std::uint64_t chosen = 0; chosen != std::uint64_t{1} << people; ++chosen) {
      if (cost_of(chosen) <= budget) best = std::max(best, covered_by(chosen));
    }
    const MaxCover cover = budgeted_cover(sets, people, costs, budget);
    std::uint64_t chosen = 0;
    for (const Vertex v : cover.chosen) chosen |= std::uint64_t{1} << v;
    EXPECT_EQ(cover.covered, covered_by(chosen)) << seed;
    EXPECT_LE(cost_of(chosen), budget * (1.0 + 1e-9)) << seed;
    EXPECT_GE(cover.optimum_at_most, best) << seed;
    EXPECT_GE(static_cast<double>(cover.covered), kBudgetedShare * static_cast<double>(best))
        << seed;
    EXPECT_LE(kBudgetedShare * static_cast<double>(cover.optimum_at_most),
              static_cast<double>(cover.covered) + 1e-9)
        << seed;
  }
}

// Greedy cover from scratch: each gain counted anew.
TEST(MaxCover, AgreesWithCountingEveryGainAnew) {
  for (std::uint64_t seed = 0; seed != 40; ++seed) {
    std::mt19937_64 draw(seed);
    const std::size_t people = 1 + draw() % 70;
    ReverseSets sets;
    for (std::size_t s = draw() % 66; s != 0; --s) {
      for (Vertex v = 0; v != people; ++v) {
        if (draw() % 9 == 0) sets.members.push_back(v);
      }
      sets.offsets.push_back(sets.members.size());
    }
    const std::size_t k = 1 + draw() % 8;
    std::vector<bool> covered(sets.size());
    const auto gain_of = [&](Vertex v) {
      std::size_t gain = 0;
      for (std::size_t s = 0; s != sets.size(); ++s) {
        gain += !covered[s] && std::ranges::count(sets.of(s), v) > 0 ? 1 : 0;
      }
      return gain;
    };
    MaxCover expected;
    expected.optimum_at_most = sets.size() * people;
    std::vector<std::size_t> first(people);
    for (Vertex v = 0; v != people; ++v) first[v] = gain_of(v);
    while (true) {
      std::vector<std::size_t> gains(people);
      for (Vertex v = 0; v != people; ++v) gains[v] = gain_of(v);
      Vertex best = 0;
      for (Vertex v = 1; v != people; ++v) {
        if (std::pair(gains[v], first[v]) > std::pair(gains[best], first[best])) best = v;
      }
      const std::size_t gain = gains[best];
      std::ranges::sort(gains, std::greater<>());
      gains.resize(std::min(k, people));
      expected.optimum_at_most =
          std::min(expected.optimum_at_most,
                   expected.covered + std::accumulate(gains.begin(), gains.end(), std::size_t{0}));
      if (expected.chosen.size() == k || gain == 0) break;
      expected.chosen.push_back(best);
      expected.covered += gain;
      for (std::size_t s = 0; s != sets.size(); ++s) {
        if (std::ranges::count(sets.of(s), best) > 0) covered[s] = true;
      }
    }
    const MaxCover cover = max_cover(sets, people, k);
    EXPECT_EQ(cover.chosen, expected.chosen);
    EXPECT_EQ(cover.covered, expected.covered);
    EXPECT_EQ(cover.optimum_at_most, expected.optimum_at_most);
    const auto by_place = count_covered(sets, people, cover.chosen);
    EXPECT_EQ(std::accumulate(by_place.begin(), by_place.end(), std::size_t{0}), expected.covered);
  }
}

}  // namespace
}  // namespace grapevine

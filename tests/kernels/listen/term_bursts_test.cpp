#include "kernels/listen/term_bursts.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

using Counts = std::vector<std::uint64_t>;

// The negative logarithm of the binomial probability, coefficient included.
double cost_of_count(std::uint64_t with, std::uint64_t posts, double probability) {
  const auto r = static_cast<double>(with), d = static_cast<double>(posts);
  return -(std::lgamma(d + 1) - std::lgamma(r + 1) - std::lgamma(d - r + 1) +
           r * std::log(probability) + (d - r) * std::log1p(-probability));
}

// The least cost of any sequence of states, each of which is tried.
double least_cost(const Counts& with, const Counts& posts, const TermBurstOptions& options,
                  double usual) {
  const std::size_t n = posts.size();
  double least = INFINITY;
  for (std::uint32_t states = 0; states < 1U << n; ++states) {
    double cost = 0;
    for (std::size_t t = 0; t < n; ++t) {
      const bool burst = (states >> t & 1) != 0;
      const bool before = t > 0 && (states >> (t - 1) & 1) != 0;
      cost += cost_of_count(with[t], posts[t], burst ? usual * options.scaling : usual);
      if (burst && !before) cost += options.gamma * std::log(static_cast<double>(n));
    }
    least = std::min(least, cost);
  }
  return least;
}

double cost_of(const std::vector<TermBurst>& bursts, const Counts& with, const Counts& posts,
               const TermBurstOptions& options, double usual) {
  double cost = 0;
  for (std::size_t t = 0; t < posts.size(); ++t) {
    bool burst = false;
    for (const TermBurst& of : bursts) burst |= of.first <= t && t < of.last;
    cost += cost_of_count(with[t], posts[t], burst ? usual * options.scaling : usual);
  }
  const double each = options.gamma * std::log(static_cast<double>(posts.size()));
  return cost + each * static_cast<double>(bursts.size());
}

TEST(TermBursts, AreTheCheapestSequenceOfStates) {
  std::mt19937_64 random(1);
  std::size_t found = 0;
  for (int round = 0; round < 300; ++round) {
    const std::size_t n = 1 + random() % 10;
    Counts with(n), posts(n);
    double sum_with = 0, sum_posts = 0;
    for (std::size_t t = 0; t < n; ++t) {
      posts[t] = random() % 40;
      with[t] = posts[t] == 0 ? 0 : random() % (posts[t] / (random() % 5 == 0 ? 1 : 6) + 1);
      sum_with += static_cast<double>(with[t]);
      sum_posts += static_cast<double>(posts[t]);
    }
    const TermBurstOptions options{.scaling = 1.5 + static_cast<double>(random() % 3),
                                   .gamma = static_cast<double>(random() % 3) / 2};
    const auto bursts = find_term_bursts(with, posts, options);
    if (sum_with == 0 || sum_with / sum_posts * options.scaling >= 1) {
      EXPECT_TRUE(bursts.empty());
      continue;
    }
    const double usual = sum_with / sum_posts;
    EXPECT_NEAR(cost_of(bursts, with, posts, options, usual),
                least_cost(with, posts, options, usual), 1e-9);
    for (const TermBurst& burst : bursts) {
      ++found;
      double weight = 0;
      for (std::size_t t = burst.first; t < burst.last; ++t) {
        weight += cost_of_count(with[t], posts[t], usual) -
                  cost_of_count(with[t], posts[t], usual * options.scaling);
      }
      EXPECT_NEAR(burst.weight, weight, 1e-9);
    }
  }
  EXPECT_GT(found, 50U);
}

TEST(TermBursts, BeginWhereATermComesUp) {
  Counts posts(30, 100), with(30, 2);
  for (const std::size_t t : {12, 13, 14}) with[t] = 30;
  const auto bursts = find_term_bursts(with, posts);
  ASSERT_EQ(bursts.size(), 1U);
  EXPECT_EQ(bursts.front().first, 12U);
  EXPECT_EQ(bursts.front().last, 15U);
  EXPECT_TRUE(find_term_bursts(Counts(30, 2), posts).empty());
  EXPECT_TRUE(find_term_bursts({}, {}).empty());
}

}  // namespace
}  // namespace grapevine

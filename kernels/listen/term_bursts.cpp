#include "kernels/listen/term_bursts.hpp"

#include <array>
#include <cmath>
#include <numeric>

namespace grapevine {

std::vector<TermBurst> find_term_bursts(std::span<const std::uint64_t> with_term,
                                        std::span<const std::uint64_t> posts,
                                        const TermBurstOptions& options) {
  const auto sum = [](std::span<const std::uint64_t> counts) {
    return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  };
  const std::size_t buckets = posts.size();
  const double usual = sum(posts) == 0 ? 0.0 : sum(with_term) / sum(posts);
  const double often = usual * options.scaling;
  // What is in every second post cannot be twice as frequent.
  if (usual == 0.0 || often >= 1.0) return {};
  // What the bucket gains by being one of a burst: the binomial coefficients are the same.
  const double of_term = std::log(often / usual);
  const double of_others = std::log((1.0 - often) / (1.0 - usual));
  const double begin_cost = options.gamma * std::log(static_cast<double>(buckets));
  const auto gain = [&](std::size_t t) {
    const auto with = static_cast<double>(with_term[t]);
    return with * of_term + (static_cast<double>(posts[t]) - with) * of_others;
  };
  // The largest gain of a sequence that ends in each state, and where it came from.
  std::array<double, 2> best{0.0, -INFINITY};
  std::vector<std::array<bool, 2>> from_burst(buckets);
  for (std::size_t t = 0; t < buckets; ++t) {
    const bool ends = best[1] > best[0];
    const bool goes_on = best[1] > best[0] - begin_cost;
    from_burst[t] = {ends, goes_on};
    best = {ends ? best[1] : best[0], (goes_on ? best[1] : best[0] - begin_cost) + gain(t)};
  }
  std::vector<TermBurst> bursts;
  bool in_burst = best[1] > best[0];
  for (std::size_t t = buckets; t-- > 0;) {
    if (in_burst) {
      if (bursts.empty() || bursts.back().first != t + 1) bursts.push_back({t + 1, t + 1, 0.0});
      bursts.back().first = t;
      bursts.back().weight += gain(t);
    }
    in_burst = from_burst[t][in_burst ? 1 : 0];
  }
  return {bursts.rbegin(), bursts.rend()};
}

}  // namespace grapevine

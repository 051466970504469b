#include "server/demo/social_graph.hpp"

#include <algorithm>
#include <array>

#include "server/demo/random.hpp"

namespace grapevine::demo {
namespace {

constexpr std::size_t kHeardMax = 43;

// Whom one listens to, each once, in ascending order.
struct Heard {
  std::array<std::uint32_t, kHeardMax> influencers;
  std::size_t count = 0;
};

std::uint32_t choose_influencer(const Customers& customers, std::uint32_t listener, Dice& dice) {
  const std::uint32_t kind = dice.below(128);
  if (kind < 6 && customers.brand_accounts() > 0) return dice.below(customers.brand_accounts());
  if (kind < 16) {
    const auto stars = customers.stars();
    return stars[dice.skewed_below(stars.size())];
  }
  const bool elsewhere = kind < 36;
  const std::size_t community =
      elsewhere ? dice.below(customers.communities().size()) : customers[listener].community;
  const auto members = customers.members(community);
  return members.empty() ? listener : members[dice.steep_below(members.size())];
}

Heard choose_influencers(std::uint64_t seed, const Customers& customers, std::uint32_t listener) {
  Dice dice(hash_of(seed, Purpose::Listening, listener));
  const std::uint64_t uniform = dice.below(1 << 16);
  const std::size_t wanted = 3 + (40 * (uniform * uniform >> 16) * (uniform * uniform >> 16) >> 32);
  Heard heard;
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::uint32_t influencer = choose_influencer(customers, listener, dice);
    if (influencer != listener) heard.influencers[heard.count++] = influencer;
  }
  const auto begin = heard.influencers.begin();
  std::sort(begin, begin + static_cast<std::ptrdiff_t>(heard.count));
  const auto end = std::unique(begin, begin + static_cast<std::ptrdiff_t>(heard.count));
  heard.count = static_cast<std::size_t>(end - begin);
  return heard;
}

// The larger an audience, the less each one in it feels spoken to.
Ear draw_ear(std::uint64_t seed, std::uint32_t influencer, std::uint32_t listener,
             std::uint64_t audience) {
  Dice dice(hash_of(seed, Purpose::Listening, influencer, std::uint64_t{listener} + 1));
  const std::uint64_t uniform = dice.below(1 << 16);
  std::uint64_t chance = 70 + (1350 * (uniform * uniform >> 16) >> 16);
  if (audience > 64) chance = chance * 8 / square_root(audience);
  const std::uint32_t delay = 5 + dice.skewed_below(700);
  return {listener, static_cast<std::uint16_t>(std::max<std::uint64_t>(chance, 1)),
          static_cast<std::uint16_t>(delay)};
}

}  // namespace

SocialGraph::SocialGraph(std::uint64_t seed, const Customers& customers)
    : first_(customers.size() + std::size_t{1}) {
  // Twice the same choices, once to count and once to place: cheaper than to keep them all.
  for (std::uint32_t i = customers.brand_accounts(); i < customers.size(); ++i) {
    const Heard heard = choose_influencers(seed, customers, i);
    for (std::size_t j = 0; j < heard.count; ++j) ++first_[heard.influencers[j] + 1];
  }
  for (std::uint32_t i = 0; i < customers.size(); ++i) first_[i + 1] += first_[i];
  ears_.resize(first_.back());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::uint32_t i = customers.brand_accounts(); i < customers.size(); ++i) {
    const Heard heard = choose_influencers(seed, customers, i);
    for (std::size_t j = 0; j < heard.count; ++j) {
      const std::uint32_t influencer = heard.influencers[j];
      const std::uint64_t audience = first_[influencer + 1] - first_[influencer];
      ears_[next[influencer]++] = draw_ear(seed, influencer, i, audience);
    }
  }
}

std::uint32_t SocialGraph::influencer_of(std::size_t edge) const {
  const auto after = std::upper_bound(first_.begin(), first_.end(), edge);
  return static_cast<std::uint32_t>(after - first_.begin() - 1);
}

}  // namespace grapevine::demo

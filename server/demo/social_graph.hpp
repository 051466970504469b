#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/demo/customers.hpp"

namespace grapevine::demo {

/// That someone listens to someone: how likely word passes, and how long it takes on average.
struct Ear {
  std::uint32_t listener = 0;
  std::uint16_t chance = 0;         // In 1/10000: the probability that the listener passes word on.
  std::uint16_t delay_minutes = 0;  // The mean of an exponential distribution.
};

/// Who listens to whom. Everybody chooses whom to listen to: mostly in their own community and
/// there mostly the best known (so audiences follow a power law), sometimes elsewhere, the stars, a
/// brand. Immutable, and read by any number of threads. Memory: 8 bytes an edge, some 9 edges a
/// customer.
class SocialGraph {
 public:
  SocialGraph(std::uint64_t seed, const Customers& customers);

  [[nodiscard]] std::size_t edges() const { return ears_.size(); }
  [[nodiscard]] std::size_t first_ear(std::uint32_t influencer) const { return first_[influencer]; }
  /// Those who listen to `influencer`, in ascending order.
  [[nodiscard]] std::span<const Ear> audience(std::uint32_t influencer) const {
    return std::span(ears_).subspan(first_[influencer],
                                    first_[influencer + 1] - first_[influencer]);
  }
  [[nodiscard]] const Ear& ear(std::size_t edge) const { return ears_[edge]; }
  /// Whom the listener of an edge listens to.
  [[nodiscard]] std::uint32_t influencer_of(std::size_t edge) const;

 private:
  std::vector<std::uint32_t> first_;
  std::vector<Ear> ears_;
};

}  // namespace grapevine::demo

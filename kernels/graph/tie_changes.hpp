#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/update_listen_graph.hpp"

namespace grapevine {

/// A number for each listener that tells their ties from others: the sum, modulo 2^64, of a hash of
/// each. Different ties have the same one with a chance of 2^-64.
///
/// Shapes  ties: any number of chunks in any order, which the answer does not depend on. Result: by
///         CustomerId, below `customers`; 0 for who listens to nobody.
/// Cost    A pass over the ties; the same bits for any number of threads.
std::vector<std::uint64_t> digest_ties(std::span<const std::span<const SocialTie>> ties,
                                       std::size_t customers);

/// Whose ties an earlier graph has otherwise than they are now: what `update_listen_graph` wants.
struct TieChanges {
  std::vector<CustomerId>
      people;                   ///< Those whose digests differ, and whom they listened to before.
  std::vector<SocialTie> ties;  ///< All of them, as they are now.
  std::size_t events = 0;       ///< Of everyone.
  std::size_t self_events = 0;  ///< Of these, directed at oneself.
};

/// Shapes  before, now: what `digest_ties` said of the earlier graph's ties and of `ties`; customers
///         beyond the end of `before` had none.
/// Cost    A pass over the digests, and one over the ties.
TieChanges find_tie_changes(const ListenGraph& earlier, std::span<const std::uint64_t> before,
                            std::span<const std::uint64_t> now,
                            std::span<const std::span<const SocialTie>> ties);

}  // namespace grapevine

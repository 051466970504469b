#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace grapevine {

/// Buckets [first, last) in which a term is mentioned more than usual.
struct TermBurst {
  std::size_t first = 0;
  std::size_t last = 0;
  double weight = 0.0;  ///< By how much the burst explains the counts better, in nats.
  friend bool operator==(const TermBurst&, const TermBurst&) = default;
};

struct TermBurstOptions {
  double scaling = 2.0;  ///< Above 1: so much more often than usual is a burst.
  double gamma = 1.0;    ///< At least 0: what beginning one costs, in logarithms of the buckets.
};

/// The bursts of a term among posts, bucket by bucket: the cheapest sequence of two states, in which a
/// post has the term with the usual probability, or with `scaling` times that.
///
/// Shapes  with_term[t] <= posts[t]; as many of both.
/// Cost    O(buckets), exact (Viterbi). Of equally cheap sequences the one that is usual for longer.
/// Source  Kleinberg, KDD 2002, section 4: batched arrivals, the cost of a state being the negative
///         logarithm of its binomial probability.
std::vector<TermBurst> find_term_bursts(std::span<const std::uint64_t> with_term,
                                        std::span<const std::uint64_t> posts,
                                        const TermBurstOptions& options = {});

}  // namespace grapevine

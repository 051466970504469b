#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// A person of a ListenGraph: a dense index into arrays by person, meaningless outside of that
/// graph.
using Vertex = std::uint32_t;

/// One social event: `listener` reacted to what `influencer` had said.
struct SocialTie {
  CustomerId influencer{};  ///< The target of the event: who was heard.
  CustomerId listener{};    ///< The actor of the event.
  std::int64_t time_ms = 0;
  float weight = 1.0F;  ///< Of the verb, above 0.
};

/// The neighbours of every vertex on one side of its edges (CSR), in increasing order.
struct Adjacency {
  std::vector<std::size_t> offsets;  ///< n + 1: the edges of v are [offsets[v], offsets[v + 1]).
  std::vector<Vertex> neighbors;     ///< m
  std::vector<float> weights;        ///< m, parallel to `neighbors`.

  [[nodiscard]] std::size_t degree(Vertex v) const { return offsets[v + 1] - offsets[v]; }
  [[nodiscard]] std::span<const Vertex> of(Vertex v) const {
    return {neighbors.data() + offsets[v], degree(v)};
  }
  [[nodiscard]] std::span<const float> weights_of(Vertex v) const {
    return {weights.data() + offsets[v], degree(v)};
  }
};

/// Who listens to whom. Immutable once built, so any number of threads may read it.
///
/// The weight of an edge is the share of the listener's attention that goes to the influencer:
/// above 0, and the weights into one listener sum to 1 (within float rounding). It is therefore
/// also the probability of the weighted-cascade rule, without another array.
struct ListenGraph {
  std::vector<CustomerId> people;  ///< Of every vertex, increasing.
  Adjacency listeners;             ///< Of every influencer: word flows along these edges.
  Adjacency influencers;           ///< Of every listener: the same edges from the other end.
  std::size_t events = 0;          ///< Social events read, self-directed ones included.
  std::size_t self_events = 0;     ///< Events directed at oneself: they make people, but no edges.

  [[nodiscard]] std::size_t vertices() const { return people.size(); }
  [[nodiscard]] std::size_t edges() const { return influencers.neighbors.size(); }
  /// The vertex of a customer, or nothing if they are in no social event. Cost: O(log n).
  [[nodiscard]] std::optional<Vertex> vertex_of(CustomerId customer) const;
};

struct ListenGraphOptions {
  std::int64_t half_life_ms = 90LL * 24 * 3600 * 1000;  ///< At least 1. Of an event's weight.
};

/// Builds the graph of everyone in at least one social event.
///
/// Attention: an edge earns, over its events, the sum of weight x 2^(time / half_life); the age of
/// an event is counted from 1970, not from the newest event, so that a new event changes no old
/// ratio. The sums of a listener are kept relative to the power of two of their newest event, so
/// nothing overflows whatever the times are; an edge too old to count beside a newer one keeps the
/// smallest normal float.
///
/// Shapes  ties: any number of chunks in any order; the answer does not depend on either.
/// Errors  InvalidArgument: a weight that is not finite or not above 0, a half-life below 1 ms.
///         Cancelled: `stop` was requested.
/// Cost    O(E log(E / 256) + n) for E events; scratch 24 E + 4 max(CustomerId) bytes; the same
///         bits for any number of threads.
absl::StatusOr<ListenGraph> build_listen_graph(std::span<const std::span<const SocialTie>> ties,
                                               const ListenGraphOptions& options, const Stop& stop);

}  // namespace grapevine

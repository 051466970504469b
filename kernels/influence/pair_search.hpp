#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// Someone on shortest ways of a pair, and the share of these ways that lead through them.
struct OnWay {
  Vertex person = 0;
  double share = 0.0;
};

/// Finds the shortest ways from one person to another: a search from both ends, one level at a time
/// on the side whose next level has fewer edges to read, until they meet.
///
/// Thread safety: one thread calls it; it keeps scratch memory from pair to pair.
/// Source  Borassi & Natale (KADABRA), ACM J. Experimental Algorithmics 24 (2019) 1.2.
class PairSearch {
 public:
  /// `graph` must outlive it. Scratch 32 n bytes, and 48 n more once a pair had too many ways.
  explicit PairSearch(const ListenGraph& graph);
  PairSearch(PairSearch&&) noexcept;
  ~PairSearch();

  /// Everyone on a shortest way from `source` to `target`, these two not included, in an order that
  /// only depends on the pair; nobody where there is no way. Valid until the next call.
  std::span<const OnWay> find(Vertex source, Vertex target);

 private:
  template <typename Count>
  class Counted;

  const ListenGraph* graph_;
  std::unique_ptr<Counted<double>> narrow_;
  std::unique_ptr<Counted<class WideCount>> wide_;  // Made when first needed.
};

}  // namespace grapevine

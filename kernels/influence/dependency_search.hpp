#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// How much of what one person says passes through each other: for whom, summed over all targets,
/// the share of the shortest ways from the source to the target that lead through them.
///
/// Thread safety: one thread calls it; it keeps scratch memory from source to source.
/// Source  Brandes, J. Mathematical Sociology 25 (2001) 163-177, theorem 6.
class DependencySearch {
 public:
  /// Somebody whom word of the source reaches, and what depends on them.
  struct Reached {
    Vertex person = 0;
    double dependency = 0.0;  ///< At most the number of people reached beyond them.
  };

  /// `graph` must outlive it. Scratch 20 n bytes, and 28 n once there were too many ways.
  explicit DependencySearch(const ListenGraph& graph);
  DependencySearch(DependencySearch&&) noexcept;
  ~DependencySearch();

  /// Everyone whom word of `source` reaches but the source, by distance. Valid until the next call.
  /// Cost    O(n + m) of what is reached.
  std::span<const Reached> find(Vertex source);

 private:
  template <typename Count>
  class Counted;

  const ListenGraph* graph_;
  std::unique_ptr<Counted<double>> narrow_;
  std::unique_ptr<Counted<class WideCount>> wide_;  // Made when first needed.
};

}  // namespace grapevine

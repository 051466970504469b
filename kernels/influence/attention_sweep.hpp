#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"

namespace grapevine {

/// The sweeps of PageRank over one graph: x <- (attention that arrives from x), person by person.
///
/// Those to whom nobody listens get the same from restarts, or nothing; in social data they are four
/// in five people. Where they are more than half, sweeps leave them out: all that is known of them
/// is their common mass, the last entry of x. Entries before are the people in the sweep.
///
/// A sweep hears all people as they were before it (Jacobi). Hearing some as they are after it would
/// save nothing: x then keeps neither its sum nor that of any group closed in itself, and these
/// return slowest.
///
/// Thread safety: one thread calls it. The graph must outlive it. The same bits for any number of
/// threads.
class AttentionSweep {
 public:
  /// Shapes  graph: at least one person. `restart`: as in PagerankOptions, with somebody in it.
  /// Cost    A read of the weights; about two sweeps more where people are left out.
  AttentionSweep(const ListenGraph& graph, VertexMask restart, double damping);

  /// Entries of x.
  [[nodiscard]] std::size_t size() const { return per_weight_.size() + 1; }

  /// The x of scores by vertex, and back.
  [[nodiscard]] std::vector<double> gather_scores(std::span<const double> scores) const;
  [[nodiscard]] std::vector<double> spread_scores(std::span<const double> x) const;

  /// One sweep from x; returns the change in L1.
  double sweep(std::span<const double> x, std::span<double> swept);

 private:
  void keep_everyone(const ListenGraph& graph, std::vector<double> per_weight);
  void keep_heard(const ListenGraph& graph, const std::vector<double>& per_weight);
  void cut_into_blocks();
  [[nodiscard]] bool restarts_at(Vertex v) const {
    return restart_.empty() || mask_has(restart_, v);
  }
  [[nodiscard]] double sweep_block(std::size_t block, double base, double quiet_score,
                                   std::span<const double> x, std::span<double> swept) const;
  double pass_on(std::span<const double> x);

  VertexMask restart_;  // By vertex.
  double damping_;
  double members_ = 0.0;  // Those whom restarts reach.
  std::size_t vertices_;
  std::span<const std::size_t> offsets_;
  std::span<const Vertex> listeners_;
  std::span<const float> weights_;
  std::vector<double> per_weight_;    // Of everyone in the sweep.
  std::vector<Vertex> people_;        // Their vertices; empty: everyone is in the sweep.
  std::vector<double> quiet_weight_;  // Times the score of those left out: attention from them.
  double quiet_ = 0.0;                // People left out whom restarts reach,
  double quiet_idle_ = 0.0;           // and of these, those who listen to nobody.
  Adjacency kept_;                    // What the spans show if not the graph's own arrays.
  std::vector<std::size_t> blocks_;   // Where each begins, and the end.
  std::vector<double> vote_;          // What each in the sweep passes on, per weight.
};

}  // namespace grapevine

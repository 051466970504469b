#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/model.hpp"
#include "kernels/propagation/spread_plan.hpp"

namespace grapevine {

/// What one group of reverse-reachable sets says of everyone who is heard. Sums over its sets, each
/// weighted by its root's worth over the chance that it is drawn: divide by `sets`.
struct SpreadSums {
  std::vector<double> reached;   ///< By place: of the other roots whose sets hold this person.
  std::vector<double> overlaps;  ///< By place: of live edges to members found later than they.
  std::size_t sets = 0;
};

/// Sets that are drawn together. Their roots lie at even distances, so that all groups together
/// know them well; they are dealt out to the groups in turn.
struct SpreadBatch {
  std::uint64_t key = 0;  ///< Its own.
  std::size_t groups = 1;
  std::size_t sets = 0;  ///< Of each group.
};

/// Draws reverse-reachable sets for everyone. Immutable; thread-safe; the plan must outlive it.
///
/// Roots are drawn by a power of their worth below 1, at even distances (systematic sampling), so
/// that they come in order.
class SpreadSampler {
 public:
  SpreadSampler(const SpreadPlan& plan, CascadeModel model);

  /// Adds a group's sets of a batch to its sums. Returns early if `stop` is requested.
  /// Cost: O(edges looked at).
  void extend(SpreadSums& sums, const SpreadBatch& batch, std::size_t group,
              const Stop& stop) const;

 private:
  struct Root {
    std::uint32_t place = 0;
    double weight = 0.0;  // Worth over the chance of being drawn.
    double below = 0.0;   // The chance that it or one before it is drawn.
  };
  struct Scratch {
    std::vector<std::uint64_t> visited;  // A bit a place that is heard.
    std::vector<std::uint32_t> queue;
  };

  void draw(const Root& root, std::uint64_t stream, Scratch& scratch, SpreadSums& sums) const;

  const SpreadPlan& plan_;
  CascadeModel model_;
  std::vector<Root> roots_;
};

}  // namespace grapevine

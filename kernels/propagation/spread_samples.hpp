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

/// Draws reverse-reachable sets for everyone. Immutable; thread-safe; the plan must outlive it.
///
/// Roots are drawn by the square root of their worth: by worth itself, those who reach few would
/// hardly be seen beside a hub; evenly, the hub's own audience would be known badly. Of a batch they
/// are taken at even distances (systematic sampling), so that roots come in order.
class SpreadSampler {
 public:
  SpreadSampler(const SpreadPlan& plan, CascadeModel model);

  /// Adds `count` sets to the sums, by a batch's own `key`. Returns early if `stop` is requested.
  /// Cost: O(edges looked at).
  void extend(SpreadSums& sums, std::size_t count, std::uint64_t key, const Stop& stop) const;

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

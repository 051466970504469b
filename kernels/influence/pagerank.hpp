#pragma once

#include <cstddef>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

struct PagerankOptions {
  double damping = 0.85;          ///< In [0, 1): the share of attention that follows the edges.
  double tolerance = 1e-10;       ///< Above 0. Of the change of all scores in one sweep, in L1.
  std::size_t sweeps_max = 1000;  ///< At least 1.
};

/// Every person's share of all attention, where a listener passes theirs on to those they listen
/// to.
struct PagerankResult {
  std::vector<double> scores;  ///< By vertex: each above 0, and they sum to 1 within 1e-9.
  std::size_t sweeps = 0;      ///< Done.
  double change =
      0.0;  ///< Of the last sweep, in L1; the error is at most damping / (1 - damping) of it.
};

/// Scores everyone by the attention that reaches them: PageRank over the edges listener ->
/// influencer, by weight.
///
/// Shapes  graph: n people, m edges. Result: n scores; none if n = 0.
/// Sinks   The attention of those who listen to nobody is spread evenly over everyone [2].
/// Errors  InvalidArgument: an option is outside its range. ResourceExhausted: not converged after
///         `sweeps_max` sweeps. Cancelled: `stop` was requested.
/// Cost    O(n + m) a sweep; scratch 5 n doubles, and 12 n + 8 m bytes at most where more than half of the
///         people are heard by nobody: sweeps leave these out, since their scores are equal. The same
///         bits for any number of threads.
/// Source  [1] Brin & Page, Computer Networks 30 (1998) 107-117.
///         [2] Langville & Meyer, Internet Mathematics 1 (2004) 335-380.
absl::StatusOr<PagerankResult> pagerank(const ListenGraph& graph, const PagerankOptions& options,
                                        const Stop& stop);

}  // namespace grapevine

#pragma once

#include <cstddef>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

struct PagerankOptions {
  double damping = 0.85;          ///< In [0, 1): the share of attention that follows the edges.
  double tolerance = 1e-10;       ///< Above 0. Of the change of all scores in one sweep, in L1.
  std::size_t sweeps_max = 1000;  ///< At least 1.
  VertexMask restart = {};        ///< Who gets the attention that follows no edge: empty: everyone.
};

/// Every person's share of all attention, where a listener passes theirs on to those they listen
/// to.
struct PagerankResult {
  std::vector<double> scores;  ///< By vertex, at least 0. They sum to 1 within the error below.
  std::size_t sweeps = 0;      ///< Done.
  double change =
      0.0;  ///< Of the last sweep, in L1; the error is at most damping / (1 - damping) of it.
  bool repaired = false;  ///< Whether the sweeps began at the scores of an earlier graph.
};

/// Scores everyone by the attention that reaches them: PageRank over the edges listener ->
/// influencer, by weight. With `restart` it is personalised: the attention that reaches people from
/// some of them, such as a segment.
///
/// Shapes  graph: n people, m edges. Result: n scores; none if n = 0. A score is 0 only where no
///         attention of those in `restart` can arrive.
/// Sinks   The attention of those who listen to nobody is spread evenly over `restart` [2].
/// Errors  InvalidArgument: an option is outside its range, or nobody is in a `restart` that is not
///         empty. ResourceExhausted: not converged after `sweeps_max` sweeps. Cancelled: `stop` was
///         requested.
/// Cost    O(n + m) a sweep. Scratch about 100 n bytes, and 12 n + 8 m at most where more than half of
///         the people are heard by nobody: sweeps leave these out, since their scores are equal. The
///         same bits for any number of threads.
/// Source  [1] Brin & Page, Computer Networks 30 (1998) 107-117.
///         [2] Langville & Meyer, Internet Mathematics 1 (2004) 335-380.
///         Sweeps are mixed after Anderson, J. ACM 12 (1965) 547-560.
absl::StatusOr<PagerankResult> pagerank(const ListenGraph& graph, const PagerankOptions& options,
                                        const Stop& stop);

}  // namespace grapevine

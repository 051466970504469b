#pragma once

#include <span>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/pagerank.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// What `pagerank` says, from sweeps that begin at `start`: a score for every vertex, at least 0 and
/// about 1 in sum; empty: equal scores of those in `options.restart`.
///
/// Sweeps are mixed (AndersonMixing): the answer is the image of a last plain sweep, which says how
/// good it is. Where a mixture has made it worse, mixing begins anew.
absl::StatusOr<PagerankResult> solve_pagerank(const ListenGraph& graph,
                                              std::span<const double> start,
                                              const PagerankOptions& options, const Stop& stop);

}  // namespace grapevine

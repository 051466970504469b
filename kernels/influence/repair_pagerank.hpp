#pragma once

#include <span>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/pagerank.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// PageRank of an earlier graph.
struct EarlierScores {
  std::span<const CustomerId> people;  ///< `ListenGraph::people` of that graph.
  std::span<const double> scores;      ///< Of each of them.
};

/// PageRank of a graph that differs little from an earlier one, from the scores of that one: the
/// sweeps begin there instead of at equal scores, and end by the same rule. The answer is therefore
/// as exact as that of `pagerank`, however much has changed; only the time depends on that.
///
/// `options.tolerance` bounds the change of all scores in sum. No single score is off by anything near
/// that where many have changed: after a thousand events on a graph of 650,000 people, 1e-8 left
/// the largest difference from a fresh run below 1e-10.
///
/// Shapes  earlier: any number of people, in increasing order; whoever is not in `graph` any more is
///         left out, whoever is new begins with none. Result: as of `pagerank`, with `repaired`
///         unless the earlier scores say nothing of anyone in `graph`.
/// Errors  Those of `pagerank`. InvalidArgument: not one score a person, people not in increasing
///         order, or a score that is negative or not finite.
/// Cost    As `pagerank`; the sweeps saved are those that bring equal scores as near as the earlier
///         ones are.
absl::StatusOr<PagerankResult> repair_pagerank(const ListenGraph& graph,
                                               const EarlierScores& earlier,
                                               const PagerankOptions& options, const Stop& stop);

}  // namespace grapevine

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/action_log.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/probability.hpp"

namespace grapevine {

struct LearnOptions {
  /// Above 0. Trials that the global probability is worth beside an edge's own.
  double prior_trials = 10.0;
  /// Above 0. Delays that the global mean delay is worth beside a listener's own.
  double prior_delays = 1.0;
  /// At least 1. Of sharing credit out: 1 leaves partial credits, as in [1] below; more approach
  /// the likeliest probabilities [3]. Fewer are done where nothing changes any more.
  std::size_t rounds = 20;
};

/// What actions say about who passes word to whom.
struct LearnedProbabilities {
  PassProbabilities probabilities;      ///< Each in (0, 1).
  std::vector<double> delay_ms;         ///< By listener: their time constant, above 0.
  std::vector<float> influenceability;  ///< By listener: in [0, 1]; 0 for who did not act.
  double global_probability = 0.0;      ///< The likeliest if it were the same for all edges.
  double global_delay_ms = 0.0;
  std::size_t contents = 0;         ///< That anyone acted on.
  std::size_t actions = 0;          ///< First ones of a person on a content.
  std::size_t actions_exposed = 0;  ///< That came after one of someone they listen to.
  std::uint64_t trials = 0;         ///< Pairs of edge and content; see below.
  std::size_t edges_tried = 0;      ///< With at least one trial.
  std::size_t edges_succeeded = 0;  ///< With at least one trial that was followed.
};

/// Learns how likely word passes each edge from who acted on the same content after whom.
///
/// Trial    Of edge v -> u: a content on which v acted, and u not before v nor at the same time.
///          It was followed if u acted later. Who acts first has no cause.
/// Model    v's word succeeds with p(v,u), after a delay drawn from the exponential distribution
///          with mean tau(u); u acts at the first success [3].
/// Credit   An action of u gives it to u's influencers who acted before; v had acted d earlier:
///            share(v) = h(v) / sum of h,  h(v) = p e / (1 - p (1 - e)),  e = exp(-d / tau(u)),
///          which is the exponential decay of [2], shared out as in [1] (where p is small, h is
///          p e). Word of v that was not the cause would have succeeded later with chance h(v):
///            credit(v) = share(v) + (1 - share(v)) h(v).
/// Learned  p(v,u) = (credits + k g) / (trials + k) with k = `prior_trials` and the global
///          probability g, which edges that were never tried get; tau(u) = (sum of credited delays
///          + l T) / (credits + l) with l = `prior_delays` and the global delay T. The delay of a
///          success still to come is d + tau(u). Credits begin with p = g, and both are repeated
///          `rounds` times. g is the likeliest probability if all edges had the same, whatever the
///          delays are; T the mean time since the latest influencer's action.
///          influenceability(u): of u's actions, those with an influencer's at most tau(u) before
///          [2].
/// Meaning  All that is seen is who acts after whom. Influence cannot be told from likeness (people
///          tie themselves to those who would act alike anyway), nor from what reaches both from
///          outside (an advertisement, the news). Such p predict who acts next; they do not promise
///          that telling someone has that effect. That takes an experiment, such as a holdout.
/// Errors   InvalidArgument: an option is outside its range, a person is not in the graph.
///          FailedPrecondition: nobody acted after anyone they listen to. Cancelled.
/// Cost     For each edge the shorter of both ends' actions, looked up in the longer (merged where
///          they are alike), twice; then O(pairs found) a round. Parallel over listeners, each with
///          their own sums: the same bits for any number of threads.
/// Source   [1] Goyal, Bonchi & Lakshmanan, WSDM 2010, 241-250 (trials, partial credits).
///          [2] Goyal, Bonchi & Lakshmanan, PVLDB 5 (2011) 73-84 (decay, influenceability).
///          [3] Saito, Kimura, Ohara & Motoda, ACML 2009, LNAI 5828, 322-337 (the likeliest ones).
absl::StatusOr<LearnedProbabilities> learn_probabilities(const ListenGraph& graph,
                                                         std::span<const Action> actions,
                                                         const LearnOptions& options,
                                                         const Stop& stop);

/// The same from the contents below `content_end` of a log of the graph's people.
absl::StatusOr<LearnedProbabilities> learn_probabilities(const ListenGraph& graph,
                                                         const ActionLog& log,
                                                         std::uint32_t content_end,
                                                         const LearnOptions& options,
                                                         const Stop& stop);

}  // namespace grapevine

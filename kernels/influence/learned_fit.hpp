#pragma once

#include <cstddef>
#include <span>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/action_log.hpp"
#include "kernels/influence/learned_probabilities.hpp"
#include "kernels/influence/prediction_fit.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"

namespace grapevine {

struct FitOptions {
  LearnOptions learn;
  double held_out_share = 0.1;  ///< In (0, 1). Of the contents: the last ones by first action.
  /// More predictions than these are an error; each takes 12 bytes, and 8 while it is judged.
  std::size_t predictions_max = 100'000'000;
};

/// How well each rule foresees who acts on contents that it has not seen.
struct LearnedFit {
  std::size_t contents_trained = 0;
  std::size_t contents_held_out = 0;  ///< ceil(share x contents), but one is always left.
  TimeMs held_out_from = 0;           ///< The first action on a content that was held out.
  std::size_t predictions = 0;        ///< Pairs of a content held out and a person exposed to it.
  std::size_t acted = 0;              ///< Of these.
  double constant_p = 0.0;            ///< The likeliest constant on the contents trained on.
  PredictionFit learned;
  PredictionFit weighted_cascade;
  PredictionFit constant;
};

/// Learns from the first contents in time and predicts the last.
///
/// Prediction  Of each person and content held out on which someone they listen to acted, and they
///             not before nor at the same time: 1 - product of (1 - p) over those of their
///             influencers who acted, before them if they did.
/// Leaks       Ties that were made by events of the contents held out tell of these. For an honest
///             fit, build the graph from events before the moment that `held_out_from` tells.
/// Errors      As learn_probabilities; InvalidArgument: a share outside (0, 1).
///             FailedPrecondition: fewer than 2 contents, nothing to learn from, nobody exposed.
///             ResourceExhausted: more than `predictions_max`.
/// Cost        As learning; then the listeners of everyone who acts on a content held out. 32 n
///             bytes a thread. The same bits for any number of threads.
absl::StatusOr<LearnedFit> fit_learned(const ListenGraph& graph, std::span<const Action> actions,
                                       const FitOptions& options, const Stop& stop);

/// When the contents that would be held out begin; nothing is learned. Persons do not matter.
/// Errors  InvalidArgument: a share outside (0, 1). FailedPrecondition: fewer than 2 contents.
absl::StatusOr<TimeMs> held_out_from(std::span<const Action> actions, double held_out_share);

}  // namespace grapevine

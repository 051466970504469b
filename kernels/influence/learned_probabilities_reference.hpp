#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "kernels/influence/learned_probabilities.hpp"
#include "kernels/influence/prediction_fit.hpp"

namespace grapevine {

/// When each person first acted on each content.
using FirstActions = std::map<std::pair<std::uint32_t, Vertex>, TimeMs>;
FirstActions first_actions_reference(std::span<const Action> actions);

/// What `learn_probabilities` must answer: the formulas to the letter, all edges and contents tried
/// one by one, always `rounds` rounds. `to_listeners` is left empty. The global probability is
/// found by trying ever finer ones.
LearnedProbabilities learn_probabilities_reference(const ListenGraph& graph,
                                                   const FirstActions& actions,
                                                   const LearnOptions& options);

/// The predictions by probabilities parallel to graph.influencers.neighbors, each person and
/// content tried.
std::vector<Prediction> predictions_reference(const ListenGraph& graph, const FirstActions& actions,
                                              std::span<const float> from_influencers);

}  // namespace grapevine

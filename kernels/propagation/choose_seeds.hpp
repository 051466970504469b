#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

struct ChooseSeedsOptions {
  std::size_t k = 1;     ///< Seeds wanted, at least 1. Not looked at where there are costs.
  double epsilon = 0.1;  ///< In (0, guarantee): what the answer may lack of the guaranteed share.
  double delta = 0.0;    ///< In (0, 1): the chance that a bound does not hold; 0: one in n.
  VertexMask candidates = {};  ///< Who may be a seed; empty: everyone.
  VertexMask audience = {};    ///< Who is to be reached, and is counted; empty: everyone.
  std::uint64_t random_seed = 1;
  std::size_t bytes_max = std::size_t{1} << 30;  ///< Of the samples.
  CascadeModel model = CascadeModel::IndependentCascade;
  /// What it is worth to reach each person: finite, at least 0. Empty: 1 each, and a spread is a
  /// number of people. Else spreads are in units of value.
  std::span<const double> values = {};
  /// What it costs to tell each person: finite, above 0. Empty: k seeds at no cost.
  std::span<const double> costs = {};
  double budget = 0.0;  ///< With costs: what all seeds may cost together; finite, above 0.
};

struct ChosenSeed {
  Vertex person = 0;
  double marginal_spread = 0.0;  ///< Reached of the audience beyond those of the seeds before.
  double cost = 0.0;             ///< 0 without costs.
};

/// Whom to tell first, and how good that is.
struct SeedChoice {
  std::vector<ChosenSeed> seeds;     ///< In the order of choice; the marginals sum to `spread`.
  double spread = 0.0;               ///< Estimated by samples that had no part in the choice.
  double lower_bound = 0.0;          ///< Of the true spread of these seeds.
  double optimum_upper_bound = 0.0;  ///< Of the spread of the best seeds of that number or cost.
  double approximation_ratio = 0.0;  ///< lower_bound / optimum_upper_bound.
  double guarantee = 0.0;            ///< The ratio is at least this less epsilon.
  std::size_t samples = 0;           ///< Reverse-reachable sets drawn.
  double cost = 0.0;                 ///< Of all seeds; 0 without costs.
  double epsilon = 0.0;
  double delta = 0.0;
};

/// Chooses k people, or people within a budget, such that word from them reaches as much as
/// possible, with a certificate: with probability at least 1 - delta both bounds hold, and then the
/// ratio is at least `guarantee` - epsilon. The guarantee is 1 - 1/e with k, and 1 - 1/sqrt(e) =
/// 0.393 with a budget.
///
/// Two collections of reverse-reachable sets are doubled until the ratio suffices. Seeds come from
/// the first by greedy cover, with the upper bound of what anyone could cover; the lower bound
/// comes from the second, which the choice has not seen. Round i may fail with delta / (i (i + 1)):
/// the sum over all rounds is delta, however many there are. A person is drawn as the root of a set
/// in proportion to their value, so that the share of sets covered is a share of the value of all.
///
/// With a budget the cover is the better of two: whoever gains most for their cost, one after
/// another as long as they can be paid; and the same after the one person who gains most. Its
/// guarantee is that of [3] (whose factor is 0.405); the upper bound is the best fractional use of
/// the budget after any prefix.
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.influencers.neighbors; under linear threshold those into one listener sum to at
///         most 1. Result: min(k, candidates) seeds; with a budget as many as gain something, none
///         if nobody can be paid. Where no candidate can reach anyone of value in the audience: any
///         k of them (with a budget nobody), with a spread of 0 and a ratio of 1.
/// Errors  InvalidArgument: an option is outside its range; nobody in the graph, the candidates or
///         the audience; an array or mask of another size; weights into a listener above 1 under
///         linear threshold. ResourceExhausted: the certificate needs more samples than `bytes_max`
///         holds. Cancelled: `stop` was requested.
/// Cost    O((k + ln(1/delta)) (n + m) ln n / epsilon^2) expected in the worst case; in practice
///         far less, because the bounds are those of this graph. The same bits for any number of
///         threads.
/// Source  [1] Tang, Tang, Xiao & Yuan (OPIM-C), SIGMOD 2018, 991-1005. [2] Guo, Wang, Wei & Chen
///         (SUBSIM), SIGMOD 2020, 2167-2181. [3] Tang, Tang, Lim, Han, Li & Yuan, "Revisiting
///         Modified Greedy Algorithm for Monotone Submodular Maximization with a Knapsack
///         Constraint", Proceedings of the ACM on Measurement and Analysis of Computing Systems 5
///         (2021); Khuller, Moss & Naor, Information Processing Letters 70 (1999) 39-45; Leskovec
///         et al., KDD 2007, 420-429.
absl::StatusOr<SeedChoice> choose_seeds(const ListenGraph& graph,
                                        std::span<const float> probabilities,
                                        const ChooseSeedsOptions& options, const Stop& stop);

}  // namespace grapevine

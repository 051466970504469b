#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

struct ChooseSeedsOptions {
  std::size_t k = 1;     ///< Seeds wanted, at least 1.
  double epsilon = 0.1;  ///< In (0, 1 - 1/e): what the answer may lack of 1 - 1/e of the best.
  double delta = 0.0;    ///< In (0, 1): the chance that a bound does not hold; 0: one in n.
  VertexMask candidates = {};  ///< Who may be a seed; empty: everyone.
  VertexMask audience = {};    ///< Who is to be reached, and is counted; empty: everyone.
  std::uint64_t random_seed = 1;
  std::size_t bytes_max = std::size_t{1} << 30;  ///< Of the samples.
};

struct ChosenSeed {
  Vertex person = 0;
  double marginal_spread =
      0.0;  ///< People of the audience reached beyond those of the seeds before.
};

/// Whom to tell first, and how good that is.
struct SeedChoice {
  std::vector<ChosenSeed> seeds;     ///< In the order of choice; the marginals sum to `spread`.
  double spread = 0.0;               ///< Estimated by samples that had no part in the choice.
  double lower_bound = 0.0;          ///< Of the true spread of these seeds.
  double optimum_upper_bound = 0.0;  ///< Of the spread of the best k seeds there are.
  double approximation_ratio = 0.0;  ///< lower_bound / optimum_upper_bound.
  std::size_t samples = 0;           ///< Reverse-reachable sets drawn.
  double epsilon = 0.0;
  double delta = 0.0;
};

/// Chooses k people such that word from them reaches as many as possible (independent cascade),
/// with a certificate: with probability at least 1 - delta both bounds hold, and then the ratio is
/// at least 1 - 1/e - epsilon.
///
/// Two collections of reverse-reachable sets are doubled until the ratio suffices. Seeds come from
/// the first by greedy cover, with the upper bound of what anyone could cover; the lower bound
/// comes from the second, which the choice has not seen. Round i may fail with delta / (i (i + 1)):
/// the sum over all rounds is delta, however many there are.
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.influencers.neighbors. Result: min(k, candidates) seeds. Where no candidate can
///         reach the audience at all, any k of them, with a spread of 0 and a ratio of 1.
/// Errors  InvalidArgument: an option is outside its range; nobody in the graph, the candidates or
///         the audience; an array or mask of another size. ResourceExhausted: the certificate needs
///         more samples than `bytes_max` holds. Cancelled: `stop` was requested.
/// Cost    O((k + ln(1/delta)) (n + m) ln n / epsilon^2) expected in the worst case; in practice
///         far less, because the bounds are those of this graph. The same bits for any number of
///         threads.
/// Source  [1] Tang, Tang, Xiao & Yuan (OPIM-C), SIGMOD 2018, 991-1005. [2] Guo, Wang, Wei & Chen
///         (SUBSIM), SIGMOD 2020, 2167-2181.
absl::StatusOr<SeedChoice> choose_seeds(const ListenGraph& graph,
                                        std::span<const float> probabilities,
                                        const ChooseSeedsOptions& options, const Stop& stop);

}  // namespace grapevine

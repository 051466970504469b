#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

struct SpreadOfAllOptions {
  CascadeModel model = CascadeModel::IndependentCascade;
  /// By vertex: what it is worth to reach someone, finite and at least 0; empty: 1 each.
  std::span<const double> values = {};
  /// Above 0: of the estimates, root mean square over those with listeners. See `relative_error`.
  double relative_error = 0.05;
  std::size_t samples_max = std::size_t{1} << 28;  ///< At least 1: what ends a hopeless search.
  std::uint64_t random_seed = 1;
};

/// How far word from each single person goes.
struct SpreadOfAll {
  /// By vertex: the expected value of those reached, the person's own included. Without values the
  /// expected number of people. Exact where nobody listens: 1, or their own value.
  std::vector<double> spread;
  /// By vertex: of `spread`, from eight groups of samples (t with 7 degrees of freedom); 0 where
  /// it is exact, and where only a rarer word than was sampled makes a difference.
  std::vector<double> standard_error;
  /// Root mean square of standard_error / spread over those with listeners and a spread above 0: at
  /// most what was asked for, unless `samples_max` came first.
  double relative_error = 0.0;
  std::size_t samples = 0;  ///< Reverse-reachable sets drawn.
};

/// The expected spread of word that starts from one person alone, for every person at once.
///
/// A reverse-reachable set of a root (those from whom word would have come to it in one outcome) is
/// one sample for everyone: the value of the roots whose sets hold a person estimates their spread.
/// For most people, who reach few, or many with a small chance, that is a bad estimate. But
///
///     spread(v) = value(v) + sum over listeners u of p(v, u) spread(u) - overlap(v),
///
/// whatever the cycles, where overlap(v) is the expected value of the roots that v reaches once
/// more by a live edge to a member of their sets who was found later than v; the same sets estimate it.
/// The right side of it, applied to the sets' estimates, is unbiased and takes the first step of
/// word in expectation instead of by coins: on the Higgs graph that makes the error 3.5 times
/// smaller. Applying it again helps less, since errors of overlaps go round in cycles.
///
/// The error is that between eight groups of samples. They have roots in common at even distances,
/// which makes it rather too large, but what no sample has seen is not in it.
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.listeners.neighbors; under linear threshold the sum into a listener is at most 1
///         (the caller divides). Result: n numbers each.
/// Errors  InvalidArgument: an option is outside its range; an array of another size; a probability
///         outside [0, 1], or a sum above 1 under linear threshold. Cancelled: `stop` was
///         requested.
/// Cost    Expected O(n + m) and O(value of all / spread / relative_error^2) edges looked at; at
///         most 8 threads draw. 16 bytes a person with listeners and group, 12 bytes an edge. The
///         same bits for any number of threads.
/// Source  Borgs, Brautbar, Chayes & Lucier, SODA 2014, 946-957 (the sets). The identity is a first
///         step of word taken in expectation: conditional Monte Carlo (Asmussen & Glynn, Stochastic
///         Simulation, 2007, section V.4).
absl::StatusOr<SpreadOfAll> spread_of_all(const ListenGraph& graph,
                                          std::span<const float> probabilities,
                                          const SpreadOfAllOptions& options, const Stop& stop);

}  // namespace grapevine

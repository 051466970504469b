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

struct ContainOptions {
  std::size_t k = 1;  ///< People to tell the company's side, at least 1.
  CascadeModel model = CascadeModel::IndependentCascade;
  VertexMask candidates = {};  ///< Who may be told; empty: everyone who does not spread it yet.
  std::span<const double> values =
      {};                          ///< What it costs when each is reached: finite, >= 0; empty: 1.
  std::size_t samples = 1000;      ///< Runs that choose, at least 1. The caller limits them.
  std::size_t evaluations = 4000;  ///< Other runs that judge the choice, at least 1.
  std::uint64_t random_seed = 1;
};

/// A mean over runs. The error is of the mean; 0 for one run.
struct MeanOverRuns {
  double mean = 0.0;
  double standard_error = 0.0;
};

struct ContainingPerson {
  Vertex person = 0;
  MeanOverRuns prevented;  ///< By this person, after those before: spread that does not happen.
};

struct Containment {
  std::vector<ContainingPerson> people;  ///< In the order of choice.
  MeanOverRuns spread_without;           ///< Value of those reached, the spreading ones included.
  MeanOverRuns spread_with;              ///< The same once the chosen do not pass it on.
  MeanOverRuns prevented;  ///< The difference, in the same runs: the people's means sum to its.
  std::size_t samples = 0;
  std::size_t evaluations = 0;
};

/// Chooses up to k people who, once told the company's side, do not pass a complaint on, so that it
/// reaches as little as possible (influence blocking by vertices). They do not count as reached
/// either.
///
/// In a live-edge sample a person at risk is saved by exactly those who are on every path to them
/// from the spreading people: their dominators. One dominator tree a sample therefore says, for
/// everyone at once, how many they would save (the size of their subtree). Each round chooses
/// whoever saves most over all samples, then builds the trees anew without the chosen, in the same
/// samples. That is what reverse sampling from people at risk finds one person at a time, but no
/// sample is wasted on people whom the complaint would not have reached, which are nearly all where
/// it is small.
///
/// What is guaranteed: a choice maximises its round's prevented spread over the samples exactly.
/// Under linear threshold a sample is a forest, prevented spread is a coverage function, and the k
/// choices prevent at least 1 - 1/e of the best for these samples. Under independent cascade it is
/// not submodular (two people may be worth much together and nothing alone): there the greedy
/// choice has no guarantee, only the errors of its evaluation, which uses runs that had no part in
/// the choice.
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.listeners.neighbors; under linear threshold those into one listener sum to at most
///         1. spreading: vertices of the graph, doubles count once; they cannot be chosen. Result:
///         fewer than k people if more would prevent nothing.
/// Errors  InvalidArgument: an option is outside its range; a vertex that is not in the graph; an
///         array or mask of another size; weights into a listener above 1 under linear threshold.
///         Cancelled: `stop` was requested.
/// Cost    O(k s log s) a sample of s live edges, and a coin an edge for 64 runs; 100 n bytes a thread.
///         The same bits for any number of threads.
/// Source  Xie, Zhang, Wang, Lin & Zhang, "Minimizing the Influence of Misinformation via Vertex
///         Blocking", ICDE 2023, 789-801; Lengauer & Tarjan, ACM TOPLAS 1 (1979) 121-141.
absl::StatusOr<Containment> contain(const ListenGraph& graph, std::span<const float> probabilities,
                                    std::span<const Vertex> spreading,
                                    const ContainOptions& options, const Stop& stop);

}  // namespace grapevine

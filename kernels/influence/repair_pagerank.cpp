#include "kernels/influence/repair_pagerank.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/influence/solve_pagerank.hpp"

namespace grapevine {
namespace {

absl::Status check(const EarlierScores& earlier) {
  if (earlier.people.size() != earlier.scores.size()) {
    return absl::InvalidArgumentError("earlier scores are not one a person");
  }
  if (!std::ranges::is_sorted(earlier.people, std::ranges::less_equal())) {
    return absl::InvalidArgumentError("people of earlier scores are not in increasing order");
  }
  const auto valid = [](double score) { return std::isfinite(score) && score >= 0.0; };
  if (!std::ranges::all_of(earlier.scores, valid)) {
    return absl::InvalidArgumentError("an earlier score is negative or not finite");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PagerankResult> repair_pagerank(const ListenGraph& graph,
                                               const EarlierScores& earlier,
                                               const PagerankOptions& options, const Stop& stop) {
  if (absl::Status status = check(earlier); !status.ok()) return status;
  // Both lists are in the order of customers.
  std::vector<double> start(graph.vertices());
  double sum = 0.0;
  std::size_t next = 0;
  for (std::size_t v = 0; v != start.size(); ++v) {
    while (next != earlier.people.size() && earlier.people[next] < graph.people[v]) ++next;
    if (next != earlier.people.size() && earlier.people[next] == graph.people[v]) {
      start[v] = earlier.scores[next++];
      sum += start[v];
    }
  }
  if (!(sum > 0.0 && std::isfinite(sum))) return solve_pagerank(graph, {}, options, stop);
  for (double& score : start) score /= sum;
  absl::StatusOr<PagerankResult> result = solve_pagerank(graph, start, options, stop);
  if (result.ok()) result->repaired = true;
  return result;
}

}  // namespace grapevine

#include "kernels/influence/pagerank.hpp"

#include "kernels/influence/solve_pagerank.hpp"

namespace grapevine {

absl::StatusOr<PagerankResult> pagerank(const ListenGraph& graph, const PagerankOptions& options,
                                        const Stop& stop) {
  return solve_pagerank(graph, {}, options, stop);
}

}  // namespace grapevine

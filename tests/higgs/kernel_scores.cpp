// Prints scores of a graph that is given as lines "influencer listener", so that scripts can hold the
// kernels against other libraries: "id score" a line.
//
// kernel_scores pagerank N | betweenness ERROR < EDGES
// N: restarts go to ids that N divides; 0: to everyone. ERROR: 0 is exact.

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "kernels/influence/betweenness.hpp"
#include "kernels/influence/pagerank.hpp"

namespace grapevine {
namespace {

ListenGraph read_graph() {
  std::vector<SocialTie> ties;
  unsigned influencer = 0;
  unsigned listener = 0;
  while (std::scanf("%u %u", &influencer, &listener) == 2) {
    ties.push_back({CustomerId(influencer), CustomerId(listener)});
  }
  const std::span<const SocialTie> all(ties);
  return build_listen_graph(std::span(&all, 1), {}, Stop()).value();
}

std::vector<double> rank(const ListenGraph& graph, unsigned divisor) {
  std::vector<std::uint64_t> restart;
  if (divisor != 0) restart.resize(mask_words(graph.vertices()));
  for (Vertex v = 0; divisor != 0 && v != graph.vertices(); ++v) {
    if (index(graph.people[v]) % divisor == 0) restart[v / 64] |= std::uint64_t{1} << (v % 64);
  }
  return pagerank(graph, {.tolerance = 1e-12, .restart = restart}, Stop()).value().scores;
}

int print_scores(std::string_view score, const char* argument) {
  const ListenGraph graph = read_graph();
  std::vector<double> scores;
  if (score == "pagerank") {
    scores = rank(graph, static_cast<unsigned>(std::atoi(argument)));
  } else {
    const BetweennessOptions options{.error = std::atof(argument), .exact_edges_max = 0};
    const auto found = betweenness(graph, options, Stop()).value();
    std::printf("error_bound %.17g\n", found.error_bound);
    scores = found.scores;
  }
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    std::printf("%u %.17g\n", index(graph.people[v]), scores[v]);
  }
  return 0;
}

}  // namespace
}  // namespace grapevine

int main(int argc, char** argv) {
  return argc == 3 ? grapevine::print_scores(argv[1], argv[2]) : 2;
}

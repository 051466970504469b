// The communities of any graph, to be judged by other programs.
//
// Reads ties from standard input: "influencer listener weight" a line, whole numbers for people.
// Writes "id community" a line, and to standard error how long it took and what we think of them.
//
// find_communities [RANDOM_SEED]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "kernels/influence/communities.hpp"

int main(int argc, char** argv) {
  using namespace grapevine;
  std::vector<SocialTie> ties;
  unsigned influencer = 0;
  unsigned listener = 0;
  float weight = 0.0F;
  while (std::scanf("%u %u %f", &influencer, &listener, &weight) == 3) {
    ties.push_back({CustomerId(influencer), CustomerId(listener), 0, weight});
  }
  const std::vector<std::span<const SocialTie>> chunks{ties};
  const auto graph = build_listen_graph(chunks, {}, Stop());
  if (!graph.ok()) return EXIT_FAILURE;
  CommunitiesOptions options;
  if (argc > 1) options.random_seed = std::strtoull(argv[1], nullptr, 10);
  const auto began = std::chrono::steady_clock::now();
  const auto found = find_communities(*graph, options, Stop());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (!found.ok()) return EXIT_FAILURE;
  std::fprintf(stderr, "modularity %.9f, %zu communities, %zu iterations in %.3f s\n",
               found->modularity, found->count(), found->iterations, took.count());
  for (Vertex v = 0; v != graph->vertices(); ++v) {
    std::printf("%u %u\n", index(graph->people[v]), found->of[v]);
  }
}

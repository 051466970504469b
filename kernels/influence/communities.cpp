#include "kernels/influence/communities.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/influence/leiden_phases.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

// An iteration that raises modularity by less has improved nothing.
constexpr double kLeastImprovement = 1e-9;

absl::Status check(const CommunitiesOptions& options) {
  if (!(options.resolution > 0.0 && std::isfinite(options.resolution))) {
    return absl::InvalidArgumentError("the resolution is not above 0");
  }
  if (!(options.randomness >= 0.0 && std::isfinite(options.randomness))) {
    return absl::InvalidArgumentError("the randomness is not at least 0");
  }
  return absl::OkStatus();
}

// One iteration of Leiden: the people move, groups are refined, the parts become nodes which move in
// turn, until every group is one node.
absl::Status iterate(const TieGraph& people, const LeidenScale& scale, std::uint64_t stream,
                     std::vector<std::uint32_t>& of, const Stop& stop) {
  std::vector<std::uint32_t> node_of(of.size());  // By person: their node on this level.
  std::iota(node_of.begin(), node_of.end(), std::uint32_t{0});
  std::vector<std::uint32_t> group_of = of;  // By node.
  std::vector<std::uint32_t> parts;
  TieGraph merged;
  for (const TieGraph* graph = &people;; graph = &merged) {
    stream = scramble(stream + 1);
    if (absl::Status status = move_nodes(*graph, scale, stream, group_of, stop); !status.ok()) {
      return status;
    }
    if (renumber(group_of) == graph->nodes()) break;
    parts.resize(graph->nodes());
    if (absl::Status status =
            refine_groups(*graph, scale, scramble(stream + 2), group_of, parts, stop);
        !status.ok()) {
      return status;
    }
    std::size_t count = renumber(parts);
    if (count == graph->nodes()) {  // Nothing joined: then what is tied together stays so.
      connected_parts(*graph, group_of, parts);
      count = renumber(parts);
    }
    if (count == graph->nodes()) {
      group_of = parts;
      break;
    }
    std::vector<std::uint32_t> group_of_part(count);
    for (std::size_t node = 0; node != parts.size(); ++node) {
      group_of_part[parts[node]] = group_of[node];
    }
    for (std::uint32_t& node : node_of) node = parts[node];
    group_of = std::move(group_of_part);
    merged = aggregate(*graph, parts, count);
  }
  for (std::size_t v = 0; v != of.size(); ++v) of[v] = group_of[node_of[v]];
  return absl::OkStatus();
}

// The largest first; of equal ones that with the smallest vertex, by whose rise `of` is numbered.
std::vector<std::uint32_t> number_by_size(std::span<std::uint32_t> of) {
  std::vector<std::uint32_t> sizes(renumber(of));
  for (const std::uint32_t group : of) ++sizes[group];
  std::vector<std::uint32_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::ranges::stable_sort(order, [&](auto a, auto b) { return sizes[a] > sizes[b]; });
  std::vector<std::uint32_t> number(sizes.size());
  for (std::uint32_t i = 0; i != order.size(); ++i) number[order[i]] = i;
  for (std::uint32_t& group : of) group = number[group];
  std::ranges::sort(sizes, std::greater());
  return sizes;
}

}  // namespace

absl::StatusOr<Communities> find_communities(const ListenGraph& graph,
                                             const CommunitiesOptions& options, const Stop& stop) {
  if (absl::Status status = check(options); !status.ok()) return status;
  if (stop.requested()) return absl::CancelledError();
  const TieGraph people = tie_graph(graph);
  const double twice_weight =
      std::accumulate(people.strengths.begin(), people.strengths.end(), 0.0);
  Communities found;
  found.of.resize(graph.vertices());
  std::iota(found.of.begin(), found.of.end(), std::uint32_t{0});
  if (twice_weight > 0.0) {
    const auto ends = static_cast<double>(people.neighbors.size());
    const LeidenScale scale{options.resolution / twice_weight,
                            options.randomness * twice_weight / ends};
    found.modularity = modularity(graph, found.of, options.resolution);
    std::vector<std::uint32_t> of = found.of;
    while (options.iterations == 0 || found.iterations != options.iterations) {
      ++found.iterations;
      const std::uint64_t stream = scramble(scramble(options.random_seed) + found.iterations);
      if (absl::Status status = iterate(people, scale, stream, of, stop); !status.ok()) {
        return status;
      }
      const double now = modularity(graph, of, options.resolution);
      const double gained = now - found.modularity;
      if (gained > 0.0) {
        found.of = of;
        found.modularity = now;
      }
      if (gained < kLeastImprovement) break;
    }
  }
  found.sizes = number_by_size(found.of);
  found.modularity = modularity(graph, found.of, options.resolution);
  return found;
}

double modularity(const ListenGraph& graph, std::span<const std::uint32_t> of, double resolution) {
  std::vector<double> inside(of.size());
  std::vector<double> strengths(of.size());
  double all = 0.0;
  for (Vertex v = 0; v != of.size(); ++v) {
    const auto listeners = graph.listeners.of(v);
    const auto weights = graph.listeners.weights_of(v);
    for (std::size_t i = 0; i != listeners.size(); ++i) {
      const auto weight = static_cast<double>(weights[i]);
      all += weight;
      strengths[of[v]] += weight;
      strengths[of[listeners[i]]] += weight;
      if (of[listeners[i]] == of[v]) inside[of[v]] += weight;
    }
  }
  if (all == 0.0) return 0.0;
  double sum = 0.0;
  for (std::size_t group = 0; group != inside.size(); ++group) {
    const double share = strengths[group] / (2.0 * all);
    sum += inside[group] / all - resolution * share * share;
  }
  return sum;
}

}  // namespace grapevine

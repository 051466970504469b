#include "kernels/influence/communities.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "kernels/influence/leiden_phases.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

// Small graphs take little time, and chance matters most there.
constexpr std::size_t kFewTies = 1 << 18;  // Both ends counted.
constexpr std::size_t kAttemptsAtFewTies = 8;

absl::Status check(const CommunitiesOptions& options) {
  if (!(options.resolution > 0.0 && std::isfinite(options.resolution))) {
    return absl::InvalidArgumentError("the resolution is not above 0");
  }
  if (!(options.randomness >= 0.0 && std::isfinite(options.randomness))) {
    return absl::InvalidArgumentError("the randomness is not at least 0");
  }
  if (!(options.improvement_min >= 0.0)) {
    return absl::InvalidArgumentError("the least improvement is not at least 0");
  }
  return absl::OkStatus();
}

// One iteration of Leiden: the nodes move, groups are refined, the parts become nodes which move in
// turn, until every group is one node.
absl::Status iterate(const TieGraph& nodes, const LeidenScale& scale, std::uint64_t stream,
                     std::vector<std::uint32_t>& of, const Stop& stop) {
  std::vector<std::uint32_t> node_of(of.size());  // By node of the lowest level: that of this one.
  std::iota(node_of.begin(), node_of.end(), std::uint32_t{0});
  std::vector<std::uint32_t> group_of = of;  // By node of this level.
  std::vector<std::uint32_t> parts;
  TieGraph merged;
  for (const TieGraph* graph = &nodes;; graph = &merged) {
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

// Nobody with a single tie belongs elsewhere than with whom they are tied to, at a resolution of at
// most 1: there they gain w (1 - resolution S / 2M) >= 0, and nothing anywhere else. By person: the
// node that they are part of.
std::vector<std::uint32_t> fold_leaves(const TieGraph& people) {
  std::vector<std::uint32_t> parts(people.nodes());
  for (std::size_t v = 0; v != parts.size(); ++v) {
    parts[v] = static_cast<std::uint32_t>(v);
    if (people.offsets[v + 1] - people.offsets[v] != 1) continue;
    const Vertex only = people.neighbors[people.offsets[v]];
    const bool both = people.offsets[only + 1] - people.offsets[only] == 1;
    if (!both || only < v) parts[v] = only;
  }
  return parts;
}

// Gives the nodes of a group numbers side by side. Returns the new number of each.
std::vector<std::uint32_t> numbers_by_group(std::span<const std::uint32_t> of) {
  std::vector<std::uint32_t> order(of.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::ranges::stable_sort(order, {}, [&](std::uint32_t node) { return of[node]; });
  std::vector<std::uint32_t> number(of.size());
  for (std::uint32_t i = 0; i != order.size(); ++i) number[order[i]] = i;
  return number;
}

// Modularity: the share of the ties' ends that stay within groups, less what chance would have.
double quality(const TieGraph& graph, std::span<const std::uint32_t> of, double resolution,
               double twice_weight) {
  std::vector<double> strengths(graph.nodes());
  double leaving = 0.0;
  for (std::size_t v = 0; v != of.size(); ++v) {
    strengths[of[v]] += graph.strengths[v];
    for (std::size_t tie = graph.offsets[v]; tie != graph.offsets[v + 1]; ++tie) {
      if (of[graph.neighbors[tie]] != of[v]) leaving += graph.weights[tie];
    }
  }
  double by_chance = 0.0;
  for (const double strength : strengths) {
    by_chance += strength / twice_weight * (strength / twice_weight);
  }
  return 1.0 - leaving / twice_weight - resolution * by_chance;
}

struct Attempt {
  absl::Status status;
  std::vector<std::uint32_t> of;  // By node.
  double quality = -std::numeric_limits<double>::infinity();
  std::size_t iterations = 0;
};

// Begins with everyone alone and iterates until that improves little.
Attempt attempt(const TieGraph& nodes, double twice_weight, const CommunitiesOptions& options,
                std::uint64_t seed, const Stop& stop) {
  const auto ends = static_cast<double>(nodes.neighbors.size());
  const LeidenScale scale{options.resolution / twice_weight,
                          options.randomness * twice_weight / std::max(ends, 1.0)};
  Attempt made;
  std::vector<std::uint32_t> of(nodes.nodes());
  std::iota(of.begin(), of.end(), std::uint32_t{0});
  std::vector<std::uint32_t> number;
  TieGraph
      near;  // The same, with those of a group side by side, as they stand after one iteration.
  while (options.iterations == 0 || made.iterations != options.iterations) {
    const TieGraph& graph = made.iterations == 0 ? nodes : near;
    ++made.iterations;
    made.status = iterate(graph, scale, scramble(seed + made.iterations), of, stop);
    if (!made.status.ok()) return made;
    const double now = quality(graph, of, options.resolution, twice_weight);
    if (now - std::exchange(made.quality, now) < options.improvement_min) break;
    if (made.iterations == 1) {
      number = numbers_by_group(of);
      near = aggregate(nodes, number, number.size());
      std::ranges::sort(of);
    }
  }
  made.of.resize(of.size());
  for (std::size_t v = 0; v != of.size(); ++v) made.of[v] = of[number.empty() ? v : number[v]];
  return made;
}

std::size_t attempts_for(const TieGraph& nodes, const CommunitiesOptions& options) {
  if (options.attempts != 0) return options.attempts;
  return nodes.neighbors.size() <= kFewTies ? kAttemptsAtFewTies : 1;
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
  TieGraph nodes = tie_graph(graph);
  const double twice_weight = std::accumulate(nodes.strengths.begin(), nodes.strengths.end(), 0.0);
  Communities found;
  found.of.resize(graph.vertices());  // First the node that each person is part of.
  std::iota(found.of.begin(), found.of.end(), std::uint32_t{0});
  if (twice_weight > 0.0) {
    if (options.resolution <= 1.0) {
      found.of = fold_leaves(nodes);
      nodes = aggregate(nodes, found.of, renumber(found.of));
    }
    std::vector<Attempt> attempts(attempts_for(nodes, options));
    for_each(attempts.size(), [&](std::size_t i) {
      attempts[i] =
          attempt(nodes, twice_weight, options, scramble(scramble(options.random_seed) + i), stop);
    });
    for (const Attempt& made : attempts) {
      if (!made.status.ok()) return made.status;
      found.iterations += made.iterations;
    }
    const Attempt& best = *std::ranges::max_element(attempts, {}, &Attempt::quality);
    for (std::uint32_t& community : found.of) community = best.of[community];
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

#include "kernels/influence/leiden_phases.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "kernels/graph/undirected.hpp"
#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kNodesPerBlock = 2048;
// A gain of less, relative to the node's strength, may be rounding: such moves could go in circles.
constexpr double kLeastGain = 1e-12;

// The weight of one node's ties to each group.
class WeightsToGroups {
 public:
  explicit WeightsToGroups(std::size_t groups) : weights_(groups) {}

  void add(std::uint32_t group, double weight) {
    if (weights_[group] == 0.0) groups_.push_back(group);
    weights_[group] += weight;
  }
  [[nodiscard]] double to(std::uint32_t group) const { return weights_[group]; }
  [[nodiscard]] std::span<const std::uint32_t> groups() const { return groups_; }
  void clear() {
    for (const std::uint32_t group : groups_) weights_[group] = 0.0;
    groups_.clear();
  }

 private:
  std::vector<double> weights_;
  std::vector<std::uint32_t> groups_;  // Of weight above 0, in the order in which they came.
};

std::vector<Vertex> shuffled(std::size_t nodes, std::uint64_t stream) {
  __extension__ using Wide = unsigned __int128;
  std::vector<Vertex> order(nodes);
  std::iota(order.begin(), order.end(), Vertex{0});
  for (std::size_t left = nodes; left > 1; --left) {
    const Wide drawn = Wide{draw_bits(stream, left)} * left;
    std::swap(order[left - 1], order[static_cast<std::size_t>(drawn >> 64)]);
  }
  return order;
}

// All nodes in a random order, but those of a group one after the other: most of what one of them
// needs is in a near cache then.
std::vector<Vertex> shuffled_by_group(std::span<const std::uint32_t> of, std::uint64_t stream) {
  const std::size_t n = of.size();
  const std::vector<std::uint32_t> rank = shuffled(n, scramble(stream));
  std::vector<std::uint32_t> next(n + 1);  // By rank of the group.
  for (const std::uint32_t group : of) ++next[rank[group]];
  exclusive_scan(std::span(next));
  std::vector<Vertex> order(n);
  for (const Vertex v : shuffled(n, stream)) order[next[rank[of[v]]]++] = v;
  return order;
}

// Nodes that wait to be looked at, each at most once.
class Waiting {
 public:
  explicit Waiting(std::vector<Vertex> order)
      : ring_(std::move(order)), waits_(ring_.size(), 1), left_(ring_.size()) {}

  [[nodiscard]] bool empty() const { return left_ == 0; }
  Vertex take() {
    const Vertex v = ring_[head_];
    head_ = head_ + 1 == ring_.size() ? 0 : head_ + 1;
    --left_;
    waits_[v] = 0;
    return v;
  }
  void put(Vertex v) {
    if (waits_[v] != 0) return;
    waits_[v] = 1;
    const std::size_t at = head_ + left_++;
    ring_[at < ring_.size() ? at : at - ring_.size()] = v;
  }

 private:
  std::vector<Vertex> ring_;
  std::vector<std::uint8_t> waits_;
  std::size_t head_ = 0;
  std::size_t left_;
};

// The strength and number of nodes of each group.
struct Groups {
  Groups(const TieGraph& graph, std::span<const std::uint32_t> of)
      : strengths(graph.nodes()), nodes(graph.nodes()) {
    for (std::size_t v = 0; v != of.size(); ++v) add(of[v], graph.strengths[v]);
    for (std::size_t group = of.size(); group-- != 0;) {
      if (nodes[group] == 0) empty.push_back(static_cast<std::uint32_t>(group));
    }
  }
  void add(std::uint32_t group, double strength) {
    strengths[group] += strength;
    ++nodes[group];
  }
  void remove(std::uint32_t group, double strength) {
    --nodes[group];
    strengths[group] = nodes[group] == 0 ? 0.0 : strengths[group] - strength;
  }

  std::vector<double> strengths;
  std::vector<std::uint32_t> nodes;
  std::vector<std::uint32_t> empty;
};

// A part of a group that a node may join, and what joining gains.
struct Choice {
  std::uint32_t part;
  double gain;
};

// One of the choices, none of which loses; `drawn` is uniform in [0, 1).
std::uint32_t choose(std::span<Choice> choices, double temperature, double drawn) {
  const Choice* best = choices.data();
  for (const Choice& choice : choices) {
    if (choice.gain > best->gain) best = &choice;
  }
  if (temperature == 0.0 || choices.size() == 1) return best->part;
  const double gain_max = best->gain;
  double sum = 0.0;
  for (Choice& choice : choices) {
    choice.gain = std::exp((choice.gain - gain_max) / temperature);
    sum += choice.gain;
  }
  double rest = drawn * sum;
  for (const Choice& choice : choices) {
    rest -= choice.gain;
    if (rest < 0.0) return choice.part;
  }
  return best->part;  // Where rounding has left a rest.
}

}  // namespace

TieGraph tie_graph(const ListenGraph& graph) {
  const std::size_t n = graph.vertices();
  TieGraph ties{std::vector<std::size_t>(n + 1), {}, {}, std::vector<double>(n)};
  for_each_block(n, kNodesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      for_each_tie(graph, static_cast<Vertex>(v), [&](Vertex, double) { ++ties.offsets[v]; });
    }
  });
  const std::size_t ends = exclusive_scan(std::span(ties.offsets));
  ties.neighbors.resize(ends);
  ties.weights.resize(ends);
  for_each_block(n, kNodesPerBlock, [&](std::size_t begin, std::size_t end) {
    std::size_t next = ties.offsets[begin];
    for (std::size_t v = begin; v != end; ++v) {
      for_each_tie(graph, static_cast<Vertex>(v), [&](Vertex neighbor, double weight) {
        ties.neighbors[next] = neighbor;
        ties.weights[next++] = weight;
        ties.strengths[v] += weight;
      });
    }
  });
  return ties;
}

absl::Status move_nodes(const TieGraph& graph, const LeidenScale& scale, std::uint64_t stream,
                        std::span<std::uint32_t> of, const Stop& stop) {
  Groups groups(graph, of);
  WeightsToGroups ties(graph.nodes());
  Waiting waiting(shuffled_by_group(of, stream));
  for (std::size_t looked = 0; !waiting.empty(); ++looked) {
    if (looked % kNodesPerBlock == 0 && stop.requested()) return absl::CancelledError();
    const Vertex v = waiting.take();
    const std::size_t begin = graph.offsets[v];
    const std::size_t end = graph.offsets[v + 1];
    for (std::size_t tie = begin; tie != end; ++tie) {
      ties.add(of[graph.neighbors[tie]], graph.weights[tie]);
    }
    const std::uint32_t own = of[v];
    const double strength = graph.strengths[v];
    groups.remove(own, strength);
    const auto gain = [&](std::uint32_t group) {
      return ties.to(group) - strength * scale.per_strength * groups.strengths[group];
    };
    std::uint32_t best = own;
    double best_gain = gain(own) + kLeastGain * strength;
    for (const std::uint32_t group : ties.groups()) {
      if (const double gained = gain(group); gained > best_gain) {
        best = group;
        best_gain = gained;
      }
    }
    ties.clear();
    if (best_gain < 0.0 && groups.nodes[own] != 0) best = groups.empty.back();
    if (best != own) {
      if (groups.nodes[best] == 0) groups.empty.pop_back();
      if (groups.nodes[own] == 0) groups.empty.push_back(own);
      of[v] = best;
      for (std::size_t tie = begin; tie != end; ++tie) {
        if (of[graph.neighbors[tie]] != best) waiting.put(graph.neighbors[tie]);
      }
    }
    groups.add(best, strength);
  }
  return absl::OkStatus();
}

absl::Status refine_groups(const TieGraph& graph, const LeidenScale& scale, std::uint64_t stream,
                           std::span<const std::uint32_t> of, std::span<std::uint32_t> parts,
                           const Stop& stop) {
  const std::size_t n = graph.nodes();
  const Groups groups(graph, of);
  // Of each part, which has the number of its first node: its strength, how many nodes it has, and
  // the weight of its ties to the rest of its group.
  std::vector<double> strengths = graph.strengths;
  std::vector<std::uint32_t> sizes(n, 1);
  std::vector<double> outward(n);
  for (std::size_t v = 0; v != n; ++v) {
    parts[v] = static_cast<std::uint32_t>(v);
    for (std::size_t tie = graph.offsets[v]; tie != graph.offsets[v + 1]; ++tie) {
      if (of[graph.neighbors[tie]] == of[v]) outward[v] += graph.weights[tie];
    }
  }
  const auto well_connected = [&](std::uint32_t part, double of_group) {
    return outward[part] >= strengths[part] * (of_group - strengths[part]) * scale.per_strength;
  };

  WeightsToGroups ties(n);
  std::vector<Choice> choices;
  const std::vector<Vertex> order = shuffled_by_group(of, stream);
  for (std::size_t i = 0; i != n; ++i) {
    if (i % kNodesPerBlock == 0 && stop.requested()) return absl::CancelledError();
    const Vertex v = order[i];
    const double of_group = groups.strengths[of[v]];
    // Others may have joined v, or there is nobody to join.
    if (sizes[v] != 1 || outward[v] == 0.0 || !well_connected(v, of_group)) continue;
    for (std::size_t tie = graph.offsets[v]; tie != graph.offsets[v + 1]; ++tie) {
      const Vertex u = graph.neighbors[tie];
      if (of[u] == of[v]) ties.add(parts[u], graph.weights[tie]);
    }
    choices.assign(1, {v, 0.0});
    for (const std::uint32_t part : ties.groups()) {
      const double gain = ties.to(part) - strengths[v] * strengths[part] * scale.per_strength;
      if (gain >= 0.0 && well_connected(part, of_group)) choices.push_back({part, gain});
    }
    const double drawn = static_cast<double>(draw_bits(~stream, v) >> 11) * 0x1p-53;
    const std::uint32_t part = choose(choices, scale.temperature, drawn);
    if (part != v) {
      outward[part] += outward[v] - 2.0 * ties.to(part);
      strengths[part] += strengths[v];
      ++sizes[part];
      sizes[v] = 0;
      parts[v] = part;
    }
    ties.clear();
  }
  return absl::OkStatus();
}

void connected_parts(const TieGraph& graph, std::span<const std::uint32_t> of,
                     std::span<std::uint32_t> parts) {
  constexpr std::uint32_t kUnseen = std::numeric_limits<std::uint32_t>::max();
  std::ranges::fill(parts, kUnseen);
  std::vector<Vertex> stack;
  for (Vertex first = 0; first != graph.nodes(); ++first) {
    if (parts[first] != kUnseen) continue;
    parts[first] = first;
    stack.push_back(first);
    while (!stack.empty()) {
      const Vertex v = stack.back();
      stack.pop_back();
      for (std::size_t tie = graph.offsets[v]; tie != graph.offsets[v + 1]; ++tie) {
        const Vertex u = graph.neighbors[tie];
        if (of[u] != of[v] || parts[u] != kUnseen) continue;
        parts[u] = first;
        stack.push_back(u);
      }
    }
  }
}

std::size_t renumber(std::span<std::uint32_t> of) {
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> number(of.size(), kNone);
  std::uint32_t count = 0;
  for (std::uint32_t& group : of) {
    if (number[group] == kNone) number[group] = count++;
    group = number[group];
  }
  return count;
}

TieGraph aggregate(const TieGraph& graph, std::span<const std::uint32_t> parts, std::size_t count) {
  std::vector<std::size_t> begins(count + 1);
  for (const std::uint32_t part : parts) ++begins[part];
  exclusive_scan(std::span(begins));
  std::vector<Vertex> members(parts.size());
  std::vector<std::size_t> next(begins.begin(), begins.end() - 1);
  for (std::size_t v = 0; v != parts.size(); ++v) {
    members[next[parts[v]]++] = static_cast<Vertex>(v);
  }

  TieGraph merged{{0}, {}, {}, std::vector<double>(count)};
  merged.offsets.reserve(count + 1);
  WeightsToGroups ties(count);
  for (std::uint32_t part = 0; part != count; ++part) {
    for (std::size_t i = begins[part]; i != begins[part + 1]; ++i) {
      const Vertex v = members[i];
      merged.strengths[part] += graph.strengths[v];
      for (std::size_t tie = graph.offsets[v]; tie != graph.offsets[v + 1]; ++tie) {
        const std::uint32_t other = parts[graph.neighbors[tie]];
        if (other != part) ties.add(other, graph.weights[tie]);
      }
    }
    for (const std::uint32_t other : ties.groups()) {
      merged.neighbors.push_back(other);
      merged.weights.push_back(ties.to(other));
    }
    ties.clear();
    merged.offsets.push_back(merged.neighbors.size());
  }
  return merged;
}

}  // namespace grapevine

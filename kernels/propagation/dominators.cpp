#include "kernels/propagation/dominators.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace grapevine {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

}  // namespace

// Depth-first, so that `parent_` is a tree whose other edges lead to ancestors, descendants or to
// places before.
void DominatorTree::number_nodes(std::size_t nodes, std::span<const Edge> edges) {
  begin_.assign(nodes + 1, 0);
  for (const Edge edge : edges) ++begin_[edge.from];
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  to_.resize(edges.size());
  for (const Edge edge : edges) to_[--begin_[edge.from]] = edge.to;

  place_.assign(nodes, kNone);
  node_.assign(1, 0);
  parent_.assign(1, 0);
  place_[0] = 0;
  stack_.assign(1, 0);
  std::vector<std::uint32_t>& next = after_;  // Of each node: the edge to look at next.
  next.assign(begin_.begin(), begin_.end() - 1);
  while (!stack_.empty()) {
    const std::uint32_t node = stack_.back();
    if (next[node] == begin_[node + 1]) {
      stack_.pop_back();
      continue;
    }
    const std::uint32_t to = to_[next[node]++];
    if (place_[to] != kNone) continue;
    place_[to] = static_cast<std::uint32_t>(node_.size());
    node_.push_back(to);
    parent_.push_back(place_[node]);
    stack_.push_back(to);
  }
}

void DominatorTree::group_predecessors(std::span<const Edge> edges) {
  predecessor_begin_.assign(node_.size() + 1, 0);
  for (const Edge edge : edges) {
    if (place_[edge.from] != kNone) ++predecessor_begin_[place_[edge.to]];
  }
  std::partial_sum(predecessor_begin_.begin(), predecessor_begin_.end(),
                   predecessor_begin_.begin());
  predecessors_.resize(predecessor_begin_.back());
  for (const Edge edge : edges) {
    if (place_[edge.from] == kNone) continue;
    predecessors_[--predecessor_begin_[place_[edge.to]]] = place_[edge.from];
  }
}

// The place with the lowest semidominator on the way from `place` up to, but without, the root of
// its linked tree (EVAL), with path compression.
std::uint32_t DominatorTree::lowest_above(std::uint32_t place) {
  if (ancestor_[place] == kNone) return place;
  stack_.clear();
  for (std::uint32_t at = place; ancestor_[ancestor_[at]] != kNone; at = ancestor_[at]) {
    stack_.push_back(at);
  }
  while (!stack_.empty()) {
    const std::uint32_t at = stack_.back();
    stack_.pop_back();
    const std::uint32_t above = ancestor_[at];
    if (semi_[label_[above]] < semi_[label_[at]]) label_[at] = label_[above];
    ancestor_[at] = ancestor_[above];
  }
  return label_[place];
}

void DominatorTree::build(std::size_t nodes, std::span<const Edge> edges) {
  number_nodes(nodes, edges);
  group_predecessors(edges);
  const auto count = static_cast<std::uint32_t>(node_.size());
  semi_.resize(count);
  std::iota(semi_.begin(), semi_.end(), 0U);
  label_ = semi_;
  ancestor_.assign(count, kNone);
  bucket_.assign(count, kNone);
  after_.assign(count, kNone);
  dominator_.assign(count, 0);
  for (std::uint32_t w = count; w-- > 1;) {
    for (std::uint32_t i = predecessor_begin_[w]; i != predecessor_begin_[w + 1]; ++i) {
      semi_[w] = std::min(semi_[w], semi_[lowest_above(predecessors_[i])]);
    }
    after_[w] = bucket_[semi_[w]];
    bucket_[semi_[w]] = w;
    const std::uint32_t parent = parent_[w];
    ancestor_[w] = parent;
    for (std::uint32_t v = bucket_[parent]; v != kNone; v = after_[v]) {
      const std::uint32_t lowest = lowest_above(v);
      dominator_[v] = semi_[lowest] < semi_[v] ? lowest : parent;
    }
    bucket_[parent] = kNone;
  }
  for (std::uint32_t w = 1; w < count; ++w) {
    if (dominator_[w] != semi_[w]) dominator_[w] = dominator_[dominator_[w]];
  }
}

}  // namespace grapevine

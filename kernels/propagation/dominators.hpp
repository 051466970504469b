#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace grapevine {

/// The immediate dominators of a flow graph: of every node, the last one before it through which
/// all paths from the root pass. Keeps its memory from graph to graph. Not thread-safe.
///
/// Source  Lengauer & Tarjan, ACM TOPLAS 1 (1979) 121-141, the version with simple links.
class DominatorTree {
 public:
  struct Edge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };

  /// Shapes  edges: among nodes [0, nodes); node 0 is the root; edges into it and of a node to
  ///         itself change nothing. At least one node.
  /// Cost    O(edges log nodes).
  void build(std::size_t nodes, std::span<const Edge> edges);

  /// The nodes that the root reaches, in preorder of a depth-first search: the root, then every
  /// node after its immediate dominator.
  [[nodiscard]] std::span<const std::uint32_t> preorder() const { return node_; }
  /// The place in preorder of the immediate dominator of the node at a place; 0 for the root.
  [[nodiscard]] std::uint32_t dominator_place(std::size_t place) const { return dominator_[place]; }

 private:
  void number_nodes(std::size_t nodes, std::span<const Edge> edges);
  void group_predecessors(std::span<const Edge> edges);
  std::uint32_t lowest_above(std::uint32_t place);

  // By node.
  std::vector<std::uint32_t> begin_;  // Of its edges in to_.
  std::vector<std::uint32_t> to_;
  std::vector<std::uint32_t> place_;
  // By place in preorder.
  std::vector<std::uint32_t> node_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> predecessor_begin_;
  std::vector<std::uint32_t> predecessors_;
  std::vector<std::uint32_t> semi_;
  std::vector<std::uint32_t> label_;
  std::vector<std::uint32_t> ancestor_;
  std::vector<std::uint32_t> bucket_;  // The first of those whose semidominator this is,
  std::vector<std::uint32_t> after_;   // and the next in the same bucket.
  std::vector<std::uint32_t> dominator_;
  std::vector<std::uint32_t> stack_;
};

}  // namespace grapevine

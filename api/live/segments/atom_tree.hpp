#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "api/live/segments/atom.hpp"
#include "api/plan/segment_plan.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine {

/// A definition as all, any and not of atoms, whose answers are known: so it is a matter of bits.
class AtomTree {
 public:
  /// Finds the atom of a condition, or makes it. The atoms outlive the tree.
  using FindAtom = std::function<Atom*(const std::string& said, const Plan& condition)>;

  AtomTree() = default;
  AtomTree(const Plan& plan, const FindAtom& find_atom);

  /// Whether it holds of a person. Precondition: the atoms range over that number.
  [[nodiscard]] bool holds(CustomerId person) const { return holds(root_, person); }
  /// Of which of the first `customers` numbers it holds, whether they are persons or not.
  [[nodiscard]] CustomerSet everyone(std::size_t customers) const;

  /// Each once.
  [[nodiscard]] const std::vector<Atom*>& atoms() const { return atoms_; }

 private:
  enum class Kind : std::uint8_t { Everyone, Nobody, Atom, All, Any, Not };
  struct Node {
    Kind kind = Kind::Nobody;
    std::uint32_t atom = 0;
    std::vector<Node> parts;
  };
  Node make(const Plan& plan, const std::string& said, const FindAtom& find_atom);
  [[nodiscard]] bool holds(const Node& node, CustomerId person) const;
  [[nodiscard]] CustomerSet set_of(const Node& node, std::size_t customers) const;

  std::vector<Atom*> atoms_;  // Filled while the root is made.
  Node root_;
};

}  // namespace grapevine

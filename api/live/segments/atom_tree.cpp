#include "api/live/segments/atom_tree.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "kernels/segment/combine.hpp"

namespace grapevine {
namespace {

// What a plan says, where a segment that is nested by name does not say yet what it is.
std::string key_of(const Plan& plan, const std::string& said) {
  const auto join = [](std::string key, const std::vector<Plan>& parts) {
    for (const Plan& part : parts) key += ' ' + key_of(part, part->said);
    return key + ')';
  };
  if (const auto* all = std::get_if<AllPlan>(&plan->what)) return join("all(", all->parts);
  if (const auto* any = std::get_if<AnyPlan>(&plan->what)) return join("any(", any->parts);
  if (const auto* negation = std::get_if<NotPlan>(&plan->what)) {
    return join("not(" + said, {negation->part});
  }
  if (const auto* connected = std::get_if<ConnectedPlan>(&plan->what)) {
    return join("connected(" + said, {connected->members});
  }
  return said;
}

}  // namespace

AtomTree::AtomTree(const Plan& plan, const FindAtom& find_atom)
    : root_(make(plan, plan->said, find_atom)) {}

AtomTree::Node AtomTree::make(const Plan& plan, const std::string& said,
                              const FindAtom& find_atom) {
  Node node;
  const auto add_parts = [&](Kind kind, const std::vector<Plan>& parts) {
    node.kind = kind;
    for (const Plan& part : parts) node.parts.push_back(make(part, part->said, find_atom));
  };
  if (const auto* all = std::get_if<AllPlan>(&plan->what)) {
    add_parts(Kind::All, all->parts);
  } else if (const auto* any = std::get_if<AnyPlan>(&plan->what)) {
    add_parts(Kind::Any, any->parts);
  } else if (const auto* negation = std::get_if<NotPlan>(&plan->what)) {
    node.kind = Kind::Not;
    // What is inside was perhaps never said by itself: `ne` is not of `eq`.
    const std::string inside =
        negation->part->said.empty() ? "not of " + said : negation->part->said;
    node.parts.push_back(make(negation->part, inside, find_atom));
  } else if (std::holds_alternative<EveryonePlan>(plan->what)) {
    node.kind = Kind::Everyone;
  } else if (!std::holds_alternative<NobodyPlan>(plan->what)) {
    Atom* const atom = find_atom(key_of(plan, said), plan);
    const auto known = std::find(atoms_.begin(), atoms_.end(), atom);
    node.kind = Kind::Atom;
    node.atom = static_cast<std::uint32_t>(known - atoms_.begin());
    if (known == atoms_.end()) atoms_.push_back(atom);
  }
  return node;
}

bool AtomTree::holds(const Node& node, CustomerId person) const {
  const auto part_holds = [&](const Node& part) { return holds(part, person); };
  switch (node.kind) {
    case Kind::Everyone: return true;
    case Kind::Nobody: return false;
    case Kind::Atom: return atoms_[node.atom]->holds.has(person);
    case Kind::All: return std::all_of(node.parts.begin(), node.parts.end(), part_holds);
    case Kind::Any: return std::any_of(node.parts.begin(), node.parts.end(), part_holds);
    case Kind::Not: return !part_holds(node.parts.front());
  }
  return false;
}

CustomerSet AtomTree::everyone(std::size_t customers) const { return set_of(root_, customers); }

CustomerSet AtomTree::set_of(const Node& node, std::size_t customers) const {
  switch (node.kind) {
    case Kind::Everyone: return CustomerSet::everyone(customers);
    case Kind::Nobody: return CustomerSet(customers);
    case Kind::Atom: return atoms_[node.atom]->holds;
    case Kind::All:
    case Kind::Any: {
      CustomerSet set = set_of(node.parts.front(), customers);
      for (std::size_t i = 1; i < node.parts.size(); ++i) {
        const CustomerSet part = set_of(node.parts[i], customers);
        node.kind == Kind::All ? intersect(set, part) : unite(set, part);
      }
      return set;
    }
    case Kind::Not: {
      CustomerSet set = set_of(node.parts.front(), customers);
      complement(set);
      return set;
    }
  }
  return CustomerSet(customers);
}

}  // namespace grapevine

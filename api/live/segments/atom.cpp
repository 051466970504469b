#include "api/live/segments/atom.hpp"

#include <utility>

namespace grapevine {

std::unique_ptr<Atom> make_atom(std::string said, const Plan& plan) {
  auto atom = std::make_unique<Atom>();
  atom->said = std::move(said);
  atom->plan = plan;
  atom->needs = needs_of(*plan);
  if (atom->needs.by_person) atom->test = person_test(plan);
  return atom;
}

}  // namespace grapevine

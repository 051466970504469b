#include "api/live/segments/round.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace grapevine {

void LiveRound::sort() {
  std::stable_sort(touched.begin(), touched.end(),
                   [](const Touched& a, const Touched& b) { return a.person < b.person; });
  std::sort(tests.begin(), tests.end(), [](const Test& a, const Test& b) {
    if (a.person != b.person) return a.person < b.person;
    if (a.atom != b.atom) return std::less<>()(a.atom, b.atom);
    return a.ts > b.ts;
  });
  tests.erase(std::unique(tests.begin(), tests.end(),
                          [](const Test& a, const Test& b) {
                            return a.person == b.person && a.atom == b.atom;
                          }),
              tests.end());
}

const ExitFilter& LiveRound::may_be_told(const std::string& consent) {
  const auto known = exits.find(consent);
  if (known != exits.end()) return known->second;
  ExitRules rules;
  rules.consent = consent;
  return exits.emplace(consent, ExitFilter(rules, snapshot)).first->second;
}

}  // namespace grapevine

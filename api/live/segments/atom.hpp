#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/live/segments/live_pass.hpp"
#include "api/live/segments/needs.hpp"
#include "api/live/segments/person_test.hpp"
#include "api/plan/segment_plan.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine {

/// One condition of live segments that is none of all, any and not; segments that say the same share
/// it. It is kept of whom it holds.
struct Atom {
  std::string said;  ///< By which it is told from others.
  Plan plan;         ///< As of when it was planned.
  Needs needs;
  std::unique_ptr<PersonTest> test;  ///< nullptr: it is looked at for everybody at once.
  std::vector<std::string> users;    ///< Names of the segments that have it; each once.

  std::uint64_t moved = 0;   ///< The round whose moment the test is of.
  std::uint64_t looked = 0;  ///< The look at a person for which it was asked last.

  CustomerSet holds;
  TimeMs turn = 0;                       ///< When the calendar changes it next.
  bool is_new = true;                    ///< `holds` was never found.
  bool is_behind = true;                 ///< It is to be found anew, for everybody.
  std::shared_ptr<const LivePass> pass;  ///< Which is finding it, where one is.
  TimeMs right_at = 0;  ///< The last moment of which it was right, where it is behind.
};

/// An atom of a condition. Precondition: it is none of all, any and not.
std::unique_ptr<Atom> make_atom(std::string said, const Plan& plan);

}  // namespace grapevine

#pragma once

#include <memory>

#include "api/live/segments/person_view.hpp"
#include "api/plan/segment_plan.hpp"

namespace grapevine {

/// Tells whether a condition holds of one person, by looking at what is stored of them alone: what
/// the kernels find for everybody at once. Not thread-safe.
class PersonTest {
 public:
  virtual ~PersonTest() = default;
  /// What is asked from now on is of that snapshot and moment.
  virtual void move_to(const Snapshot& snapshot, TimeMs as_of) = 0;
  virtual bool holds(PersonView& person) = 0;
};

/// Precondition: needs_of(*condition).by_person.
std::unique_ptr<PersonTest> person_test(const Plan& condition);

}  // namespace grapevine

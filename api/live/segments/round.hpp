#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/execute/exit_filter.hpp"
#include "api/live/segments/atom.hpp"
#include "api/live/segments/person_view.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What LiveSegments works with while it advances to one snapshot and moment.
struct LiveRound {
  /// More people than that whom one condition holds of now, or no longer: everybody is compared.
  static constexpr std::size_t kSuspectsMax = 10'000;

  /// Something was written about a person, or a row of theirs came to be in the past.
  struct Touched {
    CustomerId person;
    EventNameId event;  ///< As in Touch.
    TimeMs ts;
  };
  /// A condition that may hold of a person now, or no longer, because of what happened at `ts`.
  struct Test {
    CustomerId person;
    Atom* atom;
    TimeMs ts;
  };
  struct Suspect {
    CustomerId person;
    TimeMs ts;
  };

  LiveRound(const std::shared_ptr<const Snapshot>& of, TimeMs at, bool may_wait,
            const Stop& stopped, const SeenTimes& all_seen, std::uint64_t& looks)
      : held(of),
        snapshot(*of),
        now(at),
        patient(may_wait),
        stop(stopped),
        seen(all_seen),
        view(*of),
        look(looks) {}

  [[nodiscard]] const Persons& persons() const { return snapshot.customers().persons(); }
  void suspect(const std::vector<Atom*>& atoms, CustomerId person, TimeMs ts) {
    for (Atom* atom : atoms) tests.push_back({person, atom, ts});
  }
  static void fall_behind(const std::vector<Atom*>& atoms) {
    for (Atom* atom : atoms) atom->is_behind = true;
  }
  /// Tests and touches by person; each test once, with the latest cause.
  void sort();
  /// Looks at a person, unless that is done.
  void look_at(CustomerId person) {
    if (is_looking && person == view.person()) return;
    is_looking = true;
    view.look_at(person, {seen.first[index(person)], seen.last[index(person)]});
    ++look;
  }
  /// Who may be told of to those who follow with a consent; empty: any.
  const ExitFilter& may_be_told(const std::string& consent);

  const std::shared_ptr<const Snapshot> held;
  const Snapshot& snapshot;
  const TimeMs now;
  const bool patient;
  const Stop& stop;
  const SeenTimes& seen;
  PersonView view;

  std::vector<Touched> touched;
  std::vector<CustomerId> look_again;  ///< People of whom everything may be another.
  std::vector<CustomerId> reread;      ///< People whose consent or restriction may be another.
  std::vector<CustomerId> renamed;     ///< External ids that may be another person's, or nobody's.
  std::vector<Test> tests;
  std::map<std::string, std::vector<Suspect>> suspects;  ///< By segment.
  std::map<std::string, ExitFilter> exits;
  std::vector<CustomerRow> rows;  ///< Scratch.
  bool is_looking = false;
  std::uint64_t& look;  ///< How many people were looked at, in all rounds.
};

}  // namespace grapevine

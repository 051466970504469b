#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/live/graph_view.hpp"
#include "api/live/segments/atom.hpp"
#include "api/live/segments/atom_tree.hpp"
#include "api/live/segments/departures.hpp"
#include "api/live/segments/round.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/memberships.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// Follows a store and keeps the members of all of its segments current: what is written re-evaluates
/// the people whom it is about, and the passing of time those of whom a row leaves a window. So at
/// the end of each `advance` a segment's members are what a fresh evaluation of its definition says.
///
/// What it tells of a segment are the external ids by which its members are known, without those
/// whose processing is restricted, and in a stream for a consent without those who did not grant it.
///
/// Not thread-safe; parallel inside where it looks at everybody.
class LiveSegments {
 public:
  /// How a segment stands.
  struct State {
    TimeMs as_of = 0;     ///< When its members were right last.
    std::string problem;  ///< Why it cannot be evaluated; empty: it can.
  };

  /// `zone`: IANA, of definitions that name none. Both outlive it.
  LiveSegments(GraphView& graph, std::string_view zone) : graph_(graph), timezone_(zone) {}

  /// Tells also of the members of a segment who granted consent for a purpose, from the next
  /// `advance` on.
  void follow(MembershipKey key) { followed_.insert(std::move(key)); }

  /// Brings everything to the snapshot and the moment `now`. Returns what is to be noted in the
  /// store, before the next call. `patient`: what takes a pass over everybody may wait, so that such
  /// passes take a fifth of the time at most; and where nothing else can tell, it is left to
  /// `take_pass`, and a segment is not told of before each of its conditions was found once.
  /// Errors  Cancelled: `stop` fired; the next call begins anew.
  absl::StatusOr<MembershipUpdates> advance(const Store::Written& written, TimeMs now, bool patient,
                                            const Stop& stop);

  /// A pass that the last `advance` left to be run, on whatever thread: a later one takes over what
  /// it found. nullptr: none. There is one at a time.
  std::shared_ptr<LivePass> take_pass() { return std::exchange(due_pass_, nullptr); }

  /// Forgets what was not noted: the next `advance` begins with what the store has.
  void forget();

  [[nodiscard]] std::map<std::string, State> states() const;

  struct Facts {
    std::size_t segments = 0, conditions = 0, bytes = 0;
    std::uint64_t tests = 0;   ///< Of one condition for one person.
    std::uint64_t passes = 0;  ///< Of one condition over everybody.
  };
  [[nodiscard]] Facts facts() const;

 private:
  struct Stream {
    std::uint64_t number = 0;  // 0: it is to begin,
    bool is_sent = false;      // or its beginning was given to be noted.
    CustomerSet told;          // By number of external id.
    std::vector<MembershipChange> changes;
  };
  struct Segment {
    std::string document;
    std::set<std::string> nests;  // Directly.
    AtomTree tree;
    std::string problem;
    bool is_behind = true;                  // Everybody is to be compared.
    std::map<std::string, Stream> streams;  // By consent.
  };

  // What stands in live_segments.cpp: definitions become conditions.
  void read_documents(const LiveRound& round);
  bool schema_changed(const Snapshot& snapshot);
  bool attributes_changed(const Documents& documents);
  bool model_changed(const Snapshot& snapshot);
  void plan_changed(const std::set<std::string>& changed, const LiveRound& round);
  void plan_segment(const std::string& name, Segment& segment, const LiveRound& round);
  void index_atoms(const LiveRound& round);
  absl::Status restart(LiveRound& round);

  // In follow_writes.cpp: what was written, and the time that passed, becomes answers.
  void note_touches(const Touches::Taken& touched, LiveRound& round);
  void note_row(CustomerId person, EventNameId event, TimeMs ts, LiveRound& round);
  void note_departures(LiveRound& round);
  void watch_new_events(const LiveRound& round);
  void look_again(CustomerId person, LiveRound& round);
  void test_people(LiveRound& round);
  void run_test(Atom& atom, TimeMs ts, LiveRound& round);
  absl::Status refresh_behind(LiveRound& round);
  absl::Status refresh(Atom& atom, LiveRound& round);
  void take_over(Atom& atom, CustomerSet holds, TimeMs as_of, LiveRound& round);
  void take_over_pass(LiveRound& round);
  void begin_pass(const LiveRound& round);
  void end_pass();
  absl::StatusOr<CustomerSet> evaluate(const Atom& atom, const LiveRound& round);

  // In tell_changes.cpp: answers become changes of streams.
  void meet_streams(const LiveRound& round);
  void compare_suspects(LiveRound& round);
  void compare_behind(LiveRound& round);
  void compare_everyone(Segment& segment, LiveRound& round);
  void compare(Segment& segment, CustomerId identity, TimeMs ts, LiveRound& round);
  MembershipUpdates take_updates(const LiveRound& round);

  GraphView& graph_;
  const std::string timezone_;
  std::map<std::string, Segment> segments_;
  std::set<MembershipKey> followed_;
  std::map<std::string, std::unique_ptr<Atom>> atoms_;  // By what they say.

  // By what changes them; nullptr-free.
  std::vector<std::vector<Atom*>> by_event_;
  std::map<Needs::Departure, std::vector<Atom*>> by_departure_;
  std::map<TimeMs, std::vector<Atom*>> by_seen_delay_;
  std::vector<Atom*> by_trait_, by_seen_, by_others_, by_anything_, by_always_, by_person_;

  bool begun_ = false;  // What follows is of the last snapshot.
  SeenTimes seen_;
  std::size_t customers_ = 0;  // That the atoms range over.
  Departures departures_;
  std::size_t watched_events_ = 0;
  std::uint64_t social_version_ = 0;
  std::vector<ValueType> types_;  // Of columns and attributes, as of the last plans.
  std::size_t columns_ = 0, event_names_ = 0;
  std::map<std::string, std::string> attributes_;  // Computed ones, as they are stored.
  std::string model_;                              // Of influence, as it is stored.
  std::uint64_t rounds_ = 0, looks_ = 0;
  TimeMs now_ = INT64_MIN;
  std::uint64_t snapshot_ = 0;
  std::chrono::steady_clock::time_point passes_may_begin_;  // In rounds,
  std::chrono::steady_clock::time_point next_pass_;         // and beside them.
  std::chrono::steady_clock::time_point pass_begun_;
  std::shared_ptr<LivePass> pass_;      // nullptr: none is on its way.
  std::shared_ptr<LivePass> due_pass_;  // The same until somebody took it.
  std::uint64_t tests_ = 0, passes_ = 0;
};

}  // namespace grapevine

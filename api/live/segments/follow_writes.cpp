#include <algorithm>
#include <bit>
#include <chrono>
#include <utility>

#include "api/execute/segment_executor.hpp"
#include "api/live/segments/live_segments.hpp"
#include "api/live/segments/value_crossing.hpp"
#include "kernels/segment/scan.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// Rows of the future count once their time has come, and rows of any name are first or last events.
void LiveSegments::watch_new_events(const LiveRound& round) {
  const std::size_t events = round.snapshot.event_counts().size();
  by_event_.resize(std::max(by_event_.size(), events));
  for (; watched_events_ < events; ++watched_events_) {
    const EventNameId event{static_cast<std::uint32_t>(watched_events_)};
    departures_.watch({event, 0}, round.now);
    for (const auto& [delay, atoms] : by_seen_delay_) departures_.watch({event, delay}, round.now);
  }
}

void LiveSegments::note_touches(const Touches::Taken& touched, LiveRound& round) {
  seen_.first.resize((customers_ + 63) / 64 * 64, kNever);
  seen_.last.resize(seen_.first.size(), kNever);
  watch_new_events(round);
  bool others = round.snapshot.social_version() != social_version_ || !round.look_again.empty();
  social_version_ = round.snapshot.social_version();
  for (const Touch& touch : touched.touches) {
    const CustomerId person = round.persons().of(touch.identity);
    if (touch.event == Touch::kPerson) {
      others = true;
      round.renamed.push_back(touch.identity);
      if (person != kNobody) round.look_again.push_back(person);
    } else if (person == kNobody) {
      continue;
    } else if (touch.event == Touch::kTraits) {
      round.touched.push_back({person, touch.event, round.now});
    } else {
      departures_.note(touch.event, touch.identity, touch.ts);
      if (touch.ts <= round.now) note_row(person, touch.event, touch.ts, round);
    }
  }
  if (others) LiveRound::fall_behind(by_others_);
  if (others || !touched.touches.empty()) LiveRound::fall_behind(by_anything_);
}

void LiveSegments::note_row(CustomerId person, EventNameId event, TimeMs ts, LiveRound& round) {
  TimeMs& first = seen_.first[index(person)];
  TimeMs& last = seen_.last[index(person)];
  first = first == kNever ? ts : std::min(first, ts);
  last = std::max(last, ts);
  round.touched.push_back({person, event, ts});
}

// The passing of time: rows that left a window, and turns of the calendar.
void LiveSegments::note_departures(LiveRound& round) {
  std::vector<Departed> departed;
  departures_.advance(round.snapshot, round.now, departed);
  const bool became_past = std::any_of(departed.begin(), departed.end(),
                                       [](const Departed& row) { return row.by.delay == 0; });
  if (became_past) {
    LiveRound::fall_behind(by_others_);
    LiveRound::fall_behind(by_anything_);
  }
  if (round.now > now_) LiveRound::fall_behind(by_always_);
  for (const Departed& row : departed) {
    const CustomerId person = round.persons().of(row.customer);
    if (person == kNobody) continue;
    if (row.by.delay == 0) {
      note_row(person, row.by.event, row.when, round);
      continue;
    }
    const auto leaving = by_departure_.find(row.by);
    if (leaving != by_departure_.end()) round.suspect(leaving->second, person, row.when);
    const auto aged = by_seen_delay_.find(row.by.delay);
    if (aged != by_seen_delay_.end()) round.suspect(aged->second, person, row.when);
  }
  for (auto& [said, atom] : atoms_) {
    if (atom->turn <= round.now) atom->is_behind = true;
  }
}

namespace {

// What a test will look at is in no cache, but known some tests before.
void fetch_ahead(const std::vector<Atom*>& atoms, std::size_t i, CustomerId person) {
  constexpr std::size_t kAtoms = 8, kBits = 4;
  if (i + kAtoms < atoms.size()) {
    const auto* atom = reinterpret_cast<const char*>(atoms[i + kAtoms]);
    for (std::size_t byte = 0; byte < sizeof(Atom); byte += 64) __builtin_prefetch(atom + byte);
  }
  if (i + kBits < atoms.size()) {
    const Atom& atom = *atoms[i + kBits];
    const std::size_t word = index(person) / 64;
    if (word < atom.holds.words().size()) __builtin_prefetch(&atom.holds.words()[word]);
    __builtin_prefetch(atom.test.get());
  }
}

}  // namespace

// Tests what may have changed, person by person.
void LiveSegments::test_people(LiveRound& round) {
  std::sort(round.look_again.begin(), round.look_again.end());
  round.look_again.erase(std::unique(round.look_again.begin(), round.look_again.end()),
                         round.look_again.end());
  for (const CustomerId person : round.look_again) {
    if (round.persons().is_person(person)) look_again(person, round);
  }
  round.sort();
  for (const LiveRound::Test& test : round.tests) {
    round.look_at(test.person);
    run_test(*test.atom, test.ts, round);
  }
  // By person, and a condition once for each: what a person has of events is read together.
  for (const LiveRound::Touched& touch : round.touched) {
    round.look_at(touch.person);
    const auto run_tests = [&](const std::vector<Atom*>& atoms) {
      for (std::size_t i = 0; i < atoms.size(); ++i) {
        fetch_ahead(atoms, i, touch.person);
        Atom* atom = atoms[i];
        if (std::exchange(atom->looked, round.look) != round.look) run_test(*atom, touch.ts, round);
      }
    };
    if (touch.event == Touch::kTraits) {
      run_tests(by_trait_);
      round.reread.push_back(touch.person);
    } else {
      run_tests(by_event_[index(touch.event)]);
      run_tests(by_seen_);
    }
  }
}

// Asks whether a condition still says of the person who is looked at what it said.
void LiveSegments::run_test(Atom& atom, TimeMs ts, LiveRound& round) {
  if (atom.test == nullptr || atom.is_behind) {
    atom.is_behind = true;
    return;
  }
  const CustomerId person = round.view.person();
  if (std::exchange(atom.moved, rounds_) != rounds_) atom.test->move_to(round.snapshot, round.now);
  ++tests_;
  const bool holds = atom.test->holds(round.view);
  if (atom.needs.moves_with_values) {
    const auto& attribute = std::get<AttributePlan>(atom.plan->what);
    atom.turn = std::min(atom.turn, next_crossing(attribute, round.snapshot, person, round.now));
  }
  if (holds == atom.holds.has(person)) return;
  holds ? atom.holds.add(person) : atom.holds.remove(person);
  for (const std::string& user : atom.users) round.suspects[user].push_back({person, ts});
}

// All that is known of a person may be another: of one who is new, was merged or unmerged, or of
// whom something was taken away.
void LiveSegments::look_again(CustomerId person, LiveRound& round) {
  TimeMs& first = seen_.first[index(person)];
  TimeMs& last = seen_.last[index(person)];
  first = last = kNever;
  for (std::size_t event = 0; event < by_event_.size(); ++event) {
    round.view.all_rows().read(person, EventNameId(static_cast<std::uint32_t>(event)), INT64_MIN,
                               round.rows);
    for (const CustomerRow& row : round.rows) {
      if (row.ts > round.now) break;
      first = first == kNever ? row.ts : std::min(first, row.ts);
      last = std::max(last, row.ts);
    }
  }
  round.suspect(by_person_, person, round.now);
  round.reread.push_back(person);
}

// Conditions that take a pass over everybody. Where they may wait, a fifth of the time is theirs.
absl::Status LiveSegments::refresh_behind(LiveRound& round) {
  round.patient ? take_over_pass(round) : end_pass();
  const auto begun = std::chrono::steady_clock::now();
  const bool may_pass = !round.patient || begun >= passes_may_begin_;
  bool passed = false;
  for (auto& [said, atom] : atoms_) {
    const bool is_slow = round.patient && atom->test == nullptr;
    if (atom->is_behind && !is_slow && (may_pass || atom->is_new)) {
      GRAPEVINE_RETURN_IF_ERROR(refresh(*atom, round));
      passed = true;
    }
    if (!atom->is_behind && atom->pass == nullptr) atom->right_at = round.now;
  }
  if (passed) {
    const auto ended = std::chrono::steady_clock::now();
    passes_may_begin_ = ended + 4 * (ended - begun);
  }
  if (round.patient && pass_ == nullptr) begin_pass(round);
  return absl::OkStatus();
}

// Those for which no look at a person is enough may take long, and others do not wait for them: they
// are found beside the rounds.
void LiveSegments::begin_pass(const LiveRound& round) {
  pass_begun_ = std::chrono::steady_clock::now();
  const bool may_pass = pass_begun_ >= next_pass_;
  std::vector<Atom*> due;
  std::vector<LivePass::Condition> conditions;
  for (auto& [said, atom] : atoms_) {
    if (!atom->is_behind || atom->test != nullptr || !(may_pass || atom->is_new)) continue;
    due.push_back(atom.get());
    conditions.push_back({said, atom->plan});
  }
  if (due.empty()) return;
  pass_ = due_pass_ =
      std::make_shared<LivePass>(round.held, round.now, graph_, std::move(conditions));
  for (Atom* atom : due) {
    atom->pass = pass_;
    atom->is_behind = false;  // What comes from now on makes it so again.
  }
}

void LiveSegments::take_over_pass(LiveRound& round) {
  if (pass_ == nullptr) return;
  bool is_done = false;
  for (LivePass::Found& found : pass_->take_found(is_done)) {
    const auto at = atoms_.find(found.said);
    if (at == atoms_.end() || at->second->pass != pass_) continue;  // It is another one by now.
    take_over(*at->second, std::move(found.holds), pass_->as_of(), round);
  }
  if (is_done) end_pass();
}

void LiveSegments::end_pass() {
  for (auto& [said, atom] : atoms_) {
    if (atom->pass == nullptr) continue;  // It was found.
    atom->pass = nullptr;
    atom->is_behind = true;
  }
  const auto ended = std::chrono::steady_clock::now();
  next_pass_ = ended + 4 * (ended - pass_begun_);
  pass_ = due_pass_ = nullptr;
}

absl::Status LiveSegments::refresh(Atom& atom, LiveRound& round) {
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet holds, evaluate(atom, round));
  atom.is_behind = false;
  take_over(atom, std::move(holds), round.now, round);
  if (const auto* attribute = std::get_if<AttributePlan>(&atom.plan->what);
      attribute != nullptr && atom.needs.moves_with_values) {
    atom.turn = std::min(atom.turn, next_crossing(*attribute, round.snapshot, round.now));
  }
  return absl::OkStatus();
}

// It was of whom a condition holds as of a moment: now, or before.
void LiveSegments::take_over(Atom& atom, CustomerSet holds, TimeMs as_of, LiveRound& round) {
  ++passes_;
  holds.grow(customers_);
  const auto before = atom.holds.words();
  const auto after = holds.words();
  std::vector<LiveRound::Suspect> changed;
  for (std::size_t w = 0; w < after.size() && changed.size() <= LiveRound::kSuspectsMax; ++w) {
    for (std::uint64_t rest = before[w] ^ after[w]; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(rest));
      changed.push_back({CustomerId(static_cast<std::uint32_t>(w * 64) + bit), round.now});
    }
  }
  for (const std::string& user : atom.users) {
    Segment& segment = segments_.at(user);
    if (changed.size() > LiveRound::kSuspectsMax) segment.is_behind = true;
    if (segment.is_behind) continue;
    auto& suspects = round.suspects[user];
    suspects.insert(suspects.end(), changed.begin(), changed.end());
  }
  atom.holds = std::move(holds);
  atom.is_new = false;
  atom.pass = nullptr;
  atom.right_at = as_of;
  atom.turn = next_turn(atom.needs, as_of);
  if (atom.turn <= round.now) atom.is_behind = true;
}

absl::StatusOr<CustomerSet> LiveSegments::evaluate(const Atom& atom, const LiveRound& round) {
  const Plan plan = plan_at(atom.plan, round.snapshot, round.now);
  const auto* seen = std::get_if<SeenPlan>(&plan->what);
  if (seen != nullptr) {
    return scan_times(seen->last ? seen_.last : seen_.first, customers_, seen->test, round.stop);
  }
  return SegmentExecutor({round.snapshot, round.now, graph_, round.stop}).evaluate(plan);
}

}  // namespace grapevine

#include "api/live/segments/live_segments.hpp"

#include <algorithm>
#include <utility>

#include "api/parse/parse_definition.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/influence_model.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Whether the types of columns, and of the attributes behind them, are the known ones and perhaps
// some more of each.
bool is_longer(const std::vector<ValueType>& known, std::size_t known_columns,
               const std::vector<ValueType>& types, std::size_t columns) {
  if (columns < known_columns || types.size() - columns < known.size() - known_columns) {
    return false;
  }
  const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known_columns);
  return std::equal(known.begin(), middle, types.begin()) &&
         std::equal(middle, known.end(), types.begin() + static_cast<std::ptrdiff_t>(columns));
}

}  // namespace

absl::StatusOr<MembershipUpdates> LiveSegments::advance(const Store::Written& written, TimeMs now,
                                                        bool patient, const Stop& stop) {
  const Snapshot& snapshot = *written.snapshot;
  now = std::max(now, now_);  // A clock that is set back does not make time pass again.
  LiveRound round(written.snapshot, now, patient, stop, seen_, looks_);
  ++rounds_;
  const bool everybody = !begun_ || written.touched.everybody;
  begun_ = false;  // Unless all goes well, everything is found anew.

  const std::size_t customers = snapshot.customers().count();
  const std::size_t known = std::exchange(customers_, customers);
  read_documents(round);
  for (auto& [said, atom] : atoms_) atom->holds.grow(customers);
  meet_streams(round);
  if (everybody) {
    GRAPEVINE_RETURN_IF_ERROR(restart(round));
  } else {
    for (std::size_t number = known; number < customers; ++number) {
      round.look_again.push_back(CustomerId(static_cast<std::uint32_t>(number)));
    }
    note_touches(written.touched, round);
    note_departures(round);
    test_people(round);
  }
  GRAPEVINE_RETURN_IF_ERROR(refresh_behind(round));
  compare_suspects(round);
  compare_behind(round);
  now_ = now;
  snapshot_ = snapshot.number();
  begun_ = true;
  return take_updates(round);
}

// Takes over what changed among the stored definitions.
void LiveSegments::read_documents(const LiveRound& round) {
  const Documents& documents = round.snapshot.documents();
  std::set<std::string> changed;
  const std::pair<std::string, std::string> begin{std::string(kSegmentDocuments), ""};
  auto at = segments_.begin();
  for (auto stored = documents.lower_bound(begin);; ++stored) {
    const bool is_end = stored == documents.end() || stored->first.first != kSegmentDocuments;
    while (at != segments_.end() && (is_end || at->first < stored->first.second)) {
      changed.insert(at->first);  // Whoever nests it has a problem now.
      for (Atom* atom : at->second.tree.atoms()) std::erase(atom->users, at->first);
      at = segments_.erase(at);
    }
    if (is_end) break;
    if (at == segments_.end() || at->first != stored->first.second) {
      at = segments_.emplace_hint(at, stored->first.second, Segment{});
    }
    if (at->second.document != stored->second) {
      at->second.document = stored->second;
      changed.insert(at->first);
    }
    ++at;
  }
  const bool computed_changed = attributes_changed(documents) || model_changed(round.snapshot);
  if (schema_changed(round.snapshot) || computed_changed) {
    for (const auto& [name, segment] : segments_) changed.insert(name);
  }
  if (!changed.empty()) plan_changed(changed, round);
}

// Whether attributes are computed otherwise now.
bool LiveSegments::attributes_changed(const Documents& documents) {
  std::map<std::string, std::string> attributes;
  for (auto at = documents.lower_bound({std::string(kAttributeDocuments), ""});
       at != documents.end() && at->first.first == kAttributeDocuments; ++at) {
    attributes[at->first.second] = at->second;
  }
  const bool changed = attributes != attributes_;
  attributes_ = std::move(attributes);
  return changed;
}

// Whether influence is modelled otherwise now. The same condition may then hold of others.
bool LiveSegments::model_changed(const Snapshot& snapshot) {
  const std::string_view model = influence_document(snapshot);
  if (model == model_) return false;
  model_ = model;
  for (auto& [name, segment] : segments_) segment.tree = {};
  atoms_.clear();
  return true;
}

// Whether plans may be others now: a type widened, an attribute or column or event came that a plan
// did not know.
bool LiveSegments::schema_changed(const Snapshot& snapshot) {
  std::vector<ValueType> types;
  for (const ColumnInfo& column : snapshot.columns()) types.push_back(column.type);
  for (const auto& column : snapshot.customers().attributes()) types.push_back(column->type);
  const std::size_t columns = snapshot.columns().size();
  const bool others = types != types_;
  if (others && !is_longer(types_, columns_, types, columns)) {
    // The same condition may hold of others under another type.
    for (auto& [name, segment] : segments_) segment.tree = {};
    atoms_.clear();
  }
  const std::size_t names = snapshot.event_counts().size();
  const bool new_names = names != event_names_;
  types_ = std::move(types);
  columns_ = columns;
  event_names_ = names;
  if (others || !new_names) return others;
  return std::any_of(segments_.begin(), segments_.end(),
                     [](const auto& segment) { return !segment.second.problem.empty(); });
}

void LiveSegments::plan_changed(const std::set<std::string>& changed, const LiveRound& round) {
  // Those who nest what changed, at whatever depth, say something else too.
  std::set<std::string> due = changed;
  for (std::size_t before = 0; before != due.size();) {
    before = due.size();
    for (const auto& [name, segment] : segments_) {
      const bool nests = std::any_of(segment.nests.begin(), segment.nests.end(),
                                     [&](const auto& nested) { return due.contains(nested); });
      if (nests) due.insert(name);
    }
  }
  for (const std::string& name : due) {
    const auto found = segments_.find(name);
    if (found != segments_.end()) plan_segment(name, found->second, round);
  }
  std::erase_if(atoms_, [](const auto& entry) { return entry.second->users.empty(); });
  index_atoms(round);
}

void LiveSegments::plan_segment(const std::string& name, Segment& segment, const LiveRound& round) {
  for (Atom* atom : segment.tree.atoms()) std::erase(atom->users, name);
  segment.tree = {};
  segment.nests.clear();
  segment.is_behind = true;
  const auto document = read_segment_document(segment.document);
  Mistakes mistakes;
  const auto condition =
      document ? parse_definition(document->definition, "/definition", mistakes) : std::nullopt;
  if (condition) {
    for (std::string& nested : nested_segments(*condition)) segment.nests.insert(std::move(nested));
  }
  SegmentPlanner planner(round.snapshot, {round.now, timezone_}, mistakes);
  const Plan plan = planner.plan_segment(name, "");
  segment.problem = std::string(mistakes.status().message());
  if (!segment.problem.empty()) return;
  segment.tree = AtomTree(plan, [this](const std::string& said, const Plan& what) {
    std::unique_ptr<Atom>& atom = atoms_[said];
    if (atom == nullptr || atom->plan->what.index() != what->what.index()) {
      atom = make_atom(said, what);
    }
    return atom.get();
  });
  for (Atom* atom : segment.tree.atoms()) atom->users.push_back(name);
}

void LiveSegments::index_atoms(const LiveRound& round) {
  by_event_.assign(round.snapshot.event_counts().size(), {});
  by_departure_.clear();
  by_seen_delay_.clear();
  for (auto* list : {&by_trait_, &by_seen_, &by_others_, &by_anything_, &by_always_, &by_person_}) {
    list->clear();
  }
  for (auto& [said, atom] : atoms_) {
    Atom* const it = atom.get();
    const Needs& needs = it->needs;
    for (const EventNameId event : needs.events) by_event_[index(event)].push_back(it);
    for (const Needs::Departure& departure : needs.departures) {
      by_departure_[departure].push_back(it);
      departures_.watch(departure, std::max(now_, round.now));
    }
    for (const TimeMs delay : needs.seen_delays) by_seen_delay_[delay].push_back(it);
    if (needs.traits) by_trait_.push_back(it);
    if (needs.seen) by_seen_.push_back(it);
    if (needs.others) by_others_.push_back(it);
    if (needs.anything) by_anything_.push_back(it);
    if (needs.always) by_always_.push_back(it);
    if (it->test != nullptr) by_person_.push_back(it);
  }
  watched_events_ = 0;  // Those of a seen delay are watched for every event.
}

// Everybody is to be looked at: at the start, and when more was written than is kept apart.
absl::Status LiveSegments::restart(LiveRound& round) {
  GRAPEVINE_ASSIGN_OR_RETURN(seen_, seen_times(round.snapshot, round.now, round.stop));
  std::vector<Needs::Departure> watched;
  for (const auto& [departure, atoms] : by_departure_) watched.push_back(departure);
  departures_.restart(std::move(watched), round.now);
  watched_events_ = 0;
  watch_new_events(round);
  social_version_ = round.snapshot.social_version();
  for (auto& [said, atom] : atoms_) atom->is_behind = true;
  for (auto& [name, segment] : segments_) segment.is_behind = true;
  passes_may_begin_ = {};  // There is no other way to tell of anybody.
  return absl::OkStatus();
}

void LiveSegments::forget() {
  begun_ = false;
  for (auto& [name, segment] : segments_) segment.streams.clear();
}

std::map<std::string, LiveSegments::State> LiveSegments::states() const {
  std::map<std::string, State> states;
  for (const auto& [name, segment] : segments_) {
    State state{now_, segment.problem};
    for (const Atom* atom : segment.tree.atoms()) {
      if (atom->is_behind || atom->pass != nullptr)
        state.as_of = std::min(state.as_of, atom->right_at);
    }
    states.emplace(name, std::move(state));
  }
  return states;
}

LiveSegments::Facts LiveSegments::facts() const {
  Facts facts{segments_.size(), atoms_.size(), seen_.first.size() * 2 * sizeof(TimeMs), tests_,
              passes_};
  for (const auto& [said, atom] : atoms_) facts.bytes += atom->holds.words().size_bytes();
  for (const auto& [name, segment] : segments_) {
    for (const auto& [consent, stream] : segment.streams) {
      facts.bytes += stream.told.words().size_bytes();
    }
  }
  return facts;
}

}  // namespace grapevine

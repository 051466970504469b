#include <algorithm>
#include <utility>

#include "api/live/segments/live_segments.hpp"
#include "kernels/segment/combine.hpp"
#include "kernels/segment/people.hpp"

namespace grapevine {
namespace {

void load(const MembershipStream& stored, CustomerSet& told) {
  stored.base->members.for_each([&](CustomerId identity) { told.add(identity); });
  for (std::uint64_t at = stored.first; at < stored.end; ++at) {
    const MembershipChange& change = stored.at(at);
    change.entered ? told.add(change.identity) : told.remove(change.identity);
  }
}

std::vector<CustomerId> list(const CustomerSet& set) {
  std::vector<CustomerId> members;
  members.reserve(set.count());
  set.for_each_member([&](CustomerId member) { members.push_back(member); });
  return members;
}

}  // namespace

// What was told before, in this process or an earlier one, and which streams are to begin.
void LiveSegments::meet_streams(const LiveRound& round) {
  const MembershipStreams& stored = round.snapshot.memberships();
  for (const auto& [key, stream] : stored) followed_.insert(key);
  for (const auto& [name, segment] : segments_) followed_.insert({name, ""});
  std::erase_if(followed_, [this](const auto& key) { return !segments_.contains(key.segment); });
  for (const MembershipKey& key : followed_) {
    Segment& segment = segments_.at(key.segment);
    const auto [at, is_new] = segment.streams.try_emplace(key.consent);
    Stream& stream = at->second;
    stream.told.grow(customers_);
    const auto found = stored.find(key);
    const std::uint64_t number = found == stored.end() ? 0 : found->second->number;
    const bool just_began = std::exchange(stream.is_sent, false) && number != 0;
    if (!just_began && (is_new || number != stream.number)) {
      stream.told = CustomerSet(customers_);
      if (number != 0) load(*found->second, stream.told);
      segment.is_behind = true;
    }
    stream.number = number;
  }
}

void LiveSegments::compare_suspects(LiveRound& round) {
  for (auto& [name, segment] : segments_) {
    if (segment.is_behind || !segment.problem.empty()) continue;
    const auto suspects = round.suspects.find(name);
    if (suspects != round.suspects.end()) {
      // The latest cause is told of.
      std::stable_sort(suspects->second.begin(), suspects->second.end(),
                       [](const auto& a, const auto& b) { return a.ts > b.ts; });
      for (const LiveRound::Suspect& suspect : suspects->second) {
        if (!round.persons().is_person(suspect.person)) continue;
        compare(segment, round.persons().at(suspect.person).name, suspect.ts, round);
      }
    }
    for (const CustomerId person : round.reread) {
      compare(segment, round.persons().at(person).name, round.now, round);
    }
    for (const CustomerId identity : round.renamed) compare(segment, identity, round.now, round);
  }
}

// Whether what was told of one external id still stands.
void LiveSegments::compare(Segment& segment, CustomerId identity, TimeMs ts, LiveRound& round) {
  const Persons::Entry entry = round.persons().at(identity);
  const bool is_name = entry.person != kNobody && round.persons().at(entry.person).name == identity;
  const bool is_member = is_name && segment.tree.holds(entry.person);
  for (auto& [consent, stream] : segment.streams) {
    const bool is_in = is_member && !round.may_be_told(consent).keeps_back(entry.person);
    if (is_in == stream.told.has(identity)) continue;
    is_in ? stream.told.add(identity) : stream.told.remove(identity);
    stream.changes.push_back({ts, identity, is_in});
  }
}

// Everybody, where that is due and each condition was found.
void LiveSegments::compare_behind(LiveRound& round) {
  for (auto& [name, segment] : segments_) {
    if (!segment.is_behind || !segment.problem.empty()) continue;
    const auto& atoms = segment.tree.atoms();
    const bool is_known =
        std::none_of(atoms.begin(), atoms.end(), [](const Atom* atom) { return atom->is_new; });
    if (is_known) compare_everyone(segment, round);
  }
}

void LiveSegments::compare_everyone(Segment& segment, LiveRound& round) {
  CustomerSet members = segment.tree.everyone(customers_);
  if (round.persons().absent > 0) intersect(members, people(round.snapshot.customers()));
  for (auto& [consent, stream] : segment.streams) {
    const ExitFilter& exit = round.may_be_told(consent);
    CustomerSet now(customers_);
    members.for_each_member([&](CustomerId person) {
      if (!exit.keeps_back(person)) now.add(round.persons().at(person).name);
    });
    CustomerSet left = stream.told;
    subtract(left, now);
    CustomerSet entered = now;
    subtract(entered, stream.told);
    left.for_each_member([&](CustomerId identity) {
      stream.changes.push_back({round.now, identity, false});
    });
    entered.for_each_member([&](CustomerId identity) {
      stream.changes.push_back({round.now, identity, true});
    });
    stream.told = std::move(now);
  }
  segment.is_behind = false;
}

MembershipUpdates LiveSegments::take_updates(const LiveRound& round) {
  MembershipUpdates updates;
  for (auto& [name, segment] : segments_) {
    if (segment.is_behind) continue;  // It has a problem, or is not known yet.
    for (auto& [consent, stream] : segment.streams) {
      std::vector<MembershipChange> changes = std::exchange(stream.changes, {});
      if (stream.number != 0 && changes.empty()) continue;
      MembershipUpdate& update = updates.streams.emplace_back();
      update.key = {name, consent};
      update.stream = stream.number;
      update.as_of = round.now;
      if (stream.number == 0) {
        update.members = IdList(list(stream.told));
        stream.is_sent = true;
        continue;
      }
      std::stable_sort(changes.begin(), changes.end(),
                       [](const auto& a, const auto& b) { return a.ts < b.ts; });
      update.changes = std::move(changes);
    }
  }
  return updates;
}

}  // namespace grapevine

#include "storage/identity_graph.hpp"

#include <algorithm>
#include <unordered_set>

#include <xxhash.h>

#include "storage/checkpoint/fields.hpp"

namespace grapevine {

std::size_t IdentityGraph::PairHash::operator()(const Pair& pair) const {
  const std::uint64_t both = (std::uint64_t{index(pair.from)} << 32) | index(pair.to);
  return XXH3_64bits_withSeed(&both, sizeof(both), static_cast<std::uint64_t>(pair.kind));
}

std::vector<CustomerId> IdentityGraph::note(IdentityLink::Kind kind, CustomerId from, CustomerId to,
                                            TimeMs ts, std::string_view message_id,
                                            std::uint32_t import) {
  if (from == to) return {};
  bool added = false;
  const std::uint32_t number = find_or_add({kind, from, to}, added);
  Merge& merge = merges_.edit(number);
  if (merge.import != import) merge.import = added ? import : 0;
  if (added) {
    merge.ts = ts;
    merge.message_id = message_id;
  } else if (!update(merge, ts, message_id)) {
    return {};
  }
  std::vector<CustomerId> ids;
  add_whole_group(from, ids);
  add_whole_group(to, ids);
  const bool was_active = is_active(number);
  const bool active = activate(number);
  if (active && !was_active && together_with(from).size() > kIdentitiesMax) {
    merges_.edit(number).refused = true;
    deactivate(number);
    if (kind == IdentityLink::Kind::Identify) find_owner(from);
  }
  if (!active) return {};
  return regroup(std::move(ids));
}

std::vector<CustomerId> IdentityGraph::undo(std::uint32_t merge, TimeMs when) {
  Merge& undone = merges_.edit(merge);
  if (undone.undone || undone.from == kNobody) return {};
  const bool was_active = is_active(merge);
  undone.undone = when;
  if (!was_active) return {};
  std::vector<CustomerId> ids;
  add_whole_group(undone.from, ids);
  deactivate(merge);
  if (undone.kind == IdentityLink::Kind::Identify) {
    find_owner(undone.from);  // The next identify call, if there is one, joins it to another now.
    if (const auto next = owners_.find(index(undone.from)); next != owners_.end()) {
      add_whole_group(merges_[next->second].to, ids);
    }
  }
  return regroup(std::move(ids));
}

void IdentityGraph::forget(std::span<const CustomerId> person) {
  for (const CustomerId identity : person) {
    const std::span<const std::uint32_t> numbers = merges_of(identity);
    for (const std::uint32_t number : std::vector<std::uint32_t>(numbers.begin(), numbers.end())) {
      forget_merge(number);
    }
    of_identity_.erase(index(identity));
    active_.erase(index(identity));
    owners_.erase(index(identity));
    groups_.erase(index(identity));
  }
}

void IdentityGraph::forget_merge(std::uint32_t number) {
  Merge& merge = merges_.edit(number);
  by_pair_.erase({merge.kind, merge.from, merge.to});
  for (const CustomerId end : {merge.from, merge.to}) {
    if (const auto found = of_identity_.find(index(end)); found != of_identity_.end()) {
      std::erase(found->second, number);
    }
  }
  merge = Merge{};
  merge.from = merge.to = kNobody;
}

std::vector<CustomerId> IdentityGraph::forget_import(std::uint32_t import) {
  std::vector<CustomerId> ids;
  for (std::uint32_t number = 0; number < merges_.size(); ++number) {
    const Merge merge = merges_[number];
    if (merge.import != import || merge.from == kNobody) continue;
    add_whole_group(merge.from, ids);
    add_whole_group(merge.to, ids);
    if (is_active(number)) deactivate(number);
    forget_merge(number);
    if (merge.kind == IdentityLink::Kind::Alias) continue;
    find_owner(merge.from);
    if (const auto next = owners_.find(index(merge.from)); next != owners_.end()) {
      add_whole_group(merges_[next->second].to, ids);
    }
  }
  return regroup(std::move(ids));
}

std::span<const CustomerId> IdentityGraph::group(CustomerId identity) const {
  const auto found = groups_.find(index(identity));
  return found == groups_.end() ? std::span<const CustomerId>() : found->second->members;
}

CustomerId IdentityGraph::name(CustomerId identity) const {
  const auto found = groups_.find(index(identity));
  return found == groups_.end() ? identity : found->second->name;
}

bool IdentityGraph::is_active(std::uint32_t number) const {
  const Merge& merge = merges_[number];
  if (merge.undone || merge.refused || merge.from == kNobody) return false;
  if (merge.kind == IdentityLink::Kind::Alias) return true;
  const auto owner = owners_.find(index(merge.from));
  return owner != owners_.end() && owner->second == number;
}

std::span<const std::uint32_t> IdentityGraph::merges_of(CustomerId identity) const {
  const auto found = of_identity_.find(index(identity));
  return found == of_identity_.end() ? std::span<const std::uint32_t>() : found->second;
}

void fields(auto& archive, Is<Merge> auto& merge) {
  archive(merge.kind, merge.from, merge.to, merge.ts, merge.message_id, merge.undone, merge.refused,
          merge.import);
}

SaveLater IdentityGraph::freeze() {
  return [merges = merges_.freeze()](FieldWriter& out) { merges.save(out); };
}

void IdentityGraph::load(FieldReader& in, std::size_t external_ids) {
  merges_.load(in);
  for (std::size_t number = 0; number < merges_.size(); ++number) {
    const Merge& merge = merges_[number];
    in.require(merge.kind <= IdentityLink::Kind::Alias &&
                   (merge.from == kNobody ||
                    (index(merge.from) < external_ids && index(merge.to) < external_ids)),
               "a merge of nobody");
  }
  if (!in.ok()) return;
  std::vector<CustomerId> ids;
  for (std::uint32_t number = 0; number < merges_.size(); ++number) {
    const Merge& merge = merges_[number];
    if (merge.from == kNobody) continue;
    by_pair_[{merge.kind, merge.from, merge.to}] = number;
    of_identity_[index(merge.from)].push_back(number);
    of_identity_[index(merge.to)].push_back(number);
    if (!merge.undone && !merge.refused) activate(number);
    ids.push_back(merge.from);
    ids.push_back(merge.to);
  }
  regroup(std::move(ids));
}

bool IdentityGraph::before(const Merge& a, const Merge& b) const {
  if (a.ts != b.ts) return a.ts < b.ts;
  if (a.message_id != b.message_id) return a.message_id < b.message_id;
  return first_by_id_(a.to, b.to);
}

// Lets a merge join its ids, unless it is an identify call and not the first of its anonymous id.
// Returns whether it joins them.
bool IdentityGraph::activate(std::uint32_t number) {
  const Merge& merge = merges_[number];
  if (merge.kind == IdentityLink::Kind::Identify) {
    const auto [owner, is_first] = owners_.try_emplace(index(merge.from), number);
    if (!is_first && owner->second != number) {
      if (!before(merge, merges_[owner->second])) return false;
      deactivate(owner->second);
      owners_[index(merge.from)] = number;
    }
  }
  for (const CustomerId end : {merge.from, merge.to}) {
    std::vector<std::uint32_t>& joined = active_[index(end)];
    if (std::find(joined.begin(), joined.end(), number) == joined.end()) joined.push_back(number);
  }
  return true;
}

void IdentityGraph::deactivate(std::uint32_t number) {
  const Merge& merge = merges_[number];
  for (const CustomerId end : {merge.from, merge.to}) std::erase(active_[index(end)], number);
  const auto owner = owners_.find(index(merge.from));
  const bool is_owner = owner != owners_.end() && owner->second == number;
  if (merge.kind == IdentityLink::Kind::Identify && is_owner) owners_.erase(owner);
}

// Finds the first identify call that says whose an anonymous id is, among those that may.
void IdentityGraph::find_owner(CustomerId anonymous) {
  for (const std::uint32_t number : merges_of(anonymous)) {
    const Merge& merge = merges_[number];
    if (merge.kind != IdentityLink::Kind::Identify || merge.from != anonymous) continue;
    if (!merge.undone && !merge.refused) activate(number);
  }
}

// Everyone whom active merges join to an external id, itself included, ascending.
IdentityGraph::Group IdentityGraph::together_with(CustomerId identity) const {
  Group found{identity};
  std::unordered_set<std::uint32_t> seen{index(identity)};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto joined = active_.find(index(found[i]));
    if (joined == active_.end()) continue;
    for (const std::uint32_t number : joined->second) {
      for (const CustomerId end : {merges_[number].from, merges_[number].to}) {
        if (seen.insert(index(end)).second) found.push_back(end);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

void IdentityGraph::add_whole_group(CustomerId identity, std::vector<CustomerId>& ids) const {
  const std::span<const CustomerId> members = group(identity);
  ids.insert(ids.end(), members.begin(), members.end());
  if (members.empty()) ids.push_back(identity);
}

std::vector<CustomerId> IdentityGraph::regroup(std::vector<CustomerId> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (const CustomerId identity : ids) groups_.erase(index(identity));
  for (const CustomerId identity : ids) {
    if (groups_.contains(index(identity))) continue;
    Group members = together_with(identity);
    if (members.size() == 1) continue;
    const CustomerId name = name_of(members);
    const auto named = std::make_shared<const NamedGroup>(NamedGroup{std::move(members), name});
    for (const CustomerId member : named->members) groups_[index(member)] = named;
  }
  return ids;
}

CustomerId IdentityGraph::name_of(const Group& members) const {
  const Merge* alias = nullptr;
  const Merge* identify = nullptr;
  for (const CustomerId member : members) {
    for (const std::uint32_t number : active_.at(index(member))) {
      const Merge& merge = merges_[number];
      const bool is_alias = merge.kind == IdentityLink::Kind::Alias;
      if (is_alias && (alias == nullptr || before(*alias, merge))) alias = &merge;
      if (!is_alias) identify = &merge;  // Without an alias all of them say the same userId.
    }
  }
  return alias != nullptr ? alias->to : identify->to;
}

// Whether the call changes what is known of the merge: the first identify call counts, and the
// last alias call.
bool IdentityGraph::update(Merge& merge, TimeMs ts, std::string_view message_id) const {
  const bool is_alias = merge.kind == IdentityLink::Kind::Alias;
  if (merge.refused || (merge.undone && (!is_alias || ts <= *merge.undone))) return false;
  const bool earlier = ts != merge.ts ? ts < merge.ts : message_id < merge.message_id;
  const bool same = ts == merge.ts && message_id == merge.message_id;
  if (!merge.undone && (same || earlier == is_alias)) return false;
  merge.undone.reset();
  merge.ts = ts;
  merge.message_id = message_id;
  return true;
}

std::uint32_t IdentityGraph::find_or_add(const Pair& pair, bool& added) {
  const auto [entry, is_new] =
      by_pair_.try_emplace(pair, static_cast<std::uint32_t>(merges_.size()));
  added = is_new;
  if (is_new) {
    Merge merge;
    merge.kind = pair.kind;
    merge.from = pair.from;
    merge.to = pair.to;
    merges_.push_back(std::move(merge));
    of_identity_[index(pair.from)].push_back(entry->second);
    of_identity_[index(pair.to)].push_back(entry->second);
  }
  return entry->second;
}

}  // namespace grapevine

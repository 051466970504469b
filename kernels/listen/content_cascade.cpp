#include "kernels/listen/content_cascade.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <variant>

#include <absl/container/flat_hash_map.h>

#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::uint32_t kNone = CascadeNode::kNoContent;
constexpr std::array<std::string_view, 2> kTaking{"Post Shared", "Post Replied"};

class Codes {
 public:
  Codes(const Run& run, CoreColumn column)
      : column_(run.column(column_id(column))),
        codes_(column_ == nullptr ? nullptr : std::get_if<CodeValues>(&column_->values)) {}

  [[nodiscard]] bool any() const { return codes_ != nullptr; }
  [[nodiscard]] std::uint32_t at(std::size_t row) const {
    if (codes_ == nullptr || !column_->has(row)) return kNone;
    return static_cast<std::uint32_t>(codes_->codes.at(row));
  }

 private:
  const RunColumn* column_;
  const CodeValues* codes_;
};

// Calls `body(live, name)` with the runs of the events by which something is taken on.
template <typename Body>
void for_each_run(const Snapshot& snapshot, const Body& body) {
  for (const auto& part : snapshot.parts()) {
    for (const std::string_view name : kTaking) {
      if (const LiveRun* live = part->run(snapshot.find_event(name))) body(*live, name);
    }
  }
}

// What each content was made of; kNone where nothing is known. Of several that are said of one the
// smallest counts, so that the order of rows does not matter.
std::vector<std::uint32_t> parents_of(const Snapshot& snapshot, std::size_t contents,
                                      TimeMs as_of) {
  std::vector<std::uint32_t> parents(contents, kNone);
  for_each_run(snapshot, [&](const LiveRun& live, std::string_view) {
    const Codes made(*live, CoreColumn::ContentId), of(*live, CoreColumn::ParentId);
    if (!made.any() || !of.any()) return;
    for (std::size_t row = 0; row < live->size(); ++row) {
      const std::uint32_t child = made.at(row), parent = of.at(row);
      if (child >= contents || parent >= contents || child == parent) continue;
      if (live.is_dead(row) || live->time(row) > as_of) continue;
      parents[child] = std::min(parents[child], parent);
    }
  });
  return parents;
}

// Which contents come from one, itself included. Whoever leads into a circle comes from nothing.
std::vector<bool> descendants_of(std::uint32_t root, const std::vector<std::uint32_t>& parents) {
  enum : std::uint8_t { kUnknown, kOnTheWay, kInside, kOutside };
  std::vector<std::uint8_t> state(parents.size(), kUnknown);
  state[root] = kInside;
  std::vector<std::uint32_t> way;
  for (std::uint32_t begin = 0; begin < parents.size(); ++begin) {
    std::uint32_t at = begin;
    way.clear();
    while (at != kNone && state[at] == kUnknown) {
      state[at] = kOnTheWay;
      way.push_back(at);
      at = parents[at];
    }
    const std::uint8_t found = at != kNone && state[at] == kInside ? kInside : kOutside;
    for (const std::uint32_t content : way) state[content] = found;
  }
  std::vector<bool> inside(parents.size());
  for (std::size_t i = 0; i < state.size(); ++i) inside[i] = state[i] == kInside;
  return inside;
}

// A row on its way into the tree.
struct Taken {
  CascadeNode node;
  std::uint32_t parent = kNone;  // Content.
  CustomerId target = kNobody;   // Person.
};

auto order_of(const CascadeNode& node) { return std::tie(node.ts, node.sequence); }

// The first event that has the content, whatever its name.
std::optional<CascadeNode> find_origin(const Snapshot& snapshot, std::uint32_t content,
                                       TimeMs as_of, const Stop& stop) {
  std::optional<CascadeNode> origin;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      const Codes made(*live, CoreColumn::ContentId);
      if (!made.any() || stop.requested()) continue;
      for (std::size_t row = 0; row < live->size(); ++row) {
        if (made.at(row) != content || live.is_dead(row) || live->time(row) > as_of) continue;
        CascadeNode node;
        node.person = live->customers[row];
        node.ts = live->time(row);
        node.sequence = live->sequences.at(row);
        node.content = content;
        if (!origin || order_of(node) < order_of(*origin)) origin = node;
      }
    }
  }
  return origin;
}

std::vector<Taken> find_taken(const Snapshot& snapshot, const std::vector<bool>& inside,
                              std::uint32_t root, TimeMs as_of) {
  std::vector<Taken> taken;
  for_each_run(snapshot, [&](const LiveRun& live, std::string_view name) {
    const Codes made(*live, CoreColumn::ContentId), of(*live, CoreColumn::ParentId);
    if (!of.any()) return;
    for (std::size_t row = 0; row < live->size(); ++row) {
      const std::uint32_t parent = of.at(row);
      if (parent >= inside.size() || !inside[parent]) continue;
      if (live.is_dead(row) || live->time(row) > as_of || made.at(row) == root) continue;
      Taken one;
      one.node.person = live->customers[row];
      one.node.ts = live->time(row);
      one.node.sequence = live->sequences.at(row);
      one.node.content = made.at(row);
      one.node.is_share = name == kTaking[0];
      one.parent = parent;
      one.target = snapshot.target(*live, row);
      taken.push_back(one);
    }
  });
  std::sort(taken.begin(), taken.end(),
            [](const Taken& a, const Taken& b) { return order_of(a.node) < order_of(b.node); });
  return taken;
}

// Says of each who came before them; contents that are stated later than what was made of them hang
// on the content itself.
void hang(const std::vector<Taken>& taken, ContentCascade& cascade) {
  absl::flat_hash_map<std::uint32_t, std::uint32_t> of_content;
  absl::flat_hash_map<CustomerId, std::uint32_t> last_of;
  of_content.emplace(cascade.nodes.front().content, 0);
  last_of[cascade.nodes.front().person] = 0;
  for (const Taken& one : taken) {
    CascadeNode node = one.node;
    const auto parent = of_content.find(one.parent);
    if (parent != of_content.end()) node.parent = parent->second;
    const auto target = one.target == kNobody ? last_of.end() : last_of.find(one.target);
    if (target != last_of.end() && one.target != cascade.nodes[node.parent].person) {
      node.parent = target->second;
    }
    node.depth = cascade.nodes[node.parent].depth + 1;
    const auto place = static_cast<std::uint32_t>(cascade.nodes.size());
    if (node.content != kNone) of_content.emplace(node.content, place);
    last_of[node.person] = place;
    (node.is_share ? cascade.shares : cascade.replies) += 1;
    cascade.depth = std::max(cascade.depth, node.depth);
    cascade.nodes.push_back(node);
  }
}

}  // namespace

absl::StatusOr<ContentCascade> trace_content(const Snapshot& snapshot, std::uint32_t content,
                                             TimeMs as_of, const Stop& stop) {
  const auto& dictionary = snapshot.columns()[index(column_id(CoreColumn::ContentId))].dictionary;
  const std::size_t contents = dictionary == nullptr ? 0 : dictionary->size();
  if (content >= contents) return absl::NotFoundError("no event has this content");
  const std::vector<std::uint32_t> parents = parents_of(snapshot, contents, as_of);
  if (stop.requested()) return absl::CancelledError("stopped while reading contents");
  const std::vector<Taken> taken =
      find_taken(snapshot, descendants_of(content, parents), content, as_of);
  const auto origin = find_origin(snapshot, content, as_of, stop);
  if (stop.requested()) return absl::CancelledError("stopped while reading contents");
  if (!origin && taken.empty()) return absl::NotFoundError("no event has this content");
  ContentCascade cascade;
  if (origin) {
    cascade.nodes.push_back(*origin);
  } else {
    CascadeNode nobody;
    nobody.person = kNobody;
    nobody.ts = taken.front().node.ts;
    nobody.content = content;
    cascade.nodes.push_back(nobody);
  }
  hang(taken, cascade);
  return cascade;
}

}  // namespace grapevine

#include "api/plan/segment_graph.hpp"

#include <algorithm>

#include "api/parse/mistakes.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/plan/segment_document.hpp"

namespace grapevine {

SegmentGraph::SegmentGraph(const Snapshot& snapshot) {
  for (const std::string_view name : segment_names(snapshot)) {
    const auto segment = find_segment(snapshot, name);
    Mistakes ignored;  // It was checked when it was stored.
    const auto definition =
        segment ? parse_definition(segment->definition, "", ignored) : std::nullopt;
    if (!definition) continue;
    for (std::string& nested : nested_segments(*definition)) {
      used_by_[nested].emplace_back(name);
      uses_[std::string(name)].push_back(std::move(nested));
    }
  }
}

std::vector<std::string> SegmentGraph::used_by(std::string_view name) const {
  const auto users = used_by_.find(name);
  return users == used_by_.end() ? std::vector<std::string>{} : users->second;
}

// Stored segments form no circle, so this ends; it recurses at most as deep as they nest, which
// every change of one holds to kNestingMax.
std::size_t SegmentGraph::levels(const Edges& edges, const std::string& name,
                                 std::map<std::string, std::size_t>& known) {
  if (const auto found = known.find(name); found != known.end()) return found->second;
  std::size_t most = 0;
  if (const auto next = edges.find(name); next != edges.end()) {
    for (const std::string& neighbour : next->second) {
      most = std::max(most, 1 + levels(edges, neighbour, known));
    }
  }
  return known[name] = most;
}

std::size_t SegmentGraph::levels_above(const std::string& name) const {
  std::map<std::string, std::size_t> known;
  return levels(used_by_, name, known);
}

std::size_t SegmentGraph::levels_below(const std::vector<std::string>& nested) const {
  std::map<std::string, std::size_t> known;
  std::size_t most = 0;
  for (const std::string& name : nested) most = std::max(most, 1 + levels(uses_, name, known));
  return most;
}

}  // namespace grapevine

#include "kernels/influence/content_actions.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 4> kPosts{"Post Created", "Post Shared", "Post Replied",
                                                 "Post Liked"};
constexpr std::array<std::string_view, 3> kProducts{"Order Item", "Product Shared",
                                                    "Product Reviewed"};
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr int kThreadMax = 64;

// A column of codes, of which a run may have none.
class Codes {
 public:
  Codes(const Run& run, CoreColumn column)
      : column_(run.column(column_id(column))),
        codes_(column_ == nullptr ? nullptr : std::get_if<CodeValues>(&column_->values)) {}

  [[nodiscard]] std::uint32_t at(std::size_t row) const {
    if (codes_ == nullptr || !column_->has(row)) return kNone;
    return static_cast<std::uint32_t>(codes_->codes.at(row));
  }

 private:
  const RunColumn* column_;
  const CodeValues* codes_;
};

std::vector<const LiveRun*> runs_of(const Snapshot& snapshot,
                                    std::span<const std::string_view> names) {
  std::vector<const LiveRun*> runs;
  for (const auto& part : snapshot.parts()) {
    for (const std::string_view name : names) {
      if (const LiveRun* run = part->run(snapshot.find_event(name))) runs.push_back(run);
    }
  }
  return runs;
}

std::size_t distinct_of(const Snapshot& snapshot, CoreColumn column) {
  const auto& dictionary = snapshot.columns()[index(column_id(column))].dictionary;
  return dictionary == nullptr ? 0 : dictionary->size();
}

// The content that each one answers or shares; kNone where it begins a thread. Of several that say
// so of one content the smallest counts, so that the order of rows does not matter.
std::vector<std::uint32_t> parents_of(const Snapshot& snapshot,
                                      std::span<const LiveRun* const> posts, TimeMs as_of) {
  std::vector<std::uint32_t> parents(distinct_of(snapshot, CoreColumn::ContentId), kNone);
  for (const LiveRun* run : posts) {
    const Codes contents(**run, CoreColumn::ContentId);
    const Codes answered(**run, CoreColumn::ParentId);
    for (std::size_t row = 0; row < (*run)->size(); ++row) {
      const std::uint32_t content = contents.at(row);
      const std::uint32_t parent = answered.at(row);
      if (content >= parents.size() || parent >= parents.size() || content == parent) continue;
      if (run->is_dead(row) || (*run)->time(row) > as_of) continue;
      parents[content] = std::min(parents[content], parent);
    }
  }
  return parents;
}

std::uint32_t thread_of(const std::vector<std::uint32_t>& parents, std::uint32_t content) {
  for (int step = 0; step < kThreadMax && parents[content] != kNone; ++step) {
    content = parents[content];
  }
  return content;
}

}  // namespace

absl::StatusOr<std::vector<Action>> content_actions(const Snapshot& snapshot,
                                                    const ListenGraph& graph, TimeMs as_of,
                                                    const Stop& stop) {
  const std::vector<const LiveRun*> posts = runs_of(snapshot, kPosts);
  const std::vector<const LiveRun*> products = runs_of(snapshot, kProducts);
  const std::vector<std::uint32_t> parents = parents_of(snapshot, posts, as_of);
  std::vector<Vertex> vertex_of(snapshot.customers().count(), kNone);
  for (Vertex v = 0; v < graph.vertices(); ++v) vertex_of[index(graph.people[v])] = v;

  std::vector<std::vector<Action>> found(posts.size() + products.size());
  for_each(found.size(), [&](std::size_t i) {
    if (stop.requested()) return;
    const bool is_post = i < posts.size();
    const LiveRun& live = is_post ? *posts[i] : *products[i - posts.size()];
    const Run& run = *live;
    const Codes contents(run, is_post ? CoreColumn::ContentId : CoreColumn::ProductId);
    const Codes answered(run, CoreColumn::ParentId);
    for (std::size_t row = 0; row < run.size(); ++row) {
      std::uint32_t content = contents.at(row);
      if (is_post && answered.at(row) != kNone) content = answered.at(row);
      const Vertex person = vertex_of[index(run.customers[row])];
      if (content == kNone || person == kNone || live.is_dead(row)) continue;
      const TimeMs time = run.time(row);
      if (time > as_of) continue;
      if (is_post && content < parents.size()) content = thread_of(parents, content);
      if (!is_post) content += static_cast<std::uint32_t>(parents.size());
      found[i].push_back({person, content, time});
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading who shared what");
  std::vector<Action> actions;
  for (const std::vector<Action>& of_run : found) {
    actions.insert(actions.end(), of_run.begin(), of_run.end());
  }
  return actions;
}

}  // namespace grapevine

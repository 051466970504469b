#include "kernels/influence/pair_search.hpp"

#include <optional>

#include "kernels/influence/way_count.hpp"

namespace grapevine {

template <typename Count>
class PairSearch::Counted {
 public:
  explicit Counted(const ListenGraph& graph)
      : sides_{Side(graph.listeners, graph.influencers), Side(graph.influencers, graph.listeners)},
        share_(graph.vertices()) {}

  // Nothing: the ways are too many to be counted like this.
  std::optional<std::span<const OnWay>> find(Vertex source, Vertex target) {
    found_.clear();
    meeting_.clear();
    if (source == target) return found_;
    sides_[0].begin(source);
    sides_[1].begin(target);
    while (meeting_.empty() && sides_[0].frontier_edges != 0 && sides_[1].frontier_edges != 0) {
      const std::size_t fewer = sides_[0].frontier_edges <= sides_[1].frontier_edges ? 0 : 1;
      sides_[fewer].expand(sides_[1 - fewer], meeting_);
    }
    const bool counted = meeting_.empty() || share_ways(source, target);
    for (Side& side : sides_) side.clear();
    if (!counted) return std::nullopt;
    return found_;
  }

 private:
  struct Side {
    Side(const Adjacency& away, const Adjacency& back)
        : away_from_end(&away),
          back_to_end(&back),
          count(away.offsets.size() - 1),
          level(away.offsets.size() - 1) {}

    void begin(Vertex end) {
      reached = {end};
      frontier = 0;
      depth = 1;
      level[end] = 1;
      count[end] = Count(1.0);
      frontier_edges = away_from_end->degree(end);
    }

    void expand(const Side& other, std::vector<Vertex>& meeting) {
      ++depth;
      frontier_edges = 0;
      const std::size_t frontier_end = reached.size();
      for (; frontier != frontier_end; ++frontier) {
        const Vertex v = reached[frontier];
        const Count ways = count[v];
        for (const Vertex next : away_from_end->of(v)) {
          if (level[next] == 0) {
            level[next] = depth;
            count[next] = ways;
            reached.push_back(next);
            frontier_edges += away_from_end->degree(next);
            if (other.level[next] != 0) meeting.push_back(next);
          } else if (level[next] == depth) {
            count[next] += ways;
          }
        }
      }
    }

    void clear() {
      for (const Vertex v : reached) level[v] = 0;
      reached.clear();
    }

    const Adjacency* away_from_end;
    const Adjacency* back_to_end;
    std::vector<Count> count;          // Shortest ways to the end; of those reached.
    std::vector<std::uint32_t> level;  // 0: not reached; 1: the end itself.
    std::vector<Vertex> reached;       // Level by level.
    std::size_t frontier = 0;          // Where the last level begins in `reached`.
    std::size_t frontier_edges = 0;
    std::uint32_t depth = 1;
  };

  // Every shortest way leads through one of those where the sides met, and from there back to both
  // ends by levels.
  bool share_ways(Vertex source, Vertex target) {
    Count ways{};
    for (const Vertex v : meeting_) ways += sides_[0].count[v] * sides_[1].count[v];
    if (is_too_large(ways)) return false;
    for (const Vertex v : meeting_) {
      share_[v] = share_of(sides_[0].count[v] * sides_[1].count[v], ways);
      found_.push_back({v, share_[v]});
    }
    for (const Side& side : sides_) walk_back(side);
    for (const OnWay& on : found_) share_[on.person] = 0.0;
    std::erase_if(found_,
                  [=](const OnWay& on) { return on.person == source || on.person == target; });
    return true;
  }

  void walk_back(const Side& side) {
    level_ = meeting_;
    for (std::uint32_t depth = side.level[meeting_.front()]; depth > 2; --depth) {
      next_level_.clear();
      for (const Vertex v : level_) {
        for (const Vertex nearer : side.back_to_end->of(v)) {
          if (side.level[nearer] + 1 != depth) continue;
          const double share = share_[v] * share_of(side.count[nearer], side.count[v]);
          if (share == 0.0) continue;  // Less than a double can tell from nothing.
          if (share_[nearer] == 0.0) next_level_.push_back(nearer);
          share_[nearer] += share;
        }
      }
      level_.swap(next_level_);
      for (const Vertex v : level_) found_.push_back({v, share_[v]});
    }
  }

  std::array<Side, 2> sides_;  // From the source, and from the target.
  std::vector<double> share_;  // 0 but for those being shared out.
  std::vector<Vertex> meeting_;
  std::vector<Vertex> level_;
  std::vector<Vertex> next_level_;
  std::vector<OnWay> found_;
};

PairSearch::PairSearch(const ListenGraph& graph)
    : graph_(&graph), narrow_(std::make_unique<Counted<double>>(graph)) {}
PairSearch::PairSearch(PairSearch&&) noexcept = default;
PairSearch::~PairSearch() = default;

std::span<const OnWay> PairSearch::find(Vertex source, Vertex target) {
  if (const auto found = narrow_->find(source, target)) return *found;
  if (wide_ == nullptr) wide_ = std::make_unique<Counted<WideCount>>(*graph_);
  return wide_->find(source, target).value();
}

}  // namespace grapevine

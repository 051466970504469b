#include "kernels/influence/dependency_search.hpp"

#include <optional>

#include "kernels/influence/way_count.hpp"

namespace grapevine {

template <typename Count>
class DependencySearch::Counted {
 public:
  explicit Counted(const ListenGraph& graph)
      : listeners_(&graph.listeners),
        count_(graph.vertices()),
        level_(graph.vertices()),
        dependency_(graph.vertices()) {}

  // Nothing: the ways are too many to be counted like this.
  std::optional<std::span<const Reached>> find(Vertex source) {
    found_.clear();
    const bool counted = search(source);
    if (counted) gather_dependencies();
    for (const Reached& reached : found_) level_[reached.person] = 0;
    if (!counted) return std::nullopt;
    return std::span<const Reached>(found_).subspan(1);
  }

 private:
  bool search(Vertex source) {
    bool countable = true;
    level_[source] = 1;
    count_[source] = Count(1.0);
    found_.push_back({source});
    for (std::size_t i = 0; i != found_.size(); ++i) {
      const Vertex v = found_[i].person;
      const Count ways = count_[v];
      countable = countable && !is_too_large(ways);
      const std::uint32_t below = level_[v] + 1;
      for (const Vertex next : listeners_->of(v)) {
        if (level_[next] == 0) {
          level_[next] = below;
          count_[next] = ways;
          found_.push_back({next});
        } else if (level_[next] == below) {
          count_[next] += ways;
        }
      }
    }
    return countable;
  }

  // From the furthest to the nearest: those below somebody are done before them.
  void gather_dependencies() {
    for (std::size_t i = found_.size(); i-- > 1;) {
      Reached& reached = found_[i];
      const Vertex v = reached.person;
      double dependency = 0.0;
      for (const Vertex next : listeners_->of(v)) {
        if (level_[next] != level_[v] + 1) continue;
        dependency += share_of(count_[v], count_[next]) * (1.0 + dependency_[next]);
      }
      reached.dependency = dependency_[v] = dependency;
    }
  }

  const Adjacency* listeners_;
  std::vector<Count> count_;
  std::vector<std::uint32_t> level_;  // 0: not reached; 1: the source.
  std::vector<double> dependency_;
  std::vector<Reached> found_;  // The source first.
};

DependencySearch::DependencySearch(const ListenGraph& graph)
    : graph_(&graph), narrow_(std::make_unique<Counted<double>>(graph)) {}
DependencySearch::DependencySearch(DependencySearch&&) noexcept = default;
DependencySearch::~DependencySearch() = default;

std::span<const DependencySearch::Reached> DependencySearch::find(Vertex source) {
  if (const auto found = narrow_->find(source)) return *found;
  if (wide_ == nullptr) wide_ = std::make_unique<Counted<WideCount>>(*graph_);
  return wide_->find(source).value();
}

}  // namespace grapevine

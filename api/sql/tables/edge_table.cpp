#include "api/sql/tables/edge_table.hpp"

#include <algorithm>

#include "api/live/graph_view.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/people_codes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

enum : std::size_t { kInfluencer, kListener, kWeight, kProbability };

class EdgeSource final : public BlockSource {
 public:
  EdgeSource(std::shared_ptr<const SocialGraph> graph,
             std::shared_ptr<const PassProbabilities> passing, std::vector<std::size_t> columns,
             QueryContext& context)
      : graph_(std::move(graph)),
        passing_(std::move(passing)),
        columns_(std::move(columns)),
        context_(context) {}

  std::size_t morsels() const override { return (rows() + kBlockRows - 1) / kBlockRows; }
  std::uint64_t rows() const override { return graph_->listening().edges(); }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const std::size_t begin = morsel * kBlockRows;
    const std::size_t end = std::min<std::size_t>(begin + kBlockRows, rows());
    Block block{end - begin, {}};
    for (const std::size_t column : columns_) block.columns.push_back(make(column, begin, end));
    context_.progress.read_rows.fetch_add(block.rows, std::memory_order_relaxed);
    context_.progress.read_bytes.fetch_add(block.rows * columns_.size() * 8,
                                           std::memory_order_relaxed);
    return consume(std::move(block));
  }

 private:
  ColumnPtr make(std::size_t column, std::size_t begin, std::size_t end) const {
    const ListenGraph& graph = graph_->listening();
    const Adjacency& edges = graph.listeners;
    if (column == kInfluencer || column == kListener) {
      std::vector<std::uint32_t> people(end - begin);
      // The vertex whose edges `begin` is among: the last one that begins there or before.
      const auto after = std::upper_bound(edges.offsets.begin(), edges.offsets.end(), begin);
      auto influencer = static_cast<Vertex>(after - edges.offsets.begin() - 1);
      for (std::size_t edge = begin; edge < end; ++edge) {
        while (edges.offsets[influencer + 1] <= edge) ++influencer;
        const Vertex person = column == kInfluencer ? influencer : edges.neighbors[edge];
        people[edge - begin] = index(graph.people[person]);
      }
      return people_column(std::move(people), context_);
    }
    auto made = new_fixed(plain(TypeId::Float64), end - begin);
    const auto values = made->fixed<double>();
    const std::vector<float>& from = column == kWeight ? edges.weights : passing_->to_listeners;
    for (std::size_t edge = begin; edge < end; ++edge) values[edge - begin] = from[edge];
    return made;
  }

  std::shared_ptr<const SocialGraph> graph_;
  std::shared_ptr<const PassProbabilities> passing_;  // nullptr: nobody reads it.
  std::vector<std::size_t> columns_;
  QueryContext& context_;
};

}  // namespace

EdgeTable::EdgeTable()
    : columns_{
          {"influencer", plain(TypeId::String), "Who is heard"},
          {"listener", plain(TypeId::String), "Who listens"},
          {"weight", plain(TypeId::Float64), "Share of the listener's attention"},
          {"probability", plain(TypeId::Float64), "That word passes, by the weighted cascade"}} {}

absl::StatusOr<Scan> EdgeTable::scan(const ScanRequest& request, QueryContext& context) const {
  GRAPEVINE_ASSIGN_OR_RETURN(
      const auto graph,
      context.api.graph.at(*context.snapshot, context.api.now_ms, context.api.stop));
  std::shared_ptr<const PassProbabilities> passing;
  const auto& wanted = request.columns;
  if (std::find(wanted.begin(), wanted.end(), kProbability) != wanted.end()) {
    GRAPEVINE_ASSIGN_OR_RETURN(passing, graph->weighted_cascade());
  }
  return Scan{std::make_shared<EdgeSource>(graph, std::move(passing), wanted, context),
              request.conditions,
              {}};
}

}  // namespace grapevine::sql

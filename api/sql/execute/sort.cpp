#include <algorithm>

#include "api/sql/execute/lanes.hpp"
#include "api/sql/execute/operators.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/sort_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Rows of some columns in another order, a block after the other.
class SortedSource final : public BlockSource {
 public:
  SortedSource(std::vector<ColumnPtr> columns, std::vector<std::uint32_t> order, MemoryLease lease)
      : columns_(std::move(columns)), order_(std::move(order)), lease_(std::move(lease)) {}

  std::size_t morsels() const override { return blocks_of(order_.size(), kBlockRows); }
  std::uint64_t rows() const override { return order_.size(); }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const std::size_t begin = morsel * kBlockRows;
    const std::size_t count = std::min(kBlockRows, order_.size() - begin);
    Block block{count, {}};
    for (const ColumnPtr& column : columns_) {
      block.columns.push_back(gather_present(column, std::span(order_).subspan(begin, count)));
    }
    return consume(std::move(block));
  }

 private:
  std::vector<ColumnPtr> columns_;
  std::vector<std::uint32_t> order_;
  MemoryLease lease_;
};

// Rows of a lane with the columns that they are sorted by behind their own.
struct Gathered {
  std::vector<Block> blocks;
  std::size_t rows = 0;
  std::size_t bytes = 0;
};

std::vector<SortKey> keys_of(const Plan& plan, std::span<const ColumnPtr> columns) {
  const std::size_t first = columns.size() - plan.order.size();
  std::vector<SortKey> keys;
  for (std::size_t i = 0; i < plan.order.size(); ++i) {
    keys.push_back({columns[first + i], plan.order[i].descending, plan.order[i].nulls_first});
  }
  return keys;
}

// Of what was gathered, only the first rows by order.
absl::Status cut(const Plan& plan, const std::vector<DataType>& types, std::size_t limit,
                 const Stop& stop, Gathered& gathered) {
  std::vector<ColumnPtr> columns = joined(gathered.blocks, types);
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<std::uint32_t> order,
                             sort_rows(keys_of(plan, columns), gathered.rows, limit, stop));
  // In the order in which they came, so that ties stay as they are.
  std::sort(order.begin(), order.end());
  for (ColumnPtr& column : columns) column = gather_present(column, order);
  gathered.rows = order.size();
  gathered.blocks.clear();
  gathered.blocks.push_back({order.size(), std::move(columns)});
  gathered.bytes = bytes_of(gathered.blocks.front());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_sort(const Plan& plan,
                                                                const BlockSource& input,
                                                                QueryContext& context) {
  std::vector<DataType> types = types_of(plan.columns);
  for (const BoundOrder& item : plan.order) types.push_back(item.expression->type);
  constexpr std::uint64_t kCutMax = 100'000;
  const bool cuts = plan.limit <= kCutMax;
  const std::size_t cut_at =
      cuts ? std::max<std::size_t>(4 * static_cast<std::size_t>(plan.limit), 65'536) : 0;

  const auto stretches = lanes_of(input);
  std::vector<Gathered> lanes(stretches.size());
  std::vector<MemoryLease> leases;
  for (std::size_t i = 0; i < stretches.size(); ++i) leases.emplace_back(context.memory);
  const auto read = [&](std::size_t lane, std::size_t morsel) {
    Gathered& gathered = lanes[lane];
    const auto take = [&](Block block) -> absl::Status {
      Evaluator evaluate(block);
      std::vector<ColumnPtr> keys;
      for (const BoundOrder& item : plan.order) {
        GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr key, evaluate(item.expression));
        keys.push_back(std::move(key));
      }
      for (ColumnPtr& key : keys) block.columns.push_back(std::move(key));
      gathered.rows += block.rows;
      gathered.bytes += bytes_of(block);
      gathered.blocks.push_back(std::move(block));
      if (cuts && gathered.rows > cut_at) {
        GRAPEVINE_RETURN_IF_ERROR(
            cut(plan, types, static_cast<std::size_t>(plan.limit), context.api.stop, gathered));
      }
      return leases[lane].hold(gathered.bytes);
    };
    return input.read(morsel, take);
  };
  GRAPEVINE_RETURN_IF_ERROR(read_lanes(input, stretches, read));

  Gathered all;
  for (Gathered& lane : lanes) {
    all.rows += lane.rows;
    all.bytes += lane.bytes;
    for (Block& block : lane.blocks) all.blocks.push_back(std::move(block));
  }
  if (all.rows >= kNoRow) {
    return absl::ResourceExhaustedError("more rows than can be sorted at once (4 billion)");
  }
  MemoryLease lease(context.memory);
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(all.bytes + all.rows * sizeof(std::uint32_t)));
  std::vector<ColumnPtr> columns = joined(all.blocks, types);
  all.blocks.clear();
  leases.clear();
  const std::vector<SortKey> keys = keys_of(plan, columns);
  const auto limit = static_cast<std::size_t>(std::min<std::uint64_t>(plan.limit, all.rows));
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<std::uint32_t> order,
                             sort_rows(keys, all.rows, limit, context.api.stop));
  columns.resize(plan.columns.size());
  return std::shared_ptr<const BlockSource>(
      std::make_shared<SortedSource>(std::move(columns), std::move(order), std::move(lease)));
}

}  // namespace grapevine::sql

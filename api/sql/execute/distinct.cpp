#include <optional>

#include "api/sql/execute/lanes.hpp"
#include "api/sql/execute/operators.hpp"
#include "kernels/query/group_table.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Floats with 0 for -0, which is equal to it.
ColumnPtr without_negative_zero(ColumnPtr column) {
  const TypeId id = column->type.id;
  if (!is_float(id)) return column;
  auto copy = new_fixed(column->type, column->rows, column->constant);
  copy->nulls = column->nulls;
  const auto add_zero = [&]<typename Value>(Value zero) {
    const std::span<const Value> from = column->fixed<Value>();
    const std::span<Value> to = copy->fixed<Value>();
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i] + zero;
  };
  id == TypeId::Float64 ? add_zero(0.0) : add_zero(0.0F);
  return copy;
}

// Keeps the first row of each key that a table has not seen.
class NewKeys {
 public:
  explicit NewKeys(const std::vector<BoundPtr>& keys)
      : keys_(keys), table_([&] {
          std::vector<DataType> types;
          for (const BoundPtr& key : keys) types.push_back(key->type);
          return types;
        }()) {}

  /// Leaves those rows in the block.
  absl::Status keep(Block& block) {
    GRAPEVINE_ASSIGN_OR_RETURN(std::vector<ColumnPtr> keys, evaluate_all(keys_, block));
    for (ColumnPtr& key : keys) key = without_negative_zero(std::move(key));
    groups_.resize(block.rows);
    std::size_t known = table_.size();
    table_.assign(keys, block.rows, groups_);
    std::vector<std::uint8_t> mask(block.rows, 0);
    std::size_t count = 0;
    for (std::size_t row = 0; row < block.rows; ++row) {
      if (groups_[row] < known) continue;  // Groups are numbered in order of their first rows.
      mask[row] = 1;
      ++known;
      ++count;
    }
    for (ColumnPtr& column : block.columns) {
      if (count < block.rows) column = filter(column, mask, count);
    }
    block.rows = count;
    return absl::OkStatus();
  }
  [[nodiscard]] std::size_t bytes() const { return table_.bytes(); }

 private:
  const std::vector<BoundPtr>& keys_;
  GroupTable table_;
  std::vector<std::uint32_t> groups_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_distinct(const Plan& plan,
                                                                    const BlockSource& input,
                                                                    QueryContext& context) {
  const auto stretches = lanes_of(input);
  std::vector<std::vector<Block>> lanes(stretches.size());
  std::vector<MemoryLease> leases;
  for (std::size_t i = 0; i < stretches.size(); ++i) leases.emplace_back(context.memory);
  std::vector<std::optional<NewKeys>> seen_of(stretches.size());
  std::vector<std::size_t> bytes_of_lane(stretches.size(), 0);
  const auto read = [&](std::size_t lane, std::size_t morsel) -> absl::Status {
    std::optional<NewKeys>& seen = seen_of[lane];
    if (!seen) seen.emplace(plan.keys);
    const auto take = [&](Block block) -> absl::Status {
      GRAPEVINE_RETURN_IF_ERROR(seen->keep(block));
      if (block.rows == 0) return absl::OkStatus();
      bytes_of_lane[lane] += bytes_of(block);
      lanes[lane].push_back(std::move(block));
      return leases[lane].hold(bytes_of_lane[lane] + seen->bytes());
    };
    GRAPEVINE_RETURN_IF_ERROR(input.read(morsel, take));
    if (morsel + 1 == stretches[lane].end) seen.reset();
    return absl::OkStatus();
  };
  GRAPEVINE_RETURN_IF_ERROR(read_lanes(input, stretches, read));
  if (lanes.size() == 1) return leased_source(std::move(lanes[0]), std::move(leases[0]));

  NewKeys seen(plan.keys);
  MemoryLease lease(context.memory);
  std::vector<Block> kept;
  std::size_t bytes = 0;
  for (std::vector<Block>& lane : lanes) {
    for (Block& block : lane) {
      GRAPEVINE_RETURN_IF_ERROR(seen.keep(block));
      if (block.rows == 0) continue;
      bytes += bytes_of(block);
      kept.push_back(std::move(block));
    }
    GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes + seen.bytes()));
  }
  return leased_source(std::move(kept), std::move(lease));
}

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_set_operation(
    const Plan& plan, const std::shared_ptr<const BlockSource>& left,
    const std::shared_ptr<const BlockSource>& right, QueryContext& context) {
  MemoryLease lease(context.memory);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Block> others, collect(right, context, lease));
  // Both are of multisets: a row on the right stands for one on the left.
  GroupTable table(types_of(plan.columns));
  std::vector<std::uint64_t> counts;
  std::vector<std::uint32_t> groups;
  for (const Block& block : others) {
    groups.resize(block.rows);
    table.assign(block.columns, block.rows, groups);
    counts.resize(table.size());
    for (const std::uint32_t group : groups) ++counts[group];
  }
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<Block> blocks, collect(left, context, lease));
  for (Block& block : blocks) {
    groups.resize(block.rows);
    table.find(block.columns, block.rows, groups);
    std::vector<std::uint8_t> mask(block.rows);
    std::size_t count = 0;
    for (std::size_t row = 0; row < block.rows; ++row) {
      const bool found = groups[row] != kNoRow && counts[groups[row]] > 0;
      if (found) --counts[groups[row]];
      mask[row] = found == (plan.kind == Plan::Kind::Intersect) ? 1 : 0;
      count += mask[row];
    }
    for (ColumnPtr& column : block.columns) column = filter(column, mask, count);
    block.rows = count;
  }
  return leased_source(std::move(blocks), std::move(lease));
}

}  // namespace grapevine::sql

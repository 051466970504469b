// LIMIT and LIMIT BY, from the beginning or, below 0, from the end.
#include <algorithm>
#include <utility>

#include "api/sql/execute/operators.hpp"
#include "kernels/query/group_table.hpp"
#include "kernels/query/sort_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Rows [begin, end).
struct Stretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// What the offset leaves of so many rows.
Stretch after_offset(const Plan& plan, std::uint64_t rows) {
  const std::uint64_t left_out = std::min(plan.offset, rows);
  return plan.offset_from_end ? Stretch{0, rows - left_out} : Stretch{left_out, rows};
}

// What the limit leaves of that.
Stretch within_limit(const Plan& plan, Stretch rows) {
  const std::uint64_t kept = std::min(plan.limit, rows.end - rows.begin);
  return plan.limit_from_end ? Stretch{rows.end - kept, rows.end}
                             : Stretch{rows.begin, rows.begin + kept};
}

// Compares rows that stand side by side by what they were ordered by.
class Ties {
 public:
  static absl::StatusOr<Ties> of(const Plan& plan, const std::vector<Block>& blocks) {
    std::vector<BoundPtr> expressions;
    std::vector<DataType> types;
    for (const BoundOrder& item : plan.order) {
      expressions.push_back(item.expression);
      types.push_back(item.expression->type);
    }
    std::vector<Block> keys;
    for (const Block& block : blocks) {
      GRAPEVINE_ASSIGN_OR_RETURN(auto columns, evaluate_all(expressions, block));
      keys.push_back({block.rows, std::move(columns)});
    }
    Ties ties;
    ties.keys_ = joined(keys, types);
    return ties;
  }

  // The stretch with the rows of `all` that are equal to the one at which the limit cuts.
  [[nodiscard]] Stretch widened(const Plan& plan, Stretch kept, Stretch all) const {
    if (kept.begin == kept.end) return kept;
    if (plan.limit_from_end) {
      while (kept.begin > all.begin && are_equal(kept.begin - 1, kept.begin)) --kept.begin;
    } else {
      while (kept.end < all.end && are_equal(kept.end - 1, kept.end)) ++kept.end;
    }
    return kept;
  }

 private:
  [[nodiscard]] bool are_equal(std::uint64_t a, std::uint64_t b) const {
    return std::all_of(keys_.begin(), keys_.end(), [&](const ColumnPtr& key) {
      if (key->is_null(a) || key->is_null(b)) return key->is_null(a) && key->is_null(b);
      return compare_values(*key, a, *key, b) == 0;
    });
  }

  std::vector<ColumnPtr> keys_;
};

std::vector<Block> rows_of(std::vector<Block> blocks, Stretch rows) {
  std::vector<Block> kept;
  std::uint64_t row = 0;
  for (Block& block : blocks) {
    const std::uint64_t first = std::max(row, rows.begin);
    const std::uint64_t last = std::min(row + block.rows, rows.end);
    if (first < last) {
      const auto from = static_cast<std::size_t>(first - row);
      const auto to = static_cast<std::size_t>(last - row);
      for (ColumnPtr& column : block.columns) column = slice(column, from, to);
      kept.push_back({to - from, std::move(block.columns)});
    }
    row += block.rows;
  }
  return kept;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_limit(
    const Plan& plan, const std::shared_ptr<const BlockSource>& input, QueryContext& context) {
  // Rows behind the last one that may be kept are not read.
  std::uint64_t rows_max = Plan::kNoLimit;
  const bool from_end = plan.limit_from_end || plan.offset_from_end;
  if (!from_end && !plan.with_ties && plan.limit <= Plan::kNoLimit - plan.offset) {
    rows_max = plan.offset + plan.limit;
  }
  MemoryLease lease(context.memory);
  std::vector<Block> blocks;
  if (plan.limit > 0) {
    GRAPEVINE_ASSIGN_OR_RETURN(blocks, collect(input, context, lease, rows_max));
  }
  std::uint64_t rows = 0;
  for (const Block& block : blocks) rows += block.rows;
  const Stretch all = after_offset(plan, rows);
  Stretch kept = within_limit(plan, all);
  if (plan.with_ties) {
    GRAPEVINE_ASSIGN_OR_RETURN(const Ties ties, Ties::of(plan, blocks));
    kept = ties.widened(plan, kept, all);
  }
  return leased_source(rows_of(std::move(blocks), kept), std::move(lease));
}

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_limit_by(
    const Plan& plan, const std::shared_ptr<const BlockSource>& input, QueryContext& context) {
  MemoryLease lease(context.memory);
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<Block> blocks, collect(input, context, lease));
  const std::size_t collected = lease.held();
  std::vector<DataType> types;
  for (const BoundPtr& key : plan.keys) types.push_back(key->type);
  GroupTable table(std::move(types));
  std::vector<std::uint64_t> rows_of_group;
  std::vector<std::vector<std::uint32_t>> groups;  // Of each row, block by block.
  std::size_t rows = 0;
  for (const Block& block : blocks) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<ColumnPtr> keys, evaluate_all(plan.keys, block));
    std::vector<std::uint32_t>& of_rows = groups.emplace_back(block.rows);
    table.assign(keys, block.rows, of_rows);
    rows_of_group.resize(table.size());
    for (const std::uint32_t group : of_rows) ++rows_of_group[group];
    rows += block.rows;
    GRAPEVINE_RETURN_IF_ERROR(lease.hold(collected + table.bytes() + rows * sizeof(std::uint32_t) +
                                         4 * rows_of_group.size() * sizeof(std::uint64_t)));
  }
  std::vector<Stretch> kept;
  for (const std::uint64_t count : rows_of_group) {
    kept.push_back(within_limit(plan, after_offset(plan, count)));
  }
  std::vector<std::uint64_t> places(kept.size());  // Of a group's next row.
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    Block& block = blocks[i];
    std::vector<std::uint8_t> mask(block.rows);
    std::size_t count = 0;
    for (std::size_t row = 0; row < block.rows; ++row) {
      const std::uint32_t group = groups[i][row];
      const std::uint64_t place = places[group]++;
      mask[row] = place >= kept[group].begin && place < kept[group].end ? 1 : 0;
      count += mask[row];
    }
    for (ColumnPtr& column : block.columns) column = filter(column, mask, count);
    block.rows = count;
  }
  return leased_source(std::move(blocks), std::move(lease));
}

}  // namespace grapevine::sql

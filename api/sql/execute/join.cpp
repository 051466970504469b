#include <algorithm>
#include <atomic>
#include <numeric>

#include "api/sql/execute/operators.hpp"
#include "kernels/query/hash_join.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/sort_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Kind = TableExpression::Join;
using Strictness = TableExpression::Strictness;

// The whole right side, found by key.
struct RightSide {
  RightSide(Block whole, JoinTable found, MemoryLease held)
      : block(std::move(whole)),
        table(std::move(found)),
        lease(std::move(held)),
        matched(block.rows) {}

  Block block;
  JoinTable table;
  MemoryLease lease;
  mutable std::vector<std::atomic<std::uint8_t>> matched;  // Of a full join: by row.
};

class JoinStep final : public Step {
 public:
  JoinStep(const Plan& plan, std::shared_ptr<const RightSide> right)
      : kind_(plan.join),
        strictness_(plan.strictness),
        keys_(plan.left_keys),
        asof_(plan.asof),
        conditions_(plan.conditions),
        types_(types_of(plan.columns)),
        unread_(plan.unread),
        right_(std::move(right)) {}

  absl::Status push(Block block, const BlockSource::Consume& next) const override {
    const bool keeps_all = kind_ == Kind::Left && strictness_ == Strictness::All;
    if (keeps_all && !keys_.empty() && conditions_.empty() && !asof_) {
      GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<ColumnPtr> keys, evaluate_all(keys_, block));
      // Where each left row has at most one right row, the left side stays as it is.
      if (const auto right = right_->table.probe_unique(keys, block.rows)) {
        std::vector<std::uint32_t> left(block.rows);
        std::iota(left.begin(), left.end(), 0U);
        return push_pairs(block, {std::move(left), *right}, next);
      }
    }
    GRAPEVINE_ASSIGN_OR_RETURN(JoinTable::Matches matches, matches_of(block));
    if (!conditions_.empty()) GRAPEVINE_RETURN_IF_ERROR(keep_where(block, matches));
    if (strictness_ == Strictness::Any || strictness_ == Strictness::Semi) keep_first(matches);
    if (kind_ == Kind::Full) {
      for (const std::uint32_t row : matches.right) {
        right_->matched[row].store(1, std::memory_order_relaxed);
      }
    }
    if (strictness_ == Strictness::Anti) {
      matches = unmatched(block, matches);
    } else if ((kind_ == Kind::Left || kind_ == Kind::Full) && strictness_ != Strictness::Semi) {
      add_unmatched(block, matches);
    }
    return push_pairs(block, matches, next);
  }

 private:
  absl::StatusOr<JoinTable::Matches> matches_of(const Block& block) const {
    if (keys_.empty()) return every_pair(block);
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<ColumnPtr> keys, evaluate_all(keys_, block));
    if (asof_) {
      GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr values, Evaluator(block)(asof_->left));
      return right_->table.probe_nearest(keys, block.rows, OrderedValues::of(values), asof_->before,
                                         asof_->or_equal);
    }
    // A residual condition may refuse the first match: all are looked at then.
    const bool first = conditions_.empty() && strictness_ != Strictness::All;
    return right_->table.probe(keys, block.rows, first);
  }

  absl::StatusOr<JoinTable::Matches> every_pair(const Block& block) const {
    constexpr std::uint64_t kPairsMax = std::uint64_t{1} << 28;
    const std::uint64_t pairs = std::uint64_t{block.rows} * right_->block.rows;
    if (pairs > kPairsMax) {
      return query_error(QueryErrorCode::MemoryLimitExceeded,
                         "a join without an equality gives too many pairs of rows");
    }
    JoinTable::Matches matches;
    matches.left.reserve(pairs);
    matches.right.reserve(pairs);
    for (std::uint32_t l = 0; l < block.rows; ++l) {
      for (std::uint32_t r = 0; r < right_->block.rows; ++r) {
        matches.left.push_back(l);
        matches.right.push_back(r);
      }
    }
    return matches;
  }

  // Rows [begin, end) of the pairs, side by side; `unread` columns, if any, as defaults.
  Block pairs(const Block& block, const JoinTable::Matches& matches, std::size_t begin,
              std::size_t end, const std::vector<bool>& unread) const {
    Block both{end - begin, {}};
    const auto left = std::span(matches.left).subspan(begin, end - begin);
    const auto right = std::span(matches.right).subspan(begin, end - begin);
    const bool one_each =
        left.size() == block.rows && std::ranges::adjacent_find(left) == left.end();
    const auto add = [&](const ColumnPtr& column, std::span<const std::uint32_t> rows, bool as_is) {
      const std::size_t place = both.columns.size();
      if (!unread.empty() && unread[place]) {
        both.columns.push_back(constant_default(types_[place], both.rows));
      } else {
        both.columns.push_back(nulls_fit(as_is ? column : gather(column, rows), place));
      }
    };
    for (const ColumnPtr& column : block.columns) add(column, left, one_each);
    for (const ColumnPtr& column : right_->block.columns) add(column, right, false);
    return both;
  }
  // Where the join's result has NULLs that the left side did not have.
  ColumnPtr nulls_fit(ColumnPtr column, std::size_t place) const {
    if (types_[place].nullable == column->type.nullable) return column;
    return concatenate(types_[place], std::span(&column, 1));
  }

  absl::Status keep_where(const Block& block, JoinTable::Matches& matches) const {
    JoinTable::Matches kept;
    for (std::size_t begin = 0; begin < matches.left.size(); begin += kBlockRows) {
      const std::size_t end = std::min(begin + kBlockRows, matches.left.size());
      const Block both = pairs(block, matches, begin, end, {});
      std::vector<std::uint8_t> holds(end - begin, 1);
      Evaluator evaluate(both);
      for (const BoundPtr& condition : conditions_) {
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr truth, evaluate(condition));
        const Mask mask = mask_of(*truth);
        for (std::size_t i = 0; i < mask.bytes.size(); ++i) holds[i] &= mask.bytes[i];
      }
      for (std::size_t i = begin; i < end; ++i) {
        if (holds[i - begin] == 0) continue;
        kept.left.push_back(matches.left[i]);
        kept.right.push_back(matches.right[i]);
      }
    }
    matches = std::move(kept);
    return absl::OkStatus();
  }

  static void keep_first(JoinTable::Matches& matches) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < matches.left.size(); ++i) {
      if (kept > 0 && matches.left[kept - 1] == matches.left[i]) continue;
      matches.left[kept] = matches.left[i];
      matches.right[kept++] = matches.right[i];
    }
    matches.left.resize(kept);
    matches.right.resize(kept);
  }

  static JoinTable::Matches unmatched(const Block& block, const JoinTable::Matches& matches) {
    JoinTable::Matches others;
    std::size_t next = 0;
    for (std::uint32_t row = 0; row < block.rows; ++row) {
      bool found = false;
      for (; next < matches.left.size() && matches.left[next] == row; ++next) found = true;
      if (found) continue;
      others.left.push_back(row);
      others.right.push_back(kNoRow);
    }
    return others;
  }

  static void add_unmatched(const Block& block, JoinTable::Matches& matches) {
    JoinTable::Matches all;
    all.left.reserve(matches.left.size() + block.rows);
    all.right.reserve(matches.left.size() + block.rows);
    std::size_t next = 0;
    for (std::uint32_t row = 0; row < block.rows; ++row) {
      const std::size_t before = next;
      for (; next < matches.left.size() && matches.left[next] == row; ++next) {
        all.left.push_back(row);
        all.right.push_back(matches.right[next]);
      }
      if (next > before) continue;
      all.left.push_back(row);
      all.right.push_back(kNoRow);
    }
    matches = std::move(all);
  }

  absl::Status push_pairs(const Block& block, const JoinTable::Matches& matches,
                          const BlockSource::Consume& next) const {
    for (std::size_t begin = 0; begin < matches.left.size(); begin += kBlockRows) {
      const std::size_t end = std::min(begin + kBlockRows, matches.left.size());
      GRAPEVINE_RETURN_IF_ERROR(next(pairs(block, matches, begin, end, unread_)));
    }
    return absl::OkStatus();
  }

  Kind kind_;
  Strictness strictness_;
  std::vector<BoundPtr> keys_;
  std::optional<Plan::Asof> asof_;
  std::vector<BoundPtr> conditions_;
  std::vector<DataType> types_;
  std::vector<bool> unread_;
  std::shared_ptr<const RightSide> right_;
};

// The rows of the right side that no left row matched, with nothing on the left.
Block rest_of(const Plan& plan, const RightSide& right) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < right.block.rows; ++row) {
    if (right.matched[row].load(std::memory_order_relaxed) == 0) rows.push_back(row);
  }
  Block rest{rows.size(), {}};
  const std::size_t width = plan.columns.size() - right.block.columns.size();
  for (std::size_t i = 0; i < width; ++i) {
    rest.columns.push_back(constant_default(plan.columns[i].type, rows.size()));
  }
  for (const ColumnPtr& column : right.block.columns) {
    rest.columns.push_back(gather(column, rows));
  }
  return rest;
}

// The right side of ASOF by its value, without the rows that have none.
absl::Status put_in_order(const BoundPtr& value, QueryContext& context, Block& whole) {
  GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr values, Evaluator(whole)(value));
  const std::vector<std::uint8_t> missing = OrderedValues::of(values).missing;
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<std::uint32_t> rows,
                             sort_rows(std::vector<SortKey>{{values, false, false}}, whole.rows,
                                       whole.rows, context.api.stop));
  if (!missing.empty()) {
    std::erase_if(rows, [&](std::uint32_t row) { return missing[row] != 0; });
  }
  for (ColumnPtr& column : whole.columns) column = gather(column, rows);
  whole.rows = rows.size();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_join(
    const Plan& plan, std::shared_ptr<const BlockSource> left,
    std::shared_ptr<const BlockSource> right, QueryContext& context) {
  MemoryLease lease(context.memory);
  Block whole;
  {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Block> blocks, collect(right, context, lease));
    for (const Block& block : blocks) whole.rows += block.rows;
    // As the join gives them, so that what is missing can be NULL.
    std::vector<DataType> types = types_of(plan.columns);
    types.erase(types.begin(),
                types.end() - static_cast<std::ptrdiff_t>(plan.inputs[1]->columns.size()));
    whole.columns = joined(blocks, types);
  }
  if (whole.rows >= kNoRow) {
    return absl::ResourceExhaustedError("more rows than a join can hold (4 billion)");
  }
  if (plan.asof) GRAPEVINE_RETURN_IF_ERROR(put_in_order(plan.asof->right, context, whole));
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes_of(whole)));
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<ColumnPtr> keys, evaluate_all(plan.right_keys, whole));
  if (keys.empty())
    keys.push_back(constant_fixed<std::uint8_t>(plain(TypeId::UInt8), 0, whole.rows));
  GRAPEVINE_ASSIGN_OR_RETURN(JoinTable table,
                             JoinTable::build(std::move(keys), whole.rows, context.memory));
  if (plan.asof) {
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr values, Evaluator(whole)(plan.asof->right));
    GRAPEVINE_RETURN_IF_ERROR(table.order_by(OrderedValues::of(values)));
  }
  auto side = std::make_shared<RightSide>(std::move(whole), std::move(table), std::move(lease));
  auto pipeline = std::make_shared<Pipeline>(std::move(left), context);
  pipeline->add(std::make_shared<JoinStep>(plan, side));
  if (plan.join != Kind::Full) return std::shared_ptr<const BlockSource>(std::move(pipeline));

  MemoryLease held(context.memory);
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<Block> blocks, collect(pipeline, context, held));
  blocks.push_back(rest_of(plan, *side));
  return leased_source(std::move(blocks), std::move(held));
}

}  // namespace grapevine::sql

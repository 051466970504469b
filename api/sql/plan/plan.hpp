#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/sql/bind/bound.hpp"
#include "api/sql/run.hpp"
#include "api/sql/syntax.hpp"
#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

struct Plan;
using PlanPtr = std::unique_ptr<Plan>;

struct PlannedAggregate {
  AggregatePtr aggregate;
  std::string text;      ///< For EXPLAIN.
  std::string function;  ///< Its name; empty where it has parameters or DISTINCT.
  std::vector<BoundPtr> arguments;
};

/// One step of a query and those that it reads from. Expressions are over the columns of the input;
/// of a join over the left ones and then the right ones.
struct Plan {
  enum class Kind : std::uint8_t {
    Scan,       ///< `scanned` columns of `table`, where `conditions` hold.
    Rows,       ///< `block`.
    Filter,     ///< Where `conditions` hold.
    Project,    ///< `expressions`.
    Aggregate,  ///< A row for each of `keys`: those, then each of `aggregates`, where `having` holds.
    Join,       ///< The columns of both.
    ArrayJoin,  ///< A row for each element of `expressions`, side by side: `passed`, then those.
    Sort,       ///< By `order`; only the first `limit` rows.
    Limit,      ///< `limit` rows after `offset`; `with_ties` by `order`.
    LimitBy,    ///< The same of each of `keys`.
    Distinct,   ///< The first row of each of `keys`.
    Window,     ///< The columns of the input, then `expressions`, all of kind Window.
    Union,      ///< The rows of all inputs.
    Intersect,  ///< The rows of the first that the second has, too: of each the lesser number.
    Except,     ///< The rows of the first less those of the second, one for one.
  };
  static constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

  Kind kind = Kind::Rows;
  std::vector<ResultColumn> columns;
  std::vector<PlanPtr> inputs;

  TablePtr table;
  std::string table_name;
  std::vector<std::size_t> scanned;
  std::size_t shown = ~std::size_t{0};  ///< So many of them, the first, are read above.
  std::vector<BoundPtr> conditions;
  Block block;
  std::vector<BoundPtr> expressions;
  std::vector<BoundPtr> keys;
  std::vector<PlannedAggregate> aggregates;
  bool with_totals = false;
  /// Over the rows of groups: which of them there are, and make the totals. Only of with_totals.
  std::vector<BoundPtr> having;
  std::vector<BoundOrder> order;
  std::uint64_t limit = kNoLimit;
  std::uint64_t offset = 0;
  bool limit_from_end = false;   ///< The last `limit` rows.
  bool offset_from_end = false;  ///< Without the last `offset` rows, instead of the first.
  bool with_ties = false;        ///< Of Limit: also what is equal to its outermost row.

  TableExpression::Join join = TableExpression::Join::Inner;
  TableExpression::Strictness strictness = TableExpression::Strictness::All;
  std::vector<BoundPtr> left_keys;   ///< Over the left columns.
  std::vector<BoundPtr> right_keys;  ///< Over the right ones, of the same types.
  bool nulls_for_missing = false;    ///< join_use_nulls.
  bool first_only = false;           ///< Of a filter: nobody above reads another column.
  std::vector<bool> unread;          ///< Of a join: the columns that nobody above reads; or empty.
  /// Of ASOF: each left row's one match is the nearest right row of its keys by these, of one type.
  struct Asof {
    BoundPtr left;       ///< Over the left columns.
    BoundPtr right;      ///< Over the right ones.
    bool before = true;  ///< The right value is not above the left one; else not below it.
    bool or_equal = true;
  };
  std::optional<Asof> asof;

  std::vector<std::size_t> passed;  ///< Of ArrayJoin: columns of the input.
  bool left_array_join = false;     ///< A row with empty arrays stays, with defaults.
};

PlanPtr make_plan(Plan::Kind kind, std::vector<ResultColumn> columns);

/// An ArrayJoin of nothing yet, which passes all columns of its input.
PlanPtr make_array_join(PlanPtr input, bool left);

/// The conditions that `expression` is the conjunction of.
void split_conditions(const BoundPtr& expression, std::vector<BoundPtr>& conditions);

/// Puts conditions as near to the tables as they can go.
PlanPtr push_down(PlanPtr plan, std::vector<BoundPtr> conditions);

/// Leaves out the columns that nobody above reads. The plan's own columns stay as they are.
absl::Status prune_columns(Plan& plan);

/// How the store answers a plan's groups without making them.
struct WithoutGroups {
  std::shared_ptr<const BlockSource> source;  ///< nullptr: it does not.
  std::string how;                            ///< For EXPLAIN.
};
/// By customer, or people by time. Nothing is read before the source is.
absl::StatusOr<WithoutGroups> without_groups(const Plan& plan, QueryContext& context);

/// The customers of a HAVING over groups by customer of whom nothing else is read, found as segments are;
/// empty: it is none, or asks for something else. Nothing is read before it is called.
CustomerChoice having_as_segment(const Plan& plan, QueryContext& context);

/// A plan's input, of which the table numbers the groups as it reads: see Table::scan_numbered. No source:
/// it does not.
absl::StatusOr<NumberedScan> numbered_input(const Plan& plan, QueryContext& context);

/// The plan as text, an operator a line: what is read, how much of it, and what the store skips.
std::vector<std::string> describe(const Plan& plan, QueryContext& context);

}  // namespace grapevine::sql

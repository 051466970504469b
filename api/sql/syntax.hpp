#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

struct Expression;
struct Query;
using ExpressionPtr = std::shared_ptr<const Expression>;
using QueryPtr = std::shared_ptr<const Query>;

/// A literal as it was written. Numbers without a point are UInt64, negative ones Int64; what neither
/// holds is a double.
using LiteralValue =
    std::variant<std::monostate, bool, std::uint64_t, std::int64_t, double, std::string>;

struct OrderItem {
  ExpressionPtr expression;
  bool descending = false;
  std::optional<bool> nulls_first;  ///< As said; ClickHouse's default: NULLS LAST both ways.
};

struct WindowFrame {
  enum class Unit : std::uint8_t { Rows, Range, Groups };
  enum class Bound : std::uint8_t {
    UnboundedPreceding,
    Preceding,
    CurrentRow,
    Following,
    UnboundedFollowing,
  };
  Unit unit = Unit::Range;
  Bound begin = Bound::UnboundedPreceding;
  Bound end = Bound::CurrentRow;
  ExpressionPtr begin_offset;  ///< Of Preceding and Following.
  ExpressionPtr end_offset;
};

/// OVER (...), or OVER name.
struct WindowDefinition {
  std::string base;  ///< The named window that it is, or begins with.
  std::vector<ExpressionPtr> partition_by;
  std::vector<OrderItem> order_by;
  std::optional<WindowFrame> frame;
  bool is_name = false;  ///< OVER name: `base` is all there is.
};

/// One node of an expression. Operators are functions by ClickHouse's names (`a + b` is plus(a, b), `a
/// AND b` is and(a, b), `x IN (1, 2)` is in(x, tuple(1, 2)), CASE is multiIf or caseWithExpression,
/// `x::T` and CAST(x AS T) are CAST(x, 'T'), `[1]` is array(1), INTERVAL 5 DAY is toIntervalDay(5), -x
/// of a number is a literal, else negate(x)).
struct Expression {
  enum class Kind : std::uint8_t {
    Literal,
    Identifier,  ///< `parts`: db.table.column, as far as said.
    Function,
    Asterisk,   ///< *, or t.* by `parts`; inside count(*) too.
    Subquery,   ///< (SELECT ...): a scalar, or the right side of IN.
    Parameter,  ///< {name:Type}: `parts` = {name, Type}.
    Lambda,     ///< x -> f(x): `parts` are the names, `arguments` the body.
  };
  Kind kind = Kind::Literal;
  std::uint32_t offset = 0;  ///< Where it begins in the text, in bytes.
  std::string alias = {};    ///< AS alias; empty: none.
  LiteralValue literal = {};
  std::vector<std::string> parts = {};
  std::string name = {};                       ///< Of Function, as written.
  std::vector<ExpressionPtr> parameters = {};  ///< Of quantile(0.9)(x): 0.9.
  std::vector<ExpressionPtr> arguments = {};
  bool distinct = false;      ///< f(DISTINCT x).
  ExpressionPtr filter = {};  ///< f(x) FILTER (WHERE ...).
  std::shared_ptr<const WindowDefinition> window = {};
  QueryPtr query = {};                   ///< Of Subquery.
  std::vector<std::string> except = {};  ///< * EXCEPT (a, b).
  bool parenthesized = false;            ///< (1, 2) was written as a tuple; of names only.
  std::uint32_t depth = 1;               ///< Levels of expressions and queries from here downwards.
  std::uint32_t nodes = 1;               ///< Expressions from here downwards; shared ones as often.
  std::uint32_t number = 0;              ///< Of Subquery: 1 for the first that ends in the text.
};

/// [LEFT] ARRAY JOIN: a row for each element of arrays.
struct ArrayJoin {
  bool left = false;  ///< Rows with empty arrays stay, with defaults.
  std::vector<ExpressionPtr> expressions = {};
};

/// What FROM names.
struct TableExpression {
  enum class Kind : std::uint8_t { Table, Function, Subquery, Join };
  enum class Join : std::uint8_t { Inner, Left, Right, Full, Cross };
  enum class Strictness : std::uint8_t { All, Any, Semi, Anti, Asof };
  Kind kind = Kind::Table;
  std::uint32_t offset = 0;
  std::string alias = {};
  std::vector<std::string> column_aliases = {};  ///< AS t(a, b).
  std::vector<std::string> parts = {};           ///< Of Table: db.table as far as said.
  std::string parameter = {};                    ///< Of Table: {name:Identifier} is its name.
  std::string name = {};                         ///< Of Function.
  std::vector<ExpressionPtr> arguments = {};
  QueryPtr query = {};
  bool final = false;
  ExpressionPtr sample = {};  ///< SAMPLE: refused by the binder.
  // Of Join:
  std::shared_ptr<const TableExpression> left = {};
  std::vector<ArrayJoin> array_joins =
      {};  ///< Of `left`, one after the other, before it is joined.
  std::shared_ptr<const TableExpression> right = {};
  Join join = Join::Inner;
  Strictness strictness = Strictness::All;
  ExpressionPtr on = {};
  std::vector<std::string> using_columns = {};
};
using TableExpressionPtr = std::shared_ptr<const TableExpression>;

struct Setting {
  std::string name;
  LiteralValue value;
};

/// WITH name AS (SELECT ...), or WITH expression AS name.
struct WithItem {
  std::string name;
  QueryPtr query;            ///< Or ...
  ExpressionPtr expression;  ///< ... this.
};

struct Limit {
  ExpressionPtr count;   ///< nullptr: no limit.
  ExpressionPtr offset;  ///< nullptr: 0.
  bool with_ties = false;
};

struct LimitBy {
  Limit limit;
  std::vector<ExpressionPtr> by;
};

struct Select {
  std::vector<WithItem> with;
  bool distinct = false;
  std::vector<ExpressionPtr> distinct_on;
  std::vector<ExpressionPtr> columns;
  TableExpressionPtr from;             ///< nullptr: none, which is one row.
  std::vector<ArrayJoin> array_joins;  ///< Of FROM, one after the other.
  ExpressionPtr prewhere;
  ExpressionPtr where;
  enum class GroupBy : std::uint8_t { Plain, Rollup, Cube, GroupingSets };
  std::vector<ExpressionPtr> group_by;
  GroupBy group_by_kind = GroupBy::Plain;
  std::vector<std::vector<ExpressionPtr>> grouping_sets;
  bool group_by_all = false;
  bool with_totals = false;
  ExpressionPtr having;
  std::vector<std::pair<std::string, WindowDefinition>> windows;
  ExpressionPtr qualify;
  std::vector<OrderItem> order_by;
  bool order_by_all = false;
  std::optional<LimitBy> limit_by;
  std::optional<Limit> limit;
  std::vector<Setting> settings;
};

/// A SELECT, or several that are put together.
struct Query {
  enum class Kind : std::uint8_t { Select, UnionAll, UnionDistinct, Intersect, Except };
  Kind kind = Kind::Select;
  std::uint32_t offset = 0;
  Select select = {};                   ///< Of Select.
  std::vector<QueryPtr> operands = {};  ///< Of the others, from left to right.
};

/// One statement: what a text is in full.
struct Statement {
  enum class Kind : std::uint8_t {
    Query,
    Explain,        ///< `query`; `explained`: PLAN (the default), SYNTAX, AST, PIPELINE, ESTIMATE.
    ShowDatabases,  ///< `like`.
    ShowTables,     ///< [FROM `database`], `like`, `limit`.
    ShowColumns,    ///< FROM `table`.
    ShowCreate,     ///< `table`.
    ShowProcesslist,
    ShowSettings,   ///< `like`.
    ShowFunctions,  ///< `like`.
    Describe,       ///< `from`: a table, a function of tables or a subquery.
    Exists,         ///< `table`.
    Use,            ///< `database`.
    Set,            ///< `settings`.
    Insert,         ///< INTO `table` (`columns`) FORMAT `format`, or VALUES, or SELECT.
    Kill,           ///< KILL QUERY WHERE `where` [SYNC | ASYNC | TEST].
    Refused,        ///< CREATE, ALTER, DROP, ...: `refused` is the word.
  };
  Kind kind = Kind::Query;
  QueryPtr query = {};
  std::string explained = {};
  std::vector<std::string> table = {};
  std::string database = {};
  struct Like {
    std::string pattern;
    bool negated = false;
    bool case_insensitive = false;
  };
  std::optional<Like> like = {};
  std::optional<std::uint64_t> limit = {};
  TableExpressionPtr from = {};
  std::vector<std::string> columns = {};
  std::optional<std::size_t> data_offset = {};  ///< Where an INSERT's rows begin in the text.
  bool values = false;                          ///< INSERT ... VALUES.
  ExpressionPtr where = {};
  std::string kill_mode = {};
  std::string refused = {};
  std::string format = {};             ///< FORMAT x; empty: not said.
  std::vector<Setting> settings = {};  ///< SETTINGS at the end, or SET.
};

}  // namespace grapevine::sql

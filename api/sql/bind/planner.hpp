#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/bind/scope.hpp"
#include "api/sql/bind/value_set.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/plan/plan.hpp"
#include "api/sql/syntax.hpp"

namespace grapevine::sql {

/// Names that WITH gives, from the innermost query outwards. A query sees those before it.
struct Environment {
  const Environment* outer = nullptr;
  std::map<std::string, QueryPtr> queries;
  std::map<std::string, const Environment*> environments;  ///< In which each of them is read.
  std::map<std::string, ExpressionPtr> expressions;
};

/// Turns queries into plans. Subqueries that are values (scalars, the right sides of IN) are run on
/// the way, each once. Not thread-safe: one for a query.
class Planner {
 public:
  Planner(QueryContext& context, const Fields& parameters)
      : context_(context), parameters_(parameters) {}

  /// The plan of a whole query, with columns that nobody reads left out.
  absl::StatusOr<PlanPtr> plan(const Query& query);

  // For the parts that plans are made of.

  absl::StatusOr<PlanPtr> plan_query(const Query& query, const Environment& environment);
  absl::StatusOr<PlanPtr> plan_select(const Select& select, const Environment& environment);
  struct From {
    PlanPtr plan;
    Scope scope;
  };
  absl::StatusOr<From> plan_from(const TableExpression* from, const Environment& environment);

  /// FROM and ARRAY JOIN.
  absl::StatusOr<From> plan_source(const Select& select, const Environment& environment);

  /// The rows of a subquery that stands for values.
  absl::StatusOr<Block> rows_of(const QueryPtr& query, const Environment& environment,
                                std::uint64_t rows_max, std::vector<DataType>& types);
  /// What its columns are called. Precondition: rows_of was asked for the same.
  [[nodiscard]] const std::vector<std::string>& names_of(const QueryPtr& query,
                                                         const Environment& environment) const {
    return values_.at(std::pair(query.get(), &environment)).names;
  }
  /// A constant expression, such as an argument of a function of tables.
  absl::StatusOr<ColumnPtr> constant_of(const Expression& expression,
                                        const Environment& environment);

  /// Counts a reading of a lambda's body: one that calls others may grow beyond bounds.
  /// Errors  TooDeepRecursion (306).
  absl::Status count_lambda();
  /// A number for a parameter of a lambda that no other one of the query has.
  std::size_t next_parameter() { return parameters_made_++; }

  [[nodiscard]] QueryContext& context() { return context_; }
  [[nodiscard]] const Fields& parameters() const { return parameters_; }

 private:
  absl::StatusOr<From> plan_table(const TableExpression& from, const Environment& environment);
  absl::StatusOr<From> plan_join(const TableExpression& from, const Environment& environment);
  absl::Status bind_using(const TableExpression& from, const From& left, const From& right,
                          Plan& join, Scope& scope);
  // FULL JOIN ... USING: keys of the left side, or where that has no row, of the right one.
  absl::Status merge_keys(const TableExpression& from, std::size_t marker, From& joined);
  // `columns`: those of SELECT, whose aliases the arrays may be made of.
  absl::Status join_arrays(const std::vector<ArrayJoin>& joins,
                           const std::vector<ExpressionPtr>& columns,
                           const Environment& environment, From& from);
  absl::Status join_arrays(const ArrayJoin& said, const std::vector<ExpressionPtr>& columns,
                           const Environment& environment, From& from);
  absl::StatusOr<PlanPtr> plan_together(const Query& query, const Environment& environment);

  static constexpr std::size_t kSelectsMax = 1000;  // Also of WITH, each time it is read.
  static constexpr std::size_t kDepthMax = 64;      // Of queries in each other.

  QueryContext& context_;
  const Fields& parameters_;
  std::vector<std::unique_ptr<Environment>> environments_;
  static constexpr std::size_t kLambdasMax = 10'000;

  std::size_t selects_ = 0;
  std::size_t lambdas_ = 0;
  std::size_t parameters_made_ = 0;
  std::size_t depth_ = 0;
  struct Rows {
    Block block;
    std::vector<DataType> types;
    std::vector<std::string> names;
  };
  std::map<std::pair<const Query*, const Environment*>, Rows> values_;
};

/// The query of that name, and in which environment it is read.
const QueryPtr* find_query(const Environment& environment, const std::string& name,
                           const Environment** read_in);

}  // namespace grapevine::sql

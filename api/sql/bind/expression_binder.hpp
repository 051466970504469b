#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/bind/planner.hpp"

namespace grapevine::sql {

/// Finds out what the names in the expressions of one SELECT mean. Aliases may be used anywhere in it,
/// and come before columns of the same name, as in ClickHouse. Not thread-safe.
class ExpressionBinder {
 public:
  /// All outlive it.
  ExpressionBinder(Planner& planner, const Environment& environment, const Scope& scope)
      : planner_(planner), environment_(environment), scope_(scope) {}

  /// Notes the aliases in an expression. Errors  MultipleExpressionsForAlias (179).
  absl::Status add_aliases(const ExpressionPtr& expression);
  void add_window(std::string name, WindowDefinition window) {
    windows_[std::move(name)] = std::move(window);
  }

  /// Where aggregate and window functions may not stand, `where` says so: "WHERE".
  absl::StatusOr<BoundPtr> bind(const ExpressionPtr& expression,
                                const char* no_aggregates = nullptr);

 private:
  absl::StatusOr<BoundPtr> bind_node(const ExpressionPtr& expression);
  absl::StatusOr<BoundPtr> bind_literal(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_identifier(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_parameter(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_scalar(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_function(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_aggregate(const Expression& expression, std::string name);
  absl::StatusOr<BoundPtr> bind_window(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_in(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_in_list(const std::vector<BoundPtr>& left,
                                        const std::vector<BoundPtr>& elements, bool negated);
  absl::StatusOr<BoundPtr> bind_in_query(const std::vector<BoundPtr>& left, const QueryPtr& query,
                                         const Environment& environment, bool negated);
  absl::StatusOr<std::vector<BoundPtr>> bind_all(const std::vector<ExpressionPtr>& expressions);
  absl::StatusOr<std::shared_ptr<const BoundWindow>> bind_definition(
      const WindowDefinition& definition);
  absl::StatusOr<Frame> bind_frame(const WindowFrame& frame);

  const SessionFacts& facts() { return planner_.context().facts; }

  Planner& planner_;
  const Environment& environment_;
  const Scope& scope_;
  std::map<std::string, ExpressionPtr> aliases_;
  std::map<std::string, WindowDefinition> windows_;
  std::map<std::string, BoundPtr> bound_aliases_;
  std::set<std::string> open_aliases_;
  std::vector<std::string> meant_columns_;  // Names that meant columns inside their own aliases.
  const char* no_aggregates_ = nullptr;
  std::size_t depth_ = 0;
};

}  // namespace grapevine::sql

#pragma once

#include <map>
#include <optional>
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
  using Aliases = std::map<std::string, ExpressionPtr>;
  // What is known inside of a lambda alone.
  struct LambdaScope {
    std::map<std::string, BoundPtr> names;
    Aliases aliases;
  };

  // Errors  MultipleExpressionsForAlias (179).
  static absl::Status note_aliases(const ExpressionPtr& expression, Aliases& aliases);
  absl::StatusOr<BoundPtr> bind_node(const ExpressionPtr& expression);
  absl::StatusOr<BoundPtr> bind_literal(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_identifier(const Expression& expression);
  absl::StatusOr<std::optional<BoundPtr>> bind_element(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_alias(const std::string& name, const ExpressionPtr& meant);
  absl::StatusOr<BoundPtr> bind_parameter(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_scalar(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_function(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_choice(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_aggregate(const Expression& expression, std::string name);
  absl::StatusOr<BoundPtr> bind_grouping(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_setting(const Expression& expression);
  absl::Status use_texts(const std::string& name, std::vector<BoundPtr>& arguments,
                         std::vector<BoundPtr>& parameters, bool has_filter);
  absl::StatusOr<BoundPtr> bind_window(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_array_join(const Expression& expression);
  // A call of a lambda, or with one; nullopt: it is neither.
  absl::StatusOr<std::optional<BoundPtr>> bind_higher_order(const Expression& expression);
  absl::StatusOr<BoundPtr> bind_applied(const Expression& expression, const Expression& lambda);
  absl::StatusOr<BoundPtr> bind_map(const std::string& name, const Expression& lambda,
                                    const std::vector<BoundPtr>& arrays);
  absl::StatusOr<BoundPtr> bind_body(const Expression& lambda, const std::vector<BoundPtr>& values);
  // Parameters of lambdas, and aliases inside them; nullopt: the name means something else.
  absl::StatusOr<std::optional<BoundPtr>> bind_in_lambda(const Expression& expression);
  // The lambda that a name stands for, or that an argument is; nullptr: none.
  [[nodiscard]] const Expression* lambda_named(const std::string& name) const;
  [[nodiscard]] const Expression* lambda_of(const Expression& expression) const;
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
  Aliases aliases_;
  std::vector<LambdaScope> lambdas_;  // From the outermost inwards.
  std::map<std::string, WindowDefinition> windows_;
  std::map<std::string, BoundPtr> bound_aliases_;
  std::set<std::string> open_aliases_;
  std::vector<std::string> meant_columns_;  // Names that meant columns inside their own aliases.
  const char* no_aggregates_ = nullptr;
  std::size_t depth_ = 0;
};

}  // namespace grapevine::sql

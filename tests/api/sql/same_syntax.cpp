#include "tests/api/sql/same_syntax.hpp"

#include <algorithm>
#include <cmath>

namespace grapevine::sql::tests {

template <typename Node>
bool same_node(const Node& left, const Node& right) {
  if (!left || !right) return !left == !right;
  return same(*left, *right);
}

template <typename Node>
bool same_nodes(const std::vector<Node>& left, const std::vector<Node>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Node& a, const Node& b) { return same_node(a, b); });
}

bool same_literal(const LiteralValue& left, const LiteralValue& right) {
  const double* a = std::get_if<double>(&left);
  const double* b = std::get_if<double>(&right);
  if (a == nullptr || b == nullptr) return left == right;
  return (std::isnan(*a) && std::isnan(*b)) || (*a == *b && std::signbit(*a) == std::signbit(*b));
}

bool same(const OrderItem& left, const OrderItem& right) {
  return same_node(left.expression, right.expression) && left.descending == right.descending &&
         left.nulls_first == right.nulls_first;
}

bool same_orders(const std::vector<OrderItem>& left, const std::vector<OrderItem>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const OrderItem& a, const OrderItem& b) { return same(a, b); });
}

bool same_frame(const std::optional<WindowFrame>& left, const std::optional<WindowFrame>& right) {
  if (!left || !right) return left.has_value() == right.has_value();
  return left->unit == right->unit && left->begin == right->begin && left->end == right->end &&
         same_node(left->begin_offset, right->begin_offset) &&
         same_node(left->end_offset, right->end_offset);
}

bool same(const WindowDefinition& left, const WindowDefinition& right) {
  return left.base == right.base && left.is_name == right.is_name &&
         same_nodes(left.partition_by, right.partition_by) &&
         same_orders(left.order_by, right.order_by) && same_frame(left.frame, right.frame);
}

bool same_array_joins(const std::vector<ArrayJoin>& left, const std::vector<ArrayJoin>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const ArrayJoin& a, const ArrayJoin& b) {
                      return a.left == b.left && same_nodes(a.expressions, b.expressions);
                    });
}

bool same(const TableExpression& left, const TableExpression& right) {
  return left.kind == right.kind && left.alias == right.alias &&
         left.column_aliases == right.column_aliases && left.parts == right.parts &&
         left.parameter == right.parameter && left.name == right.name &&
         same_nodes(left.arguments, right.arguments) && same_node(left.query, right.query) &&
         left.final == right.final && same_node(left.sample, right.sample) &&
         same_node(left.left, right.left) &&
         same_array_joins(left.array_joins, right.array_joins) &&
         same_node(left.right, right.right) && left.join == right.join &&
         left.strictness == right.strictness && same_node(left.on, right.on) &&
         left.using_columns == right.using_columns;
}

bool same_limit(const Limit& left, const Limit& right) {
  return same_node(left.count, right.count) && same_node(left.offset, right.offset) &&
         left.with_ties == right.with_ties;
}

bool same_limits(const Select& left, const Select& right) {
  if (left.limit_by.has_value() != right.limit_by.has_value()) return false;
  if (left.limit.has_value() != right.limit.has_value()) return false;
  if (left.limit_by && !(same_limit(left.limit_by->limit, right.limit_by->limit) &&
                         same_nodes(left.limit_by->by, right.limit_by->by))) {
    return false;
  }
  return !left.limit || same_limit(*left.limit, *right.limit);
}

bool same_with(const Select& left, const Select& right) {
  return std::equal(left.with.begin(), left.with.end(), right.with.begin(), right.with.end(),
                    [](const WithItem& a, const WithItem& b) {
                      return a.name == b.name && same_node(a.query, b.query) &&
                             same_node(a.expression, b.expression);
                    });
}

bool same_grouping(const Select& left, const Select& right) {
  const bool same_sets = std::equal(left.grouping_sets.begin(), left.grouping_sets.end(),
                                    right.grouping_sets.begin(), right.grouping_sets.end(),
                                    [](const auto& a, const auto& b) { return same_nodes(a, b); });
  return same_sets && same_nodes(left.group_by, right.group_by) &&
         left.group_by_kind == right.group_by_kind && left.group_by_all == right.group_by_all &&
         left.with_totals == right.with_totals;
}

bool same_windows(const Select& left, const Select& right) {
  return std::equal(
      left.windows.begin(), left.windows.end(), right.windows.begin(), right.windows.end(),
      [](const auto& a, const auto& b) { return a.first == b.first && same(a.second, b.second); });
}

bool same_settings(const Select& left, const Select& right) {
  return std::equal(left.settings.begin(), left.settings.end(), right.settings.begin(),
                    right.settings.end(), [](const Setting& a, const Setting& b) {
                      return a.name == b.name && same_literal(a.value, b.value);
                    });
}

bool same_select(const Select& left, const Select& right) {
  return same_with(left, right) && left.distinct == right.distinct &&
         same_nodes(left.distinct_on, right.distinct_on) &&
         same_nodes(left.columns, right.columns) && same_node(left.from, right.from) &&
         same_array_joins(left.array_joins, right.array_joins) &&
         same_node(left.prewhere, right.prewhere) && same_node(left.where, right.where) &&
         same_grouping(left, right) && same_node(left.having, right.having) &&
         same_windows(left, right) && same_node(left.qualify, right.qualify) &&
         same_orders(left.order_by, right.order_by) && left.order_by_all == right.order_by_all &&
         same_limits(left, right) && same_settings(left, right);
}

bool same(const Expression& left, const Expression& right) {
  return left.kind == right.kind && left.alias == right.alias &&
         same_literal(left.literal, right.literal) && left.parts == right.parts &&
         left.name == right.name && same_nodes(left.parameters, right.parameters) &&
         same_nodes(left.arguments, right.arguments) && left.distinct == right.distinct &&
         same_node(left.filter, right.filter) && same_node(left.window, right.window) &&
         same_node(left.query, right.query) && left.except == right.except;
}

bool same(const Query& left, const Query& right) {
  return left.kind == right.kind && same_nodes(left.operands, right.operands) &&
         same_select(left.select, right.select);
}

}  // namespace grapevine::sql::tests

#include <algorithm>
#include <set>

#include "api/sql/bind/select_planner.hpp"
#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

std::optional<std::size_t> position_of(const Expression& expression) {
  if (expression.kind != Expression::Kind::Literal) return std::nullopt;
  if (const auto* number = std::get_if<std::uint64_t>(&expression.literal)) {
    return static_cast<std::size_t>(*number);
  }
  return std::nullopt;
}

absl::Status bad_position(std::size_t position, std::size_t columns) {
  return query_error(QueryErrorCode::BadArguments,
                     "Positional argument out of bounds: " + std::to_string(position) +
                         " (expected in range [1, " + std::to_string(columns) + "])");
}

std::string dotted(const std::vector<std::string>& parts) {
  std::string name = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) name += "." + parts[i];
  return name;
}

}  // namespace

absl::Status SelectPlanner::refuse() {
  const auto refused = [](std::string_view what) {
    return query_error(QueryErrorCode::NotImplemented, std::string(what) + " is not supported");
  };
  if (select_.with_totals && select_.group_by_kind != Select::GroupBy::Plain) {
    return refused("WITH TOTALS with ROLLUP, CUBE or GROUPING SETS");
  }
  if (!select_.distinct_on.empty() && select_.limit_by) return refused("DISTINCT ON with LIMIT BY");
  return absl::OkStatus();
}

absl::Status SelectPlanner::note_names() {
  for (const ExpressionPtr& column : select_.columns) {
    GRAPEVINE_RETURN_IF_ERROR(binder_.add_aliases(column));
  }
  for (const ExpressionPtr& part : {select_.prewhere, select_.where, select_.having}) {
    GRAPEVINE_RETURN_IF_ERROR(binder_.add_aliases(part));
  }
  for (const ExpressionPtr& key : select_.group_by) {
    GRAPEVINE_RETURN_IF_ERROR(binder_.add_aliases(key));
  }
  for (const OrderItem& item : select_.order_by) {
    GRAPEVINE_RETURN_IF_ERROR(binder_.add_aliases(item.expression));
  }
  for (const auto& [name, window] : select_.windows) binder_.add_window(name, window);
  return absl::OkStatus();
}

absl::Status SelectPlanner::bind_items() {
  for (const ExpressionPtr& column : select_.columns) {
    if (column->kind == Expression::Kind::Asterisk) {
      GRAPEVINE_RETURN_IF_ERROR(add_all(*column));
      continue;
    }
    if (column->kind == Expression::Kind::Function && column->name == "untuple") {
      GRAPEVINE_RETURN_IF_ERROR(add_untupled(*column));
      continue;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, binder_.bind(column));
    if (bound->type == plain(TypeId::Nothing)) {
      return query_error(QueryErrorCode::IllegalTypeOfArgument,
                         "A column of the answer is of type Nothing: it has no values");
    }
    const auto name_of = [this](const Expression& part) { return name_of_part(part); };
    items_.push_back(
        {column->alias.empty() ? column_name(*column, name_of) : column->alias, std::move(bound)});
  }
  return absl::OkStatus();
}

absl::Status SelectPlanner::add_untupled(const Expression& call) {
  if (call.arguments.size() != 1) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Function untuple takes 1 argument");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const BoundPtr tuple, binder_.bind(call.arguments[0]));
  const DataType& type = tuple->type;
  if (type.id != TypeId::Tuple || type.elements.empty()) {
    return query_error(
        QueryErrorCode::UnsupportedMethod,
        "Function 'untuple' argument must have compound type. Actual type " + sql::name_of(type));
  }
  const auto name_of = [this](const Expression& part) { return name_of_part(part); };
  const std::string whole =
      call.alias.empty() ? column_name(*call.arguments[0], name_of) : call.alias;
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    const std::string element =
        type.element_names.empty() ? std::to_string(i + 1) : type.element_names[i];
    const BoundPtr place =
        bound_constant(constant_fixed(plain(TypeId::UInt16), static_cast<std::uint16_t>(i + 1)));
    GRAPEVINE_ASSIGN_OR_RETURN(
        BoundPtr value, bound_call("tupleElement", {tuple, place}, planner_.context().facts));
    items_.push_back({call.alias.empty() ? "tupleElement(" + whole + ", '" + element + "')"
                                         : whole + "." + element,
                      std::move(value)});
  }
  return absl::OkStatus();
}

std::optional<std::string> SelectPlanner::name_of_part(const Expression& part) {
  if (part.kind == Expression::Kind::Identifier) {
    const ScopeColumn* column = scope_.find(part.parts);
    if (column == nullptr) return dotted(part.parts);  // Of a lambda's argument.
    if (column->element) return dotted(part.parts);
    const ScopeColumn* first = scope_.find({column->name});
    if (part.parts.size() == 1) return column->name;
    const bool alone = first == nullptr || first == column || first->joined;
    if (alone && !is_repeated(*column)) return column->name;
    return column->table + "." + column->name;
  }
  if (part.kind == Expression::Kind::Parameter && part.parts[1] != "Identifier") {
    const std::string* value = find_field(planner_.parameters(), part.parts[0]);
    const auto type = parse_type(part.parts[1]);
    if (value == nullptr || !type.ok()) return std::nullopt;
    const bool bare = is_numeric(type->id) || type->id == TypeId::Array;
    return "_CAST(" + (bare ? *value : quoted_literal(*value)) + ", '" + name_of(*type) + "')";
  }
  return std::nullopt;
}

// Whether one of three tables or more has a name that another one has, too: both go by their tables'.
bool SelectPlanner::is_repeated(const ScopeColumn& column) const {
  std::set<std::string> tables;
  bool repeated = false;
  for (const ScopeColumn& other : scope_.columns) {
    if (!other.table.empty()) tables.insert(other.table);
    repeated = repeated || (other.name == column.name && other.table != column.table &&
                            !other.table.empty() && !other.shadowed);
  }
  return repeated && tables.size() > 2 && !column.shadowed;
}

absl::Status SelectPlanner::add_all(const Expression& asterisk) {
  const auto found = scope_.all(asterisk.parts);
  if (found.empty()) {
    return query_error(QueryErrorCode::UnknownIdentifier,
                       asterisk.parts.empty()
                           ? "* stands for the columns of FROM, and there is none"
                           : "There is no table " + asterisk.parts.back() + " for " +
                                 asterisk.parts.back() + ".*");
  }
  for (const ScopeColumn* column : found) {
    if (std::find(asterisk.except.begin(), asterisk.except.end(), column->name) !=
        asterisk.except.end()) {
      continue;
    }
    const bool repeated = is_repeated(*column) ||
                          std::any_of(items_.begin(), items_.end(), [&](const SelectItem& item) {
                            return item.name == column->name;
                          });
    items_.push_back(
        {repeated && !column->table.empty() ? column->table + "." + column->name : column->name,
         bound_column(column->column, column->type, column->name)});
  }
  return absl::OkStatus();
}

absl::StatusOr<BoundPtr> SelectPlanner::bind_condition(const ExpressionPtr& expression,
                                                       const char* where) {
  GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr condition, binder_.bind(expression, where));
  const TypeId id = condition->type.id;
  if (!is_numeric(id) && id != TypeId::Nothing) {
    return query_error(QueryErrorCode::IllegalTypeOfColumnForFilter,
                       "Invalid type for filter: " + name_of(condition->type) +
                           ", where a truth value is expected");
  }
  return condition;
}

absl::Status SelectPlanner::add_where() {
  std::vector<BoundPtr> conditions;
  for (const ExpressionPtr& part : {select_.prewhere, select_.where}) {
    if (part == nullptr) continue;
    GRAPEVINE_ASSIGN_OR_RETURN(const BoundPtr condition,
                               bind_condition(part, part == select_.where ? "WHERE" : "PREWHERE"));
    split_conditions(condition, conditions);
  }
  std::vector<BoundPtr*> wanted;
  for (BoundPtr& condition : conditions) wanted.push_back(&condition);
  elements_.clear();
  GRAPEVINE_RETURN_IF_ERROR(join_arrays(plan_, wanted));
  plan_ = push_down(std::move(plan_), std::move(conditions));
  return absl::OkStatus();
}

absl::StatusOr<BoundPtr> SelectPlanner::bind_placed(const ExpressionPtr& expression,
                                                    const char* where) {
  if (const auto position = position_of(*expression)) {
    if (*position < 1 || *position > items_.size()) {
      return bad_position(*position, items_.size());
    }
    return items_[*position - 1].expression;
  }
  return binder_.bind(expression, where);
}

absl::Status SelectPlanner::bind_rest() {
  if (select_.group_by_all) {
    for (const SelectItem& item : items_) {
      if (!contains(item.expression, Bound::Kind::Aggregate)) keys_.push_back(item.expression);
    }
  }
  for (const ExpressionPtr& key : select_.group_by) {
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, bind_placed(key, "GROUP BY"));
    if (contains(bound, Bound::Kind::Aggregate)) {
      return query_error(QueryErrorCode::IllegalAggregation,
                         "Aggregate function is found in GROUP BY");
    }
    keys_.push_back(std::move(bound));
  }
  for (const std::vector<ExpressionPtr>& set : select_.grouping_sets) {
    std::vector<BoundPtr> bound_set;
    for (const ExpressionPtr& key : set) {
      GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, bind_placed(key, "GROUP BY"));
      bound_set.push_back(std::move(bound));
    }
    grouping_sets_.push_back(std::move(bound_set));
  }
  if (select_.having != nullptr) {
    GRAPEVINE_ASSIGN_OR_RETURN(having_, bind_condition(select_.having, nullptr));
  }
  if (select_.qualify != nullptr) {
    GRAPEVINE_ASSIGN_OR_RETURN(qualify_, bind_condition(select_.qualify, nullptr));
  }
  for (const OrderItem& item : select_.order_by) {
    const bool nulls_first = item.nulls_first.value_or(false);
    if (select_.order_by_all) {
      for (const SelectItem& shown : items_) {
        order_.push_back({shown.expression, item.descending, nulls_first});
      }
      break;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, bind_placed(item.expression, nullptr));
    order_.push_back({std::move(bound), item.descending, nulls_first});
  }
  if (select_.limit_by) {
    for (const ExpressionPtr& key : select_.limit_by->by) {
      GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, bind_placed(key, nullptr));
      limit_by_.push_back(std::move(bound));
    }
  }
  for (const ExpressionPtr& key : select_.distinct_on) {
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, bind_placed(key, nullptr));
    distinct_on_.push_back(std::move(bound));
  }
  return absl::OkStatus();
}

void SelectPlanner::for_each_expression(const std::function<void(BoundPtr&)>& body) {
  for (SelectItem& item : items_) body(item.expression);
  if (having_ != nullptr) body(having_);
  if (qualify_ != nullptr) body(qualify_);
  for (BoundOrder& item : order_) body(item.expression);
  for (BoundPtr& key : limit_by_) body(key);
  for (BoundPtr& key : distinct_on_) body(key);
}

}  // namespace grapevine::sql

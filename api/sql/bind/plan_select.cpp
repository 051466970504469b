#include <algorithm>
#include <functional>
#include <unordered_map>

#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/bind/planner.hpp"
#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

struct Item {
  std::string name;
  BoundPtr expression;
};

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

// One SELECT on its way to a plan: each member does the work of one clause.
class SelectPlanner {
 public:
  SelectPlanner(Planner& planner, const Select& select, const Environment& environment,
                Planner::From from)
      : planner_(planner),
        select_(select),
        plan_(std::move(from.plan)),
        scope_(std::move(from.scope)),
        binder_(planner, environment, scope_),
        environment_(environment) {}

  absl::StatusOr<PlanPtr> plan() {
    GRAPEVINE_RETURN_IF_ERROR(refuse());
    GRAPEVINE_RETURN_IF_ERROR(note_names());
    GRAPEVINE_RETURN_IF_ERROR(bind_items());
    GRAPEVINE_RETURN_IF_ERROR(add_where());
    GRAPEVINE_RETURN_IF_ERROR(bind_rest());
    GRAPEVINE_RETURN_IF_ERROR(add_groups());
    GRAPEVINE_RETURN_IF_ERROR(add_windows());
    return finish();
  }

 private:
  absl::Status refuse() {
    const auto refused = [](std::string_view what) {
      return query_error(QueryErrorCode::NotImplemented, std::string(what) + " is not supported");
    };
    if (!select_.array_join.empty()) return refused("ARRAY JOIN");
    if (select_.with_totals && select_.having != nullptr) return refused("WITH TOTALS with HAVING");
    if (select_.with_totals && select_.group_by_kind != Select::GroupBy::Plain) {
      return refused("WITH TOTALS with ROLLUP, CUBE or GROUPING SETS");
    }
    if (!select_.distinct_on.empty() && select_.limit_by)
      return refused("DISTINCT ON with LIMIT BY");
    return absl::OkStatus();
  }

  absl::Status note_names() {
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

  absl::Status bind_items() {
    for (const ExpressionPtr& column : select_.columns) {
      if (column->kind == Expression::Kind::Asterisk) {
        GRAPEVINE_RETURN_IF_ERROR(add_all(*column));
        continue;
      }
      GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, binder_.bind(column));
      const auto name_of = [this](const Expression& part) { return name_of_part(part); };
      items_.push_back({column->alias.empty() ? column_name(*column, name_of) : column->alias,
                        std::move(bound)});
    }
    return absl::OkStatus();
  }

  // What ClickHouse calls a column or a parameter in the name of an expression: a column without its
  // table, unless another table before it has one of that name.
  std::optional<std::string> name_of_part(const Expression& part) {
    if (part.kind == Expression::Kind::Identifier) {
      const ScopeColumn* column = scope_.find(part.parts);
      if (column == nullptr) return std::nullopt;
      const ScopeColumn* first = scope_.find({column->name});
      if (first == nullptr || first == column || part.parts.size() == 1) return column->name;
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

  absl::Status add_all(const Expression& asterisk) {
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
      const bool repeated = std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
        return item.name == column->name;
      });
      items_.push_back(
          {repeated && !column->table.empty() ? column->table + "." + column->name : column->name,
           bound_column(column->column, column->type, column->name)});
    }
    return absl::OkStatus();
  }

  absl::StatusOr<BoundPtr> bind_condition(const ExpressionPtr& expression, const char* where) {
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr condition, binder_.bind(expression, where));
    const TypeId id = condition->type.id;
    if (!is_numeric(id) && id != TypeId::Nothing) {
      return query_error(QueryErrorCode::IllegalTypeOfColumnForFilter,
                         "Invalid type for filter: " + name_of(condition->type) +
                             ", where a truth value is expected");
    }
    return condition;
  }

  absl::Status add_where() {
    std::vector<BoundPtr> conditions;
    for (const ExpressionPtr& part : {select_.prewhere, select_.where}) {
      if (part == nullptr) continue;
      GRAPEVINE_ASSIGN_OR_RETURN(
          const BoundPtr condition,
          bind_condition(part, part == select_.where ? "WHERE" : "PREWHERE"));
      split_conditions(condition, conditions);
    }
    plan_ = push_down(std::move(plan_), std::move(conditions));
    return absl::OkStatus();
  }

  // An expression of GROUP BY, ORDER BY or LIMIT BY: perhaps a column's place.
  absl::StatusOr<BoundPtr> bind_placed(const ExpressionPtr& expression, const char* where) {
    if (const auto position = position_of(*expression)) {
      if (*position < 1 || *position > items_.size()) {
        return bad_position(*position, items_.size());
      }
      return items_[*position - 1].expression;
    }
    return binder_.bind(expression, where);
  }

  absl::Status bind_rest() {
    if (select_.group_by_all) {
      for (const Item& item : items_) {
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
    if (select_.order_by_all) {
      for (const Item& item : items_) order_.push_back({item.expression, false, false});
    }
    for (const OrderItem& item : select_.order_by) {
      GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, bind_placed(item.expression, nullptr));
      order_.push_back({std::move(bound), item.descending, item.nulls_first.value_or(false)});
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

  // Every expression that is evaluated over the groups, to be rewritten where it stands.
  void for_each_expression(const std::function<void(BoundPtr&)>& body) {
    for (Item& item : items_) body(item.expression);
    if (having_ != nullptr) body(having_);
    if (qualify_ != nullptr) body(qualify_);
    for (BoundOrder& item : order_) body(item.expression);
    for (BoundPtr& key : limit_by_) body(key);
    for (BoundPtr& key : distinct_on_) body(key);
  }

  absl::Status add_groups();
  absl::StatusOr<PlanPtr> grouped(PlanPtr input, const std::vector<BoundPtr>& keys,
                                  const std::vector<PlannedAggregate>& aggregates);
  absl::StatusOr<PlanPtr> grouped_by_sets(const std::vector<PlannedAggregate>& aggregates);
  absl::StatusOr<BoundPtr> over_groups(const BoundPtr& expression);
  absl::StatusOr<BoundPtr> with_window(
      const BoundPtr& node, const std::function<absl::StatusOr<BoundPtr>(const BoundPtr&)>& part);
  absl::Status add_windows();
  absl::StatusOr<PlanPtr> finish();
  absl::Status read_limit(const Limit& limit, std::uint64_t& count, std::uint64_t& offset);
  PlanPtr limited(PlanPtr plan, std::uint64_t count, std::uint64_t offset);

  Planner& planner_;
  const Select& select_;
  PlanPtr plan_;
  Scope scope_;
  ExpressionBinder binder_;
  const Environment& environment_;
  std::vector<Item> items_;
  std::vector<BoundPtr> keys_;
  std::vector<std::vector<BoundPtr>> grouping_sets_;
  std::unordered_map<std::string, std::size_t> places_;  // Keys and aggregates, by key.
  BoundPtr having_;
  BoundPtr qualify_;
  std::vector<BoundOrder> order_;
  std::vector<BoundPtr> limit_by_;
  std::vector<BoundPtr> distinct_on_;
};

// A window function with each of its parts rewritten.
absl::StatusOr<BoundPtr> SelectPlanner::with_window(
    const BoundPtr& node, const std::function<absl::StatusOr<BoundPtr>(const BoundPtr&)>& part) {
  auto copy = std::make_shared<sql::Bound>(*node);
  auto window = std::make_shared<BoundWindow>(*node->window);
  for (BoundPtr& argument : copy->arguments) {
    GRAPEVINE_ASSIGN_OR_RETURN(argument, part(argument));
  }
  for (BoundPtr& key : window->partition_by) {
    GRAPEVINE_ASSIGN_OR_RETURN(key, part(key));
  }
  for (BoundOrder& item : window->order_by) {
    GRAPEVINE_ASSIGN_OR_RETURN(item.expression, part(item.expression));
  }
  copy->window = std::move(window);
  return BoundPtr(std::move(copy));
}

absl::StatusOr<BoundPtr> SelectPlanner::over_groups(const BoundPtr& expression) {
  return rewrite(expression, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
    if (const auto place = places_.find(node->key); place != places_.end()) {
      return bound_column(place->second, node->type, node->name);
    }
    if (node->kind == Bound::Kind::Window) {
      return with_window(node, [&](const BoundPtr& part) { return over_groups(part); });
    }
    if (node->kind == Bound::Kind::Column) {
      return query_error(
          QueryErrorCode::NotAnAggregate,
          "Column '" + node->name + "' is not under aggregate function and not in GROUP BY keys");
    }
    return BoundPtr{};
  });
}

absl::StatusOr<PlanPtr> SelectPlanner::grouped(PlanPtr input, const std::vector<BoundPtr>& keys,
                                               const std::vector<PlannedAggregate>& aggregates) {
  std::vector<ResultColumn> columns;
  for (const BoundPtr& key : keys) columns.push_back({key->name, key->type});
  for (const PlannedAggregate& call : aggregates) {
    columns.push_back({call.text, call.aggregate->type()});
  }
  auto plan = make_plan(Plan::Kind::Aggregate, std::move(columns));
  plan->keys = keys;
  plan->aggregates = aggregates;
  plan->with_totals = select_.with_totals;
  plan->inputs.push_back(std::move(input));
  return plan;
}

// ROLLUP, CUBE and GROUPING SETS: the groups of each set of keys, with defaults for the other keys.
absl::StatusOr<PlanPtr> SelectPlanner::grouped_by_sets(
    const std::vector<PlannedAggregate>& aggregates) {
  std::vector<std::vector<bool>> sets;
  constexpr std::size_t kCubeMax = 10;
  switch (select_.group_by_kind) {
    case Select::GroupBy::Rollup:
      for (std::size_t count = keys_.size() + 1; count-- > 0;) {
        std::vector<bool> set(keys_.size(), false);
        std::fill_n(set.begin(), count, true);
        sets.push_back(std::move(set));
      }
      break;
    case Select::GroupBy::Cube:
      if (keys_.size() > kCubeMax) {
        return query_error(QueryErrorCode::BadArguments, "CUBE takes at most 10 keys");
      }
      for (std::size_t bits = std::size_t{1} << keys_.size(); bits-- > 0;) {
        std::vector<bool> set(keys_.size());
        for (std::size_t i = 0; i < keys_.size(); ++i) set[i] = ((bits >> i) & 1) != 0;
        sets.push_back(std::move(set));
      }
      break;
    default:
      for (const std::vector<BoundPtr>& said : grouping_sets_) {
        std::vector<bool> set(keys_.size(), false);
        for (const BoundPtr& key : said) {
          for (std::size_t i = 0; i < keys_.size(); ++i) {
            if (keys_[i]->key == key->key) set[i] = true;
          }
        }
        sets.push_back(std::move(set));
      }
  }
  auto all = make_plan(Plan::Kind::Union, {});
  for (const std::vector<bool>& set : sets) {
    // The input is planned anew for each, since a plan has one reader.
    GRAPEVINE_ASSIGN_OR_RETURN(Planner::From from,
                               planner_.plan_from(select_.from.get(), environment_));
    std::swap(plan_, from.plan);
    GRAPEVINE_RETURN_IF_ERROR(add_where());
    std::vector<BoundPtr> keys;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (set[i]) keys.push_back(keys_[i]);
    }
    GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr groups, grouped(std::move(plan_), keys, aggregates));
    auto project = make_plan(Plan::Kind::Project, {});
    std::size_t next = 0;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      project->columns.push_back({keys_[i]->name, keys_[i]->type});
      project->expressions.push_back(set[i] ? bound_column(next++, keys_[i]->type, keys_[i]->name)
                                            : bound_constant(constant_default(keys_[i]->type, 1)));
    }
    for (; next < groups->columns.size(); ++next) {
      project->columns.push_back(groups->columns[next]);
      project->expressions.push_back(
          bound_column(next, groups->columns[next].type, groups->columns[next].name));
    }
    project->inputs.push_back(std::move(groups));
    all->columns = project->columns;
    all->inputs.push_back(std::move(project));
  }
  return all;
}

absl::Status SelectPlanner::add_groups() {
  std::vector<PlannedAggregate> aggregates;
  std::unordered_map<std::string, std::size_t> known;
  for_each_expression([&](BoundPtr& expression) {
    for_each_node(expression, [&](const sql::Bound& node) {
      if (node.kind != Bound::Kind::Aggregate) return;
      if (!known.emplace(node.key, aggregates.size()).second) return;
      aggregates.push_back({node.aggregate, node.name, node.arguments});
    });
  });
  for (const std::vector<BoundPtr>& set : grouping_sets_) {
    for (const BoundPtr& key : set) {
      const bool has = std::any_of(keys_.begin(), keys_.end(),
                                   [&](const BoundPtr& other) { return other->key == key->key; });
      if (!has) keys_.push_back(key);
    }
  }
  const bool groups = !keys_.empty() || !aggregates.empty() || !select_.group_by.empty();
  if (!groups) {
    if (having_ != nullptr) {
      std::vector<BoundPtr> conditions;
      split_conditions(having_, conditions);
      plan_ = push_down(std::move(plan_), std::move(conditions));
    }
    return absl::OkStatus();
  }
  std::vector<BoundPtr> distinct_keys;
  for (const BoundPtr& key : keys_) {
    if (places_.emplace(key->key, distinct_keys.size()).second) distinct_keys.push_back(key);
  }
  keys_ = std::move(distinct_keys);
  for (const auto& [key, place] : known) places_.emplace(key, keys_.size() + place);
  if (select_.group_by_kind == Select::GroupBy::Plain) {
    GRAPEVINE_ASSIGN_OR_RETURN(plan_, grouped(std::move(plan_), keys_, aggregates));
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(plan_, grouped_by_sets(aggregates));
  }
  absl::Status status;
  for_each_expression([&](BoundPtr& expression) {
    if (!status.ok()) return;
    auto lowered = over_groups(expression);
    status = lowered.status();
    if (status.ok()) expression = *std::move(lowered);
  });
  GRAPEVINE_RETURN_IF_ERROR(status);
  if (having_ != nullptr) {
    auto filter = make_plan(Plan::Kind::Filter, plan_->columns);
    split_conditions(having_, filter->conditions);
    filter->inputs.push_back(std::move(plan_));
    plan_ = std::move(filter);
  }
  return absl::OkStatus();
}

absl::Status SelectPlanner::add_windows() {
  std::unordered_map<std::string, std::size_t> known;
  auto windows = make_plan(Plan::Kind::Window, plan_->columns);
  for_each_expression([&](BoundPtr& expression) {
    for_each_node(expression, [&](const sql::Bound& node) {
      if (node.kind != Bound::Kind::Window) return;
      if (!known.emplace(node.key, windows->columns.size()).second) return;
      windows->columns.push_back({node.name, node.type});
      windows->expressions.push_back(std::make_shared<sql::Bound>(node));
    });
  });
  if (!known.empty()) {
    windows->inputs.push_back(std::move(plan_));
    plan_ = std::move(windows);
  }
  absl::Status status;
  for_each_expression([&](BoundPtr& expression) {
    auto lowered = rewrite(expression, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
      if (node->kind != Bound::Kind::Window) return BoundPtr{};
      return bound_column(known.at(node->key), node->type, node->name);
    });
    if (lowered.ok()) {
      expression = *std::move(lowered);
    } else {
      status = lowered.status();
    }
  });
  GRAPEVINE_RETURN_IF_ERROR(status);
  if (qualify_ != nullptr) {
    auto filter = make_plan(Plan::Kind::Filter, plan_->columns);
    split_conditions(qualify_, filter->conditions);
    filter->inputs.push_back(std::move(plan_));
    plan_ = std::move(filter);
  }
  return absl::OkStatus();
}

absl::Status SelectPlanner::read_limit(const Limit& limit, std::uint64_t& count,
                                       std::uint64_t& offset) {
  const auto read = [&](const ExpressionPtr& expression, std::uint64_t& number) -> absl::Status {
    if (expression == nullptr) return absl::OkStatus();
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr value,
                               planner_.constant_of(*expression, environment_));
    const bool below = is_signed(value->type.id) && !value->is_null(0);
    if (!is_integer(value->type.id) || value->is_null(0) || below) {
      return query_error(QueryErrorCode::InvalidLimitExpression,
                         "LIMIT and OFFSET take whole numbers that are not below 0");
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr as_number,
                               cast(value, plain(TypeId::UInt64), planner_.context().facts));
    number = as_number->fixed<std::uint64_t>()[0];
    return absl::OkStatus();
  };
  count = Plan::kNoLimit;
  offset = 0;
  GRAPEVINE_RETURN_IF_ERROR(read(limit.count, count));
  return read(limit.offset, offset);
}

PlanPtr SelectPlanner::limited(PlanPtr plan, std::uint64_t count, std::uint64_t offset) {
  auto limit = make_plan(Plan::Kind::Limit, plan->columns);
  limit->limit = count;
  limit->offset = offset;
  limit->inputs.push_back(std::move(plan));
  return limit;
}

absl::StatusOr<PlanPtr> SelectPlanner::finish() {
  std::uint64_t count = Plan::kNoLimit;
  std::uint64_t offset = 0;
  if (select_.limit) GRAPEVINE_RETURN_IF_ERROR(read_limit(*select_.limit, count, offset));
  const bool ties = select_.limit && select_.limit->with_ties;
  if (ties && order_.empty()) {
    return query_error(QueryErrorCode::BadArguments, "LIMIT WITH TIES needs ORDER BY");
  }
  auto project = make_plan(Plan::Kind::Project, {});
  std::unordered_map<std::string, std::size_t> places;
  const auto place_of = [&](const BoundPtr& expression) {
    const auto [entry, added] = places.emplace(expression->key, project->expressions.size());
    if (added) {
      project->columns.push_back({expression->name, expression->type});
      project->expressions.push_back(expression);
    }
    return bound_column(entry->second, expression->type, expression->name);
  };
  for (const Item& item : items_) {
    places.emplace(item.expression->key, project->expressions.size());
    project->columns.push_back({item.name, item.expression->type});
    project->expressions.push_back(item.expression);
  }
  const std::size_t width = items_.size();
  for (BoundOrder& item : order_) item.expression = place_of(item.expression);
  for (BoundPtr& key : limit_by_) key = place_of(key);
  for (BoundPtr& key : distinct_on_) key = place_of(key);
  project->inputs.push_back(std::move(plan_));
  PlanPtr plan = std::move(project);
  if (select_.distinct) {
    auto distinct = make_plan(Plan::Kind::Distinct, plan->columns);
    for (std::size_t i = 0; i < width; ++i) {
      distinct->keys.push_back(bound_column(i, plan->columns[i].type, plan->columns[i].name));
    }
    distinct->inputs.push_back(std::move(plan));
    plan = std::move(distinct);
  }
  const bool by = !limit_by_.empty() || !distinct_on_.empty();
  if (!order_.empty()) {
    auto sort = make_plan(Plan::Kind::Sort, plan->columns);
    sort->order = order_;
    sort->with_ties = ties && !by;
    if (!by && count <= Plan::kNoLimit - offset) sort->limit = count + offset;
    sort->inputs.push_back(std::move(plan));
    plan = std::move(sort);
  }
  if (by) {
    auto limit_by = make_plan(Plan::Kind::LimitBy, plan->columns);
    limit_by->keys = limit_by_.empty() ? distinct_on_ : limit_by_;
    limit_by->limit = 1;
    if (select_.limit_by) {
      GRAPEVINE_RETURN_IF_ERROR(
          read_limit(select_.limit_by->limit, limit_by->limit, limit_by->offset));
    }
    limit_by->inputs.push_back(std::move(plan));
    plan = std::move(limit_by);
  }
  if (plan->columns.size() > width) {
    auto cut = make_plan(Plan::Kind::Project, {});
    for (std::size_t i = 0; i < width; ++i) {
      cut->columns.push_back(plan->columns[i]);
      cut->expressions.push_back(bound_column(i, plan->columns[i].type, plan->columns[i].name));
    }
    cut->inputs.push_back(std::move(plan));
    plan = std::move(cut);
  }
  if (count != Plan::kNoLimit || offset > 0) {
    plan = limited(std::move(plan), ties ? Plan::kNoLimit : count, offset);
  }
  return plan;
}

}  // namespace

absl::StatusOr<PlanPtr> Planner::plan_select(const Select& select, const Environment& environment) {
  // Each name of WITH is read in the environment of those before it.
  std::vector<std::unique_ptr<Environment>>& kept = environments_;
  const Environment* current = &environment;
  for (const WithItem& item : select.with) {
    auto next = std::make_unique<Environment>();
    next->outer = current;
    if (item.query != nullptr) {
      next->queries[item.name] = item.query;
      next->environments[item.name] = current;
    } else {
      next->expressions[item.name] = item.expression;
    }
    current = next.get();
    kept.push_back(std::move(next));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(From from, plan_from(select.from.get(), *current));
  return SelectPlanner(*this, select, *current, std::move(from)).plan();
}

}  // namespace grapevine::sql

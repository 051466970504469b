#include <algorithm>
#include <unordered_map>

#include "api/sql/bind/select_planner.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

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
    if (const auto known = groupings_by_key_.find(node->key); known != groupings_by_key_.end()) {
      return known->second;
    }
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
  std::vector<BoundPtr> all = keys_;  // Also those that are not of this set.
  std::vector<BoundPtr*> wanted;
  for (BoundPtr& key : all) wanted.push_back(&key);
  for (BoundPtr& key : plan->keys) wanted.push_back(&key);
  for (PlannedAggregate& call : plan->aggregates) {
    for (BoundPtr& argument : call.arguments) wanted.push_back(&argument);
  }
  GRAPEVINE_RETURN_IF_ERROR(join_arrays(input, wanted));
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
    GRAPEVINE_ASSIGN_OR_RETURN(Planner::From from, planner_.plan_source(select_, environment_));
    array_joins_ = 0;
    std::swap(plan_, from.plan);
    GRAPEVINE_RETURN_IF_ERROR(add_where());
    std::vector<BoundPtr> keys;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (set[i]) keys.push_back(keys_[i]);
    }
    // Of no rows there is no total either: a key that all rows have stands for none.
    const bool total = keys.empty();
    if (total)
      keys.push_back(bound_constant(constant_fixed(plain(TypeId::UInt8), std::uint8_t{0})));
    GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr groups, grouped(std::move(plan_), keys, aggregates));
    auto project = make_plan(Plan::Kind::Project, {});
    std::size_t next = total ? 1 : 0;
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
    for (const BoundPtr& call : groupings_) {
      project->columns.push_back({call->name, call->type});
      project->expressions.push_back(grouping_of(*call, set));
    }
    project->inputs.push_back(std::move(groups));
    all->columns = project->columns;
    all->inputs.push_back(std::move(project));
  }
  return all;
}

// grouping(...) of the groups by some of the keys.
BoundPtr SelectPlanner::grouping_of(const sql::Bound& call, const std::vector<bool>& set) const {
  std::uint64_t bits = 0;
  for (const BoundPtr& argument : call.arguments) {
    bool is_in = false;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      is_in = is_in || (keys_[i]->key == argument->key && set[i]);
    }
    bits = bits * 2 + (is_in ? 0 : 1);
  }
  return bound_constant(constant_fixed(plain(TypeId::UInt64), bits));
}

// Notes a call of grouping(). Errors  BadArguments (36): of what is no key;
// IllegalAggregation (184): there is no GROUP BY.
absl::Status SelectPlanner::note_grouping(const sql::Bound& call) {
  if (keys_.empty()) {
    return query_error(
        QueryErrorCode::IllegalAggregation,
        "GROUPING function " + call.name + " is found in SELECT without GROUP BY in query");
  }
  for (const BoundPtr& argument : call.arguments) {
    const bool is_key = std::any_of(keys_.begin(), keys_.end(),
                                    [&](const BoundPtr& key) { return key->key == argument->key; });
    if (is_key) continue;
    return query_error(QueryErrorCode::BadArguments,
                       "GROUPING function argument " + argument->name + " is not in GROUP BY keys");
  }
  groupings_.push_back(std::make_shared<sql::Bound>(call));
  return absl::OkStatus();
}

absl::Status SelectPlanner::add_groups() {
  std::vector<PlannedAggregate> aggregates;
  std::vector<const sql::Bound*> grouping_calls;
  std::unordered_map<std::string, std::size_t> known;
  for_each_expression([&](BoundPtr& expression) {
    for_each_node(expression, [&](const sql::Bound& node) {
      if (node.kind != Bound::Kind::Aggregate) return;
      if (node.aggregate == nullptr) {
        grouping_calls.push_back(&node);
        return;
      }
      if (!known.emplace(node.key, aggregates.size()).second) return;
      aggregates.push_back({node.aggregate, node.name, node.aggregate_name, node.arguments});
    });
  });
  for (const std::vector<BoundPtr>& set : grouping_sets_) {
    for (const BoundPtr& key : set) {
      const bool has = std::any_of(keys_.begin(), keys_.end(),
                                   [&](const BoundPtr& other) { return other->key == key->key; });
      if (!has) keys_.push_back(key);
    }
  }
  std::unordered_map<std::string, std::size_t> known_groupings;
  for (const sql::Bound* call : grouping_calls) {
    if (!known_groupings.emplace(call->key, groupings_.size()).second) continue;
    GRAPEVINE_RETURN_IF_ERROR(note_grouping(*call));
  }
  const bool groups = !keys_.empty() || !aggregates.empty() || !select_.group_by.empty();
  if (!groups) {
    if (having_ != nullptr) {
      GRAPEVINE_RETURN_IF_ERROR(join_arrays(plan_, {&having_}, expressions()));
      std::vector<BoundPtr> conditions;
      split_conditions(having_, conditions);
      plan_ = push_down(std::move(plan_), std::move(conditions));
    }
    return absl::OkStatus();
  }
  // A constant is itself in totals and in every set, and so no key, unless there is no other: of no
  // rows there is no group.
  const auto is_constant = [](const BoundPtr& key) { return key->kind == Bound::Kind::Constant; };
  const bool plain = select_.group_by_kind == Select::GroupBy::Plain;
  if ((select_.with_totals || !plain) &&
      (!plain || !std::all_of(keys_.begin(), keys_.end(), is_constant))) {
    std::erase_if(keys_, is_constant);
  }
  std::vector<BoundPtr> distinct_keys;
  for (const BoundPtr& key : keys_) {
    if (places_.emplace(key->key, distinct_keys.size()).second) distinct_keys.push_back(key);
  }
  keys_ = std::move(distinct_keys);
  for (const auto& [key, place] : known) places_.emplace(key, keys_.size() + place);
  for (const auto& [key, place] : known_groupings) {
    places_.emplace(key, keys_.size() + aggregates.size() + place);
  }
  if (select_.group_by_kind == Select::GroupBy::Plain) {
    GRAPEVINE_ASSIGN_OR_RETURN(plan_, grouped(std::move(plan_), keys_, aggregates));
    // Every row is of a group of all keys.
    for (const BoundPtr& call : groupings_) {
      groupings_by_key_[call->key] = grouping_of(*call, std::vector<bool>(keys_.size(), true));
    }
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
  grouped_ = true;
  if (having_ != nullptr && select_.with_totals) {
    if (contains(having_, Bound::Kind::ArrayJoin)) {
      return query_error(QueryErrorCode::IllegalColumn,
                         "HAVING beside WITH TOTALS cannot contain arrayJoin");
    }
    // Totals are of the groups that pass.
    split_conditions(having_, plan_->having);
  } else if (having_ != nullptr) {
    GRAPEVINE_RETURN_IF_ERROR(join_arrays(plan_, {&having_}, expressions()));
    auto filter = make_plan(Plan::Kind::Filter, plan_->columns);
    split_conditions(having_, filter->conditions);
    filter->inputs.push_back(std::move(plan_));
    plan_ = std::move(filter);
  }
  return absl::OkStatus();
}

absl::Status SelectPlanner::add_windows() {
  GRAPEVINE_RETURN_IF_ERROR(join_arrays(plan_, expressions(), {}, true));
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
    GRAPEVINE_RETURN_IF_ERROR(join_arrays(plan_, {&qualify_}, expressions()));
    auto filter = make_plan(Plan::Kind::Filter, plan_->columns);
    split_conditions(qualify_, filter->conditions);
    filter->inputs.push_back(std::move(plan_));
    plan_ = std::move(filter);
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql

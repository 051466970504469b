#include <algorithm>
#include <set>

#include "api/sql/plan/plan.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Needed = std::set<std::size_t>;
// Where each old column of an input is now.
using Moved = std::vector<std::size_t>;

void need(Needed& needed, const BoundPtr& expression) {
  for_each_node(expression, [&](const Bound& node) {
    if (node.kind == Bound::Kind::Column) needed.insert(node.column);
  });
}
void need(Needed& needed, const std::vector<BoundPtr>& expressions) {
  for (const BoundPtr& expression : expressions) need(needed, expression);
}

BoundPtr moved(const BoundPtr& expression, const Moved& to) {
  auto made = rewrite(expression, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
    if (node->kind == Bound::Kind::Column) {
      return bound_column(to[node->column], node->type, node->name);
    }
    if (node->kind != Bound::Kind::Window) return BoundPtr{};
    auto copy = std::make_shared<Bound>(*node);
    auto window = std::make_shared<BoundWindow>(*node->window);
    for (BoundPtr& argument : copy->arguments) argument = moved(argument, to);
    for (BoundPtr& key : window->partition_by) key = moved(key, to);
    for (BoundOrder& item : window->order_by) item.expression = moved(item.expression, to);
    copy->window = std::move(window);
    return BoundPtr(std::move(copy));
  });
  return *std::move(made);
}
void move(std::vector<BoundPtr>& expressions, const Moved& to) {
  for (BoundPtr& expression : expressions) expression = moved(expression, to);
}

// Keeps the elements that are needed, and says where each is by then.
template <typename Element>
void keep(std::vector<Element>& elements, const Needed& needed) {
  std::vector<Element> kept;
  for (const std::size_t i : needed) kept.push_back(std::move(elements[i]));
  elements = std::move(kept);
}
Moved places(const Needed& needed, std::size_t columns) {
  Moved to(columns, 0);
  std::size_t next = 0;
  for (const std::size_t i : needed) to[i] = next++;
  return to;
}

Moved prune(Plan& plan, Needed needed);

Moved prune_one_input(Plan& plan, Needed needed) {
  plan.first_only = needed.empty() || *needed.rbegin() == 0;
  Needed below = needed;
  need(below, plan.conditions);
  need(below, plan.keys);
  for (const BoundOrder& item : plan.order) need(below, item.expression);
  Plan& input = *plan.inputs[0];
  const std::size_t columns = plan.columns.size();
  const Moved to = prune(input, below);
  move(plan.conditions, to);
  move(plan.keys, to);
  for (BoundOrder& item : plan.order) item.expression = moved(item.expression, to);
  plan.columns = input.columns;
  // The columns of the output are those of the input, needed above or not.
  Moved out(columns, 0);
  for (std::size_t i = 0; i < columns; ++i) out[i] = to[i];
  return out;
}

Moved prune_join(Plan& plan, const Needed& needed) {
  const std::size_t width = plan.inputs[0]->columns.size();
  const std::size_t columns = plan.columns.size();
  Needed left;
  Needed right;
  Needed both = needed;
  need(both, plan.conditions);
  for (const std::size_t i : both) (i < width ? left : right).insert(i < width ? i : i - width);
  need(left, plan.left_keys);
  need(right, plan.right_keys);
  if (plan.asof) {
    need(left, plan.asof->left);
    need(right, plan.asof->right);
  }
  const Moved left_to = prune(*plan.inputs[0], left);
  const Moved right_to = prune(*plan.inputs[1], right);
  move(plan.left_keys, left_to);
  move(plan.right_keys, right_to);
  if (plan.asof) {
    plan.asof->left = moved(plan.asof->left, left_to);
    plan.asof->right = moved(plan.asof->right, right_to);
  }
  const std::size_t new_width = plan.inputs[0]->columns.size();
  // Which old columns are still there, with the types that the join gives them.
  Moved to(columns, 0);
  std::vector<ResultColumn> kept(new_width + plan.inputs[1]->columns.size());
  for (std::size_t i = 0; i < columns; ++i) {
    to[i] = i < width ? left_to[i] : new_width + right_to[i - width];
  }
  std::vector<bool> set(kept.size(), false);
  const auto note = [&](std::size_t old) {
    kept[to[old]] = plan.columns[old];
    set[to[old]] = true;
  };
  for (const std::size_t i : left) note(i);
  for (const std::size_t i : right) note(i + width);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (set[i]) continue;  // A column that was kept for its rows alone.
    kept[i] = i < new_width ? plan.inputs[0]->columns[i] : plan.inputs[1]->columns[i - new_width];
  }
  move(plan.conditions, to);
  plan.unread.assign(kept.size(), true);
  for (const std::size_t i : needed) plan.unread[to[i]] = false;
  plan.columns = std::move(kept);
  return to;
}

// A row's columns are copied for each element: what nobody reads above is left out.
Moved prune_array_join(Plan& plan, const Needed& needed) {
  const std::size_t width = plan.passed.size();
  const std::size_t columns = plan.columns.size();
  Needed below;
  std::vector<std::size_t> passed;
  std::vector<ResultColumn> kept;
  Moved to(columns, 0);
  for (const std::size_t i : needed) {
    if (i >= width) continue;
    to[i] = passed.size();
    below.insert(plan.passed[i]);
    passed.push_back(plan.passed[i]);
    kept.push_back(plan.columns[i]);
  }
  need(below, plan.expressions);
  for (std::size_t i = width; i < columns; ++i) {  // All arrays count, since they are as long.
    to[i] = kept.size();
    kept.push_back(plan.columns[i]);
  }
  const Moved input_to = prune(*plan.inputs[0], below);
  for (std::size_t& column : passed) column = input_to[column];
  move(plan.expressions, input_to);
  plan.passed = std::move(passed);
  plan.columns = std::move(kept);
  return to;
}

Moved prune(Plan& plan, Needed needed) {
  const std::size_t columns = plan.columns.size();
  switch (plan.kind) {
    case Plan::Kind::Scan: {
      // Those that are read above stand first, behind them what only the conditions look at.
      Needed tested;
      need(tested, plan.conditions);
      std::vector<std::size_t> order(needed.begin(), needed.end());
      plan.shown = order.size();
      for (const std::size_t i : tested) {
        if (!needed.contains(i)) order.push_back(i);
      }
      Moved to(columns, 0);
      std::vector<std::size_t> scanned;
      std::vector<ResultColumn> kept;
      for (std::size_t place = 0; place < order.size(); ++place) {
        to[order[place]] = place;
        scanned.push_back(plan.scanned[order[place]]);
        kept.push_back(plan.columns[order[place]]);
      }
      plan.scanned = std::move(scanned);
      plan.columns = std::move(kept);
      move(plan.conditions, to);
      return to;
    }
    case Plan::Kind::Project: {
      const Moved to = places(needed, columns);
      keep(plan.expressions, needed);
      keep(plan.columns, needed);
      Needed below;
      need(below, plan.expressions);
      const Moved input_to = prune(*plan.inputs[0], below);
      move(plan.expressions, input_to);
      return to;
    }
    case Plan::Kind::Aggregate: {
      Needed kept;  // Keys make the groups: they stay.
      for (std::size_t i = 0; i < plan.keys.size(); ++i) kept.insert(i);
      kept.insert(needed.begin(), needed.end());
      need(kept, plan.having);
      const Moved to = places(kept, columns);
      move(plan.having, to);
      keep(plan.columns, kept);
      Needed aggregates;
      for (const std::size_t i : kept) {
        if (i >= plan.keys.size()) aggregates.insert(i - plan.keys.size());
      }
      keep(plan.aggregates, aggregates);
      Needed below;
      need(below, plan.keys);
      for (const PlannedAggregate& call : plan.aggregates) need(below, call.arguments);
      const Moved input_to = prune(*plan.inputs[0], below);
      move(plan.keys, input_to);
      for (PlannedAggregate& call : plan.aggregates) move(call.arguments, input_to);
      return to;
    }
    case Plan::Kind::Join: return prune_join(plan, needed);
    case Plan::Kind::ArrayJoin: return prune_array_join(plan, needed);
    case Plan::Kind::Window: {
      const std::size_t width = plan.inputs[0]->columns.size();
      Needed below;
      for (const std::size_t i : needed) {
        if (i < width) below.insert(i);
      }
      need(below, plan.expressions);
      const Moved input_to = prune(*plan.inputs[0], below);
      move(plan.expressions, input_to);
      const std::size_t new_width = plan.inputs[0]->columns.size();
      Moved to(columns, 0);
      std::vector<ResultColumn> kept = plan.inputs[0]->columns;
      for (std::size_t i = 0; i < columns; ++i) {
        to[i] = i < width ? input_to[i] : new_width + (i - width);
        if (i >= width) kept.push_back(plan.columns[i]);
      }
      plan.columns = std::move(kept);
      return to;
    }
    case Plan::Kind::Filter:
    case Plan::Kind::Sort:
    case Plan::Kind::Limit:
    case Plan::Kind::LimitBy:
    case Plan::Kind::Distinct: return prune_one_input(plan, std::move(needed));
    case Plan::Kind::Union: {
      // Every input keeps the same columns in the same places.
      Moved to = places(needed, columns);
      for (PlanPtr& input : plan.inputs) {
        const Moved input_to = prune(*input, needed);
        auto project = make_plan(Plan::Kind::Project, {});
        for (const std::size_t i : needed) {
          project->columns.push_back(plan.columns[i]);
          project->expressions.push_back(
              bound_column(input_to[i], plan.columns[i].type, plan.columns[i].name));
        }
        project->inputs.push_back(std::move(input));
        input = std::move(project);
      }
      keep(plan.columns, needed);
      return to;
    }
    default: {  // Rows, and operations on whole rows.
      Needed all;
      for (std::size_t i = 0; i < columns; ++i) all.insert(i);
      for (PlanPtr& input : plan.inputs) prune(*input, all);
      return places(all, columns);
    }
  }
}

}  // namespace

absl::Status prune_columns(Plan& plan) {
  Needed all;
  for (std::size_t i = 0; i < plan.columns.size(); ++i) all.insert(i);
  const Moved to = prune(plan, all);
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] != i) return absl::InternalError("pruning moved a column of the answer");
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql

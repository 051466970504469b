// arrayJoin(): where it first stands, rows are multiplied; what follows reads the elements as a column.
#include <unordered_set>

#include "api/sql/bind/select_planner.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// The first call in an expression, in order, that has no other one in its argument.
class FirstArrayJoin {
 public:
  explicit FirstArrayJoin(bool only_in_windows) : only_in_windows_(only_in_windows) {}

  BoundPtr in(const BoundPtr& node, bool in_window = false) {
    if (!seen_[in_window ? 1 : 0].insert(node.get()).second) return nullptr;
    const bool within = in_window || node->kind == Bound::Kind::Window;
    for (const BoundPtr& argument : node->arguments) {
      if (BoundPtr found = in(argument, within)) return found;
    }
    if (node->window != nullptr) {
      for (const BoundPtr& key : node->window->partition_by) {
        if (BoundPtr found = in(key, within)) return found;
      }
      for (const BoundOrder& item : node->window->order_by) {
        if (BoundPtr found = in(item.expression, within)) return found;
      }
    }
    const bool wanted = node->kind == Bound::Kind::ArrayJoin && (in_window || !only_in_windows_);
    return wanted ? node : nullptr;
  }

 private:
  bool only_in_windows_;
  std::unordered_set<const sql::Bound*> seen_[2];
};

}  // namespace

absl::StatusOr<BoundPtr> SelectPlanner::with_element(const BoundPtr& expression,
                                                     const Element& element) {
  return rewrite(expression, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
    if (node->key == element.key) return element.column;
    if (node->kind != Bound::Kind::Window) return BoundPtr{};
    return with_window(node, [&](const BoundPtr& part) { return with_element(part, element); });
  });
}

absl::Status SelectPlanner::join_arrays(PlanPtr& plan, const std::vector<BoundPtr*>& wanted,
                                        const std::vector<BoundPtr*>& others,
                                        bool only_in_windows) {
  constexpr std::size_t kCallsMax = 64;
  for (;;) {
    BoundPtr call;
    for (BoundPtr* expression : wanted) {
      if (*expression != nullptr) call = FirstArrayJoin(only_in_windows).in(*expression);
      if (call != nullptr) break;
    }
    if (call == nullptr) return absl::OkStatus();
    if (++array_joins_ > kCallsMax) {
      return query_error(QueryErrorCode::TooDeepRecursion,
                         "A query multiplies its rows by at most 64 calls of arrayJoin");
    }
    if (select_.with_totals && grouped_) {
      return query_error(QueryErrorCode::NotImplemented,
                         "arrayJoin of groups WITH TOTALS is not supported");
    }
    plan = make_array_join(std::move(plan), false);
    const Element element{call->key, bound_column(plan->columns.size(), call->type, call->name)};
    plan->columns.push_back({call->name, call->type});
    plan->expressions.push_back(call->arguments[0]);
    for (const std::vector<BoundPtr*>* list : {&wanted, &others}) {
      for (BoundPtr* expression : *list) {
        if (*expression == nullptr) continue;
        GRAPEVINE_ASSIGN_OR_RETURN(*expression, with_element(*expression, element));
      }
    }
    elements_.push_back(element);
  }
}

std::vector<BoundPtr*> SelectPlanner::expressions() {
  std::vector<BoundPtr*> all;
  for_each_expression([&](BoundPtr& expression) { all.push_back(&expression); });
  return all;
}

absl::Status SelectPlanner::use_elements() {
  std::vector<BoundPtr*> all = expressions();
  for (BoundPtr& key : keys_) all.push_back(&key);
  for (std::vector<BoundPtr>& set : grouping_sets_) {
    for (BoundPtr& key : set) all.push_back(&key);
  }
  for (const Element& element : elements_) {
    for (BoundPtr* expression : all) {
      GRAPEVINE_ASSIGN_OR_RETURN(*expression, with_element(*expression, element));
    }
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql

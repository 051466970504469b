#include <string>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/plan/by_customer.hpp"
#include "api/sql/plan/plan.hpp"

namespace grapevine::sql {
namespace {

// An expression with the names of its columns.
std::string text_of(const BoundPtr& expression) {
  const Bound& node = *expression;
  constexpr std::size_t kShown = 60;
  switch (node.kind) {
    case Bound::Kind::Column: return node.name;
    case Bound::Kind::Constant: {
      if (node.constant->is_null(0)) return "NULL";
      if (node.type.id == TypeId::String) {
        const std::string_view text = node.constant->text(0);
        return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "..." : "") +
               "'";
      }
      const auto shown = cast(node.constant, nullable(plain(TypeId::String)), {});
      return shown.ok() && !(*shown)->is_null(0) ? std::string((*shown)->text(0))
                                                 : name_of(node.type);
    }
    default: break;
  }
  std::string text = node.name + "(";
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    text += (i == 0 ? "" : ", ") + text_of(node.arguments[i]);
  }
  if (node.kind == Bound::Kind::In) text += ", a set";
  return text + ")";
}

std::string list_of(const std::vector<BoundPtr>& expressions, const char* between) {
  std::string text;
  for (const BoundPtr& expression : expressions) {
    text += (text.empty() ? "" : between) + text_of(expression);
  }
  return text;
}

std::string order_of(const std::vector<BoundOrder>& order) {
  std::string text;
  for (const BoundOrder& item : order) {
    text += (text.empty() ? "" : ", ") + text_of(item.expression) +
            (item.descending ? " DESC" : " ASC");
  }
  return text;
}

std::string name_of_join(const Plan& plan) {
  constexpr const char* kKinds[] = {"INNER", "LEFT", "RIGHT", "FULL", "CROSS"};
  constexpr const char* kStrictness[] = {"", " ANY", " SEMI", " ANTI", " ASOF"};
  return std::string(kKinds[static_cast<std::size_t>(plan.join)]) +
         kStrictness[static_cast<std::size_t>(plan.strictness)];
}

std::string asof_of(const Plan& plan) {
  if (!plan.asof) return "";
  const Plan::Asof& asof = *plan.asof;
  return " nearest " + text_of(asof.left) + (asof.before ? " >" : " <") +
         (asof.or_equal ? "= " : " ") + text_of(asof.right);
}

// A scan, with what it can skip and how much is left to read.
std::string describe_scan(const Plan& plan, QueryContext& context) {
  std::string line = "ReadFromTable " + plan.table_name + " (";
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    line += (i == 0 ? "" : ", ") + plan.columns[i].name;
  }
  line += ")";
  if (!plan.conditions.empty()) line += " where " + list_of(plan.conditions, " and ");
  const auto scan = plan.table->scan({plan.scanned, plan.conditions, plan.shown}, context);
  if (!scan.ok()) return line + " [" + std::string(scan.status().message()) + "]";
  std::uint64_t bytes = 0;
  for (const ResultColumn& column : plan.columns) {
    const std::size_t width = width_of(column.type.id);
    bytes += scan->source->rows() * (width == 0 ? 4 : width);
  }
  line += " [rows to read: " + std::to_string(scan->source->rows()) +
          ", bytes: " + std::to_string(bytes) +
          ", morsels: " + std::to_string(scan->source->morsels());
  if (!scan->notes.empty()) line += ", by the store: " + scan->notes;
  if (!scan->left.empty()) line += ", by row: " + list_of(scan->left, " and ");
  return line + "]";
}

// How the groups of an aggregate are found; empty: they are looked up.
std::string grouping_of(const Plan& plan, QueryContext& context) {
  const auto direct = without_groups(plan, context);
  if (direct.ok() && direct->source != nullptr) return " [no groups: " + direct->how + "]";
  if (aggregates_by_customer(plan)) return "";
  const auto numbered = numbered_input(plan, context);
  if (!numbered.ok() || numbered->scan.source == nullptr) return "";
  return " [groups numbered as they are read: " + std::to_string(numbered->count) + " at most]";
}

// `is_answered`: by the step above, without this one.
std::string line_of(const Plan& plan, QueryContext& context, bool is_answered) {
  using Kind = Plan::Kind;
  switch (plan.kind) {
    case Kind::Scan: return describe_scan(plan, context);
    case Kind::Rows: return "Rows [" + std::to_string(plan.block.rows) + "]";
    case Kind::Filter: return "Filter " + list_of(plan.conditions, " and ");
    case Kind::Project: return "Expression " + list_of(plan.expressions, ", ");
    case Kind::Aggregate: {
      std::string line = "Aggregating by (" + list_of(plan.keys, ", ") + "):";
      for (const PlannedAggregate& call : plan.aggregates) line += " " + call.text;
      if (!is_answered) line += grouping_of(plan, context);
      if (!plan.having.empty()) line += " having " + list_of(plan.having, " and ");
      return line + (plan.with_totals ? " with totals" : "");
    }
    case Kind::Join:
      return "Join " + name_of_join(plan) + " on (" + list_of(plan.left_keys, ", ") + ") = (" +
             list_of(plan.right_keys, ", ") + ")" + asof_of(plan) +
             (plan.conditions.empty() ? "" : " where " + list_of(plan.conditions, " and "));
    case Kind::ArrayJoin:
      return std::string(plan.left_array_join ? "Left " : "") + "ArrayJoin " +
             list_of(plan.expressions, ", ");
    case Kind::Sort:
      return "Sorting by " + order_of(plan.order) +
             (plan.limit == Plan::kNoLimit ? "" : ", the first " + std::to_string(plan.limit));
    case Kind::Limit:
      return std::string(plan.limit_from_end ? "Limit the last " : "Limit ") +
             (plan.limit == Plan::kNoLimit ? std::string("none") : std::to_string(plan.limit)) +
             (plan.with_ties ? " with ties" : "") + " offset " + std::to_string(plan.offset) +
             (plan.offset_from_end ? " from the end" : "");
    case Kind::LimitBy: return "LimitBy " + list_of(plan.keys, ", ");
    case Kind::Distinct: return "Distinct";
    case Kind::Window: return "Window " + list_of(plan.expressions, ", ");
    case Kind::Union: return "Union";
    case Kind::Intersect: return "Intersect";
    case Kind::Except: return "Except";
  }
  return "";
}

void add_lines(const Plan& plan, QueryContext& context, std::size_t depth,
               std::vector<std::string>& lines, bool is_answered = false) {
  const bool as_segment = static_cast<bool>(having_as_segment(plan, context));
  lines.push_back(std::string(2 * depth, ' ') + line_of(plan, context, is_answered) +
                  (as_segment ? " [no groups: found as a segment is]" : ""));
  for (const PlanPtr& input : plan.inputs) {
    add_lines(*input, context, depth + 1, lines, as_segment);
  }
}

}  // namespace

std::vector<std::string> describe(const Plan& plan, QueryContext& context) {
  std::vector<std::string> lines;
  add_lines(plan, context, 0, lines);
  return lines;
}

}  // namespace grapevine::sql

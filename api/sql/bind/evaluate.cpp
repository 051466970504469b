#include <algorithm>
#include <numeric>
#include <string_view>

#include "api/sql/bind/bound.hpp"
#include "api/sql/bind/quarter_hour_moments.hpp"
#include "api/sql/bind/value_set.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Whether a function refuses some values of its arguments, so that it must not see those of rows
// for which its result is not asked.
bool any_may_fail(const BoundPtr& expression);

bool may_fail(const Bound& node) {
  if (node.kind == Bound::Kind::Map) return any_may_fail(node.body);
  if (node.kind != Bound::Kind::Call) return false;
  constexpr std::string_view kFail[] = {"intDiv", "modulo", "positiveModulo", "gcd",    "lcm",
                                        "CAST",   "_CAST",  "throwIf",        "repeat", "range"};
  if (std::find(std::begin(kFail), std::end(kFail), node.name) != std::end(kFail)) return true;
  return (node.name.starts_with("to") || node.name.starts_with("parse")) &&
         std::any_of(node.arguments.begin(), node.arguments.end(), [](const BoundPtr& argument) {
           return argument->type.id == TypeId::String && argument->constant == nullptr;
         });
}

bool any_may_fail(const BoundPtr& expression) {
  bool found = false;
  for_each_node(expression, [&](const Bound& node) { found = found || may_fail(node); });
  return found;
}

// What an expression is at the rows of the mask; elsewhere it is the type's default.
absl::StatusOr<ColumnPtr> where(const BoundPtr& expression, const Block& block,
                                const std::vector<std::uint8_t>& mask) {
  const auto count = static_cast<std::size_t>(
      std::count_if(mask.begin(), mask.end(), [](std::uint8_t byte) { return byte != 0; }));
  if (count == 0) return constant_default(expression->type, block.rows);
  Block some{count, {}};
  for (const ColumnPtr& column : block.columns) {
    some.columns.push_back(column == nullptr ? nullptr : filter(column, mask, count));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr values, Evaluator(some)(expression));
  std::vector<std::uint32_t> places(block.rows, kNoRow);
  std::uint32_t next = 0;
  for (std::size_t row = 0; row < block.rows; ++row) {
    if (mask[row] != 0) places[row] = next++;
  }
  return gather(full(values), places);
}

std::vector<std::uint8_t> truths(const Column& column) {
  Mask mask = mask_of(column);
  if (mask.bytes.empty()) mask.bytes.assign(column.rows, 1);
  return std::move(mask.bytes);
}

}  // namespace

absl::StatusOr<ColumnPtr> Evaluator::operator()(const BoundPtr& expression) {
  const Bound& node = *expression;
  switch (node.kind) {
    case Bound::Kind::Column: return block_->columns[node.column];
    case Bound::Kind::Constant: return resized(node.constant, block_->rows);
    case Bound::Kind::Call:
    case Bound::Kind::In:
    case Bound::Kind::Map: break;
    default:
      return query_error(QueryErrorCode::NotImplemented, node.name + " is not supported here");
  }
  for (const auto& [known, column] : known_) {
    if (known == &node || known->key == node.key) return column;
  }
  ColumnPtr column = by_quarter_hours(expression);
  if (column == nullptr) {
    GRAPEVINE_ASSIGN_OR_RETURN(column, call(node));
  }
  known_.emplace_back(&node, column);
  return column;
}

// What depends on the quarter of an hour alone is evaluated once for each; nullptr: it does not, or
// fails for one that may have no row.
ColumnPtr Evaluator::by_quarter_hours(const BoundPtr& expression) {
  constexpr std::size_t kRowsMin = 1024;
  if (block_->rows < kRowsMin) return nullptr;
  const Bound* const moments = quarter_hour_moments(*expression);
  if (moments == nullptr || block_->columns[moments->column] == nullptr) return nullptr;
  auto found = std::find_if(quarters_.begin(), quarters_.end(), [&](const auto& quarters) {
    return quarters.first == moments->column;
  });
  if (found == quarters_.end()) {
    const Column& column = *block_->columns[moments->column];
    quarters_.emplace_back(moments->column,
                           column.nulls.empty() ? quarter_hours(column) : std::nullopt);
    found = quarters_.end() - 1;
  }
  if (!found->second) return nullptr;
  Block beginnings{found->second->beginnings->rows, {}};
  beginnings.columns.resize(block_->columns.size());
  beginnings.columns[moments->column] = found->second->beginnings;
  const absl::StatusOr<ColumnPtr> results = Evaluator(beginnings)(expression);
  return results.ok() ? gather_present(*results, found->second->index) : nullptr;
}

absl::StatusOr<ColumnPtr> Evaluator::call(const Bound& node) {
  if (node.kind == Bound::Kind::Map) return map(node);
  const bool branches =
      node.name == "if" || node.name == "multiIf" || node.name == "and" || node.name == "or";
  if (node.kind == Bound::Kind::Call && branches && block_->rows > 0 &&
      std::any_of(node.arguments.begin() + 1, node.arguments.end(), any_may_fail)) {
    return lazy(node);
  }
  std::vector<ColumnPtr> arguments;
  arguments.reserve(node.arguments.size());
  for (const BoundPtr& argument : node.arguments) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, (*this)(argument));
    arguments.push_back(std::move(column));
  }
  if (node.kind == Bound::Kind::Call) return node.function->apply(arguments, block_->rows);

  auto result = new_fixed(node.type, block_->rows);
  const auto values = result->fixed<std::uint8_t>();
  node.set->find(arguments, block_->rows, values);
  if (node.negated) {
    for (std::uint8_t& value : values) value ^= 1;
  }
  if (node.type.nullable && !arguments[0]->nulls.empty()) {
    result->nulls = full(arguments[0])->nulls;
  }
  return result;
}

absl::StatusOr<ColumnPtr> Evaluator::lazy(const Bound& node) {
  std::vector<ColumnPtr> arguments;
  std::vector<std::uint8_t> open(block_->rows, 1);  // Rows that the next argument is asked of.
  const bool choice = node.name == "if" || node.name == "multiIf";
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    const BoundPtr& argument = node.arguments[i];
    const bool condition = !choice || (i % 2 == 0 && i + 1 < node.arguments.size());
    if (!condition) {  // The last branch of all, or the one of the condition before.
      std::vector<std::uint8_t> chosen = open;
      if (i + 1 < node.arguments.size()) {
        const std::vector<std::uint8_t> holds = truths(*arguments.back());
        for (std::size_t row = 0; row < chosen.size(); ++row) {
          chosen[row] = static_cast<std::uint8_t>(chosen[row] & holds[row]);
          open[row] = static_cast<std::uint8_t>(open[row] & (holds[row] ^ 1));
        }
      }
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, where(argument, *block_, chosen));
      arguments.push_back(std::move(column));
      continue;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column,
                               i == 0 ? (*this)(argument) : where(argument, *block_, open));
    if (!choice) {
      const std::vector<std::uint8_t> holds = truths(*column);
      for (std::size_t row = 0; row < open.size(); ++row) {
        const bool decided =
            node.name == "and" ? holds[row] == 0 && !column->is_null(row) : holds[row] != 0;
        if (decided) open[row] = 0;
      }
    }
    arguments.push_back(std::move(column));
  }
  return node.function->apply(arguments, block_->rows);
}

}  // namespace grapevine::sql

#include "api/sql/tables/name_conditions.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

// Whether what the expression says follows from the columns at those places.
bool reads_only(const BoundPtr& expression, const std::vector<bool>& is_name) {
  const std::vector<std::size_t> read = columns_of({expression});
  if (read.empty()) return false;
  bool pure = true;
  for_each_node(expression, [&](const Bound& node) {
    pure = pure && (node.function == nullptr || node.function->is_pure());
  });
  return pure && std::all_of(read.begin(), read.end(), [&](std::size_t c) { return is_name[c]; });
}

}  // namespace

NameChoice choose_names(std::vector<std::string_view> names, std::size_t column,
                        const ScanRequest& request) {
  NameChoice choice{std::move(names), {}, {}};
  std::vector<bool> is_name;
  for (const std::size_t wanted : request.columns) is_name.push_back(wanted == column);
  for (const BoundPtr& condition : request.conditions) {
    if (!reads_only(condition, is_name)) {
      choice.left.push_back(condition);
      continue;
    }
    TextBuilder texts(choice.names.size());
    for (const std::string_view name : choice.names) texts.add(name);
    const ColumnPtr known = std::move(texts).finish(false);
    Block block{choice.names.size(), {}};
    for (const bool is : is_name) block.columns.push_back(is ? known : nullptr);
    const auto holds = Evaluator(block)(condition);
    if (!holds.ok()) {
      choice.left.push_back(condition);
      continue;
    }
    const Mask mask = mask_of(**holds);
    std::vector<std::string_view> kept;
    for (std::size_t i = 0; i < choice.names.size(); ++i) {
      if (mask.bytes.empty() || mask.bytes[i] != 0) kept.push_back(choice.names[i]);
    }
    choice.names = std::move(kept);
    choice.notes += (choice.notes.empty() ? "" : ", ") + condition->name;
  }
  return choice;
}

}  // namespace grapevine::sql

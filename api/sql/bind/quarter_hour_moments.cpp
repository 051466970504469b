#include "api/sql/bind/quarter_hour_moments.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

const Bound* moments_of(const Bound& node, std::size_t depth) {
  constexpr std::size_t kDepthMax = 16;
  if (node.kind != Bound::Kind::Call || depth > kDepthMax || !node.function->is_pure()) {
    return nullptr;
  }
  const auto is_constant = [](const BoundPtr& argument) { return argument->constant != nullptr; };
  if (node.function->is_of_quarter_hours()) {
    const Bound& time = *node.arguments[0];
    const bool reads = time.kind == Bound::Kind::Column && !time.type.nullable &&
                       std::all_of(node.arguments.begin() + 1, node.arguments.end(), is_constant);
    if (reads) return &time;
  }
  const Bound* found = nullptr;
  for (const BoundPtr& argument : node.arguments) {
    if (is_constant(argument)) continue;
    const Bound* const one = moments_of(*argument, depth + 1);
    if (one == nullptr || (found != nullptr && found->column != one->column)) return nullptr;
    found = one;
  }
  return found;
}

}  // namespace

const Bound* quarter_hour_moments(const Bound& expression) { return moments_of(expression, 0); }

}  // namespace grapevine::sql

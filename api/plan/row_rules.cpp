#include "api/plan/row_rules.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

#include "api/parse/nearest_name.hpp"

namespace grapevine {
namespace {

constexpr WindowRule kNoTime{std::nullopt, SaidTime{}, SaidTime{}};

bool lists_values(Operator op) {
  using enum Operator;
  return op == Eq || op == Ne || op == In || op == NotIn;
}

// Names that the rule on events does not have cannot be meant.
bool has_known_names(const ValueRule& rule, const EventRule& events, Mistakes& mistakes) {
  if (!lists_values(rule.op)) return true;
  const bool is_list = rule.op == Operator::In || rule.op == Operator::NotIn;
  const std::vector<std::string_view> known(events.names.begin(), events.names.end());
  const std::size_t before = mistakes.count();
  for (std::size_t i = 0; i < rule.operands.size(); ++i) {
    const auto* name = std::get_if<std::string>(&rule.operands[i]);
    if (name == nullptr || std::find(known.begin(), known.end(), *name) != known.end()) continue;
    mistakes.add(rule.operand_pointer() + (is_list ? '/' + std::to_string(i) : ""),
                 no_such("event among those that are meant here", *name, known));
  }
  return mistakes.count() == before;
}

}  // namespace

std::optional<WindowRule> window_of(const ValueRule& rule, const Moment& moment,
                                    Mistakes& mistakes) {
  using enum Operator;
  WindowRule window;
  if (rule.op == Within) {
    window.within = rule.within;
    return window;
  }
  if (rule.op == Exists) return std::get<bool>(rule.operands.front()) ? window : kNoTime;
  const auto bound = bind_value_rule(rule, {rule.name, ValueType::Int64, true}, moment, mistakes);
  if (!bound) return std::nullopt;
  const std::vector<Range<std::int64_t>>& stretches = bound->test.whole;
  if (bound->negated || rule.op == AnniversaryWithin || stretches.size() > 1) {
    mistakes.add(rule.operand_pointer(),
                 "ts must be in one stretch of time: it takes eq, lt, lte, gt, gte, between and "
                 "within");
    return std::nullopt;
  }
  if (stretches.empty() || stretches.front().least > stretches.front().most) return kNoTime;
  const auto [least, most] = stretches.front();
  window.from = SaidTime{least, false};
  if (most != std::numeric_limits<std::int64_t>::max()) window.to = SaidTime{most + 1, false};
  return window;
}

std::optional<BoundRule> bind_name_rule(const ValueRule& rule, const EventRule& events,
                                        const Moment& moment, Mistakes& mistakes) {
  if (rule.op == Operator::Within || rule.op == Operator::AnniversaryWithin) {
    mistakes.add(rule.operand_pointer(),
                 "event is a string: `" + std::string(name_of(rule.op)) + "` takes a time");
    return std::nullopt;
  }
  if (!has_known_names(rule, events, mistakes)) return std::nullopt;
  return bind_value_rule(rule, {rule.name, ValueType::String, false}, moment, mistakes);
}

std::optional<std::vector<std::string>> event_ids(const ValueRule& rule, Mistakes& mistakes) {
  std::vector<std::string> ids;
  bool is_right = rule.op == Operator::Eq || rule.op == Operator::In;
  for (const Scalar& operand : rule.operands) {
    const auto* id = std::get_if<std::string>(&operand);
    is_right = is_right && id != nullptr;
    if (is_right) ids.push_back(*id);
  }
  if (is_right) return ids;
  mistakes.add(rule.operand_pointer(), "event_id takes eq and in, with whole ids as strings");
  return std::nullopt;
}

std::vector<ValueRule> take_customer_rules(EventRule& events) {
  const auto is_kept = [](const ValueRule& rule) { return rule.name != "customer_id"; };
  const auto taken = std::stable_partition(events.where.begin(), events.where.end(), is_kept);
  std::vector<ValueRule> rules(std::make_move_iterator(taken),
                               std::make_move_iterator(events.where.end()));
  events.where.erase(taken, events.where.end());
  return rules;
}

}  // namespace grapevine

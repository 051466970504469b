#include "api/parse/value_rule.hpp"

#include <array>
#include <cmath>
#include <type_traits>
#include <utility>

#include "api/parse/nearest_name.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/parse/time.hpp"

namespace grapevine {
namespace {

constexpr std::array<Operator, 14> kOperators{Operator::Eq,         Operator::Ne,
                                              Operator::In,         Operator::NotIn,
                                              Operator::Lt,         Operator::Lte,
                                              Operator::Gt,         Operator::Gte,
                                              Operator::Between,    Operator::Contains,
                                              Operator::StartsWith, Operator::Exists,
                                              Operator::Within,     Operator::AnniversaryWithin};

// A string, a number, true or false; nullopt for what cannot be compared with.
std::optional<Scalar> scalar(const JsonValue& content) {
  return std::visit(
      [](const auto& held) -> std::optional<Scalar> {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_constructible_v<Scalar, Held> && !std::is_same_v<Held, JsonArray> &&
                      !std::is_same_v<Held, JsonObject> && !std::is_same_v<Held, std::nullptr_t>) {
          return Scalar(held);
        } else {
          return std::nullopt;
        }
      },
      content.content);
}

std::string wants_scalar(const JsonValue& content) {
  std::string text = "wants a string, a number, true or false, not " + std::string(content.kind());
  if (content.as<std::nullptr_t>() != nullptr) text += " (ask with exists: false)";
  return text;
}

// The values of a list, all of which must be scalars.
bool read_list(ObjectReader& reader, Operator op, std::vector<Scalar>& operands,
               Mistakes& mistakes) {
  const std::string_view name = name_of(op);
  const JsonArray* list = reader.take_array(name);
  if (list == nullptr) return false;
  if (op == Operator::Between && list->size() != 2) {
    reader.wrong(name, "wants two values");
    return false;
  }
  if (list->size() > kListedMax) {
    reader.wrong(name, "lists more than " + std::to_string(kListedMax) + " values");
    return false;
  }
  bool all_scalars = true;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (auto value = scalar((*list)[i])) {
      operands.push_back(*std::move(value));
    } else {
      mistakes.add(reader.pointer_to(name) + '/' + std::to_string(i), wants_scalar((*list)[i]));
      all_scalars = false;
    }
  }
  return all_scalars;
}

bool read_single(ObjectReader& reader, Operator op, std::vector<Scalar>& operands) {
  const JsonValue* content = reader.take(name_of(op));
  if (auto value = scalar(*content)) {
    operands.push_back(*std::move(value));
    return true;
  }
  reader.wrong(name_of(op), wants_scalar(*content));
  return false;
}

bool read_operands(ObjectReader& reader, ValueRule& rule, Mistakes& mistakes) {
  const std::string_view name = name_of(rule.op);
  switch (rule.op) {
    using enum Operator;
    case In:
    case NotIn:
    case Between: return read_list(reader, rule.op, rule.operands, mistakes);
    case Contains:
    case StartsWith: {
      const std::string* text = reader.take_string(name);
      if (text != nullptr) rule.operands.emplace_back(*text);
      return text != nullptr;
    }
    case Exists: {
      const bool* truth = reader.take(name)->as<bool>();
      if (truth != nullptr) {
        rule.operands.emplace_back(*truth);
      } else {
        reader.wrong(name, "wants true or false");
      }
      return truth != nullptr;
    }
    case Within:
    case AnniversaryWithin: {
      const std::string* text = reader.take_string(name);
      const auto window = text == nullptr ? std::nullopt : parse_within(*text);
      if (window) {
        rule.within = *window;
      } else if (text != nullptr) {
        reader.wrong(name,
                     "wants a duration (15m, 12h, 30d, 6w) or a calendar word "
                     "(today, last_week, this_month, ...), not: " +
                         *text);
      }
      return window.has_value();
    }
    case Eq:
    case Ne:
    case Lt:
    case Lte:
    case Gt:
    case Gte: return read_single(reader, rule.op, rule.operands);
  }
  return false;
}

}  // namespace

std::string_view name_of(Operator op) {
  switch (op) {
    using enum Operator;
    case Eq: return "eq";
    case Ne: return "ne";
    case In: return "in";
    case NotIn: return "not_in";
    case Lt: return "lt";
    case Lte: return "lte";
    case Gt: return "gt";
    case Gte: return "gte";
    case Between: return "between";
    case Contains: return "contains";
    case StartsWith: return "starts_with";
    case Exists: return "exists";
    case Within: return "within";
    case AnniversaryWithin: return "anniversary_within";
  }
  return {};
}

std::optional<ValueRule> read_value_rule(ObjectReader& reader, std::string name) {
  ValueRule rule;
  rule.pointer = reader.pointer();
  rule.name = std::move(name);
  std::string given;
  std::size_t count = 0;
  bool right = true;
  for (const Operator op : kOperators) {
    if (!reader.has(name_of(op))) continue;
    rule.op = op;
    rule.operands.clear();
    right = read_operands(reader, rule, reader.mistakes()) && right;
    given.append(count++ == 0 ? "" : ", ").append(name_of(op));
  }
  if (count == 1) return right ? std::optional(std::move(rule)) : std::nullopt;
  if (count == 0) {
    for (const Operator op : kOperators) reader.take(name_of(op));  // To suggest one of them.
    if (reader.has_others()) return std::nullopt;  // A misspelt one is told where it stands.
    reader.mistakes().add(reader.pointer(),
                          "wants an operator: eq, ne, in, not_in, lt, lte, gt, gte, between, "
                          "contains, starts_with, exists, within or anniversary_within");
  } else {
    reader.mistakes().add(reader.pointer(),
                          "wants one operator (put several rules into `all`), not: " + given);
  }
  return std::nullopt;
}

std::vector<Bound> read_bounds(ObjectReader& reader, bool whole_numbers,
                               std::span<const Operator> operators) {
  std::vector<Bound> bounds;
  const auto is_number = [&](Scalar& value) {
    const auto* real = std::get_if<double>(&value);
    if (whole_numbers && real != nullptr && *real == std::trunc(*real) && *real >= 0.0 &&
        *real < 0x1p53) {
      value = static_cast<std::int64_t>(*real);  // 3.0 is a whole number, too.
    }
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole_numbers) return whole != nullptr && *whole >= 0;
    return whole != nullptr || std::holds_alternative<double>(value);
  };
  for (const Operator op : operators) {
    if (!reader.has(name_of(op))) continue;
    Bound bound{op, {}};
    const bool read = op == Operator::Between
                          ? read_list(reader, op, bound.operands, reader.mistakes())
                          : read_single(reader, op, bound.operands);
    if (!read) continue;
    bool numbers = true;
    for (Scalar& value : bound.operands) numbers = is_number(value) && numbers;
    if (numbers) {
      bounds.push_back(std::move(bound));
    } else {
      reader.wrong(name_of(op), whole_numbers ? "wants whole numbers from 0" : "wants numbers");
    }
  }
  return bounds;
}

std::optional<SaidTime> read_time(ObjectReader& reader, std::string_view name) {
  const JsonValue* content = reader.take(name);
  if (content == nullptr) return std::nullopt;
  if (const auto* text = content->as<std::string>()) {
    if (const auto time = parse_said_time(*text)) return time;
    reader.wrong(name, "not a time: " + *text);
    return std::nullopt;
  }
  if (const auto* epoch_ms = content->as<std::int64_t>();
      epoch_ms != nullptr && is_time(*epoch_ms)) {
    return SaidTime{*epoch_ms, false};
  }
  reader.wrong(name, "wants an ISO 8601 time or epoch milliseconds");
  return std::nullopt;
}

std::string read_timezone(ObjectReader& reader) {
  const std::string* name = reader.take_string("timezone");
  if (name == nullptr) return {};
  if (is_timezone(*name)) return *name;
  reader.wrong("timezone", no_such_timezone(*name));
  return {};
}

}  // namespace grapevine

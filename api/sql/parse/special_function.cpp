// Functions whose arguments are not all between commas: CAST(x AS T), EXTRACT(YEAR FROM x), ... Each
// returns nullptr where its own form is not there; it is a usual call then.

#include <utility>

#include <absl/strings/ascii.h>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {

ExpressionPtr Parser::special_call() {
  if (is_word("CAST")) return cast_call();
  if (is_word("EXTRACT")) return extract_call();
  if (is_word("SUBSTRING")) return substring_call();
  if (is_word("TRIM")) return trim_call("trimBoth");
  if (is_word("LTRIM")) return trim_call("trimLeft");
  if (is_word("RTRIM")) return trim_call("trimRight");
  if (is_word("POSITION")) return position_call();
  for (const char* name : {"DATEADD", "DATE_ADD", "TIMESTAMPADD", "TIMESTAMP_ADD"}) {
    if (is_word(name)) return date_arithmetic_call(false);
  }
  for (const char* name : {"DATESUB", "DATE_SUB", "TIMESTAMPSUB", "TIMESTAMP_SUB"}) {
    if (is_word(name)) return date_arithmetic_call(true);
  }
  for (const char* name : {"DATEDIFF", "DATE_DIFF", "TIMESTAMPDIFF", "TIMESTAMP_DIFF"}) {
    if (is_word(name)) return date_diff_call();
  }
  if (is_word("COLUMNS")) refuse("COLUMNS(...)");
  return nullptr;
}

// CAST(x AS T), CAST(x, 'T')
ExpressionPtr Parser::cast_call() {
  const std::uint32_t begin = token().offset;
  advance(2);
  if (is_symbol(")") || begins_query()) return nullptr;
  ExpressionPtr value = expression();
  if (is_word("AS")) {
    advance();
    // CAST(x AS name AS T), CAST(x AS name, 'T'); else what follows is the type.
    if (is_name() && (is_word("AS", 1) || is_symbol(",", 1))) {
      value = named(value, need_name("a name"));
      if (take_word("AS")) {
        ExpressionPtr type = literal(type_name(), begin);
        need_symbol(")");
        return function("CAST", {std::move(value), std::move(type)}, begin);
      }
    } else {
      ExpressionPtr type = literal(type_name(), begin);
      need_symbol(")");
      return function("CAST", {std::move(value), std::move(type)}, begin);
    }
  } else if (is_name()) {
    value = named(value, need_name("a name"));
  }
  need_symbol(",");
  ExpressionPtr type = expression();
  need_symbol(")");
  return function("CAST", {std::move(value), std::move(type)}, begin);
}

ExpressionPtr Parser::extract_call() {
  const std::uint32_t begin = token().offset;
  const std::string unit =
      token(2).kind == TokenKind::Word ? interval_unit(token(2).text) : std::string();
  if (unit.empty() || !is_word("FROM", 3)) return nullptr;
  advance(4);
  ExpressionPtr time = expression();
  need_symbol(")");
  std::string name = concat("to", unit);
  if (unit == "Day") name = "toDayOfMonth";
  if (unit == "Week") name = "toISOWeek";
  return function(std::move(name), {std::move(time)}, begin);
}

// SUBSTRING(x FROM a FOR b)
ExpressionPtr Parser::substring_call() {
  const std::uint32_t begin = token().offset;
  advance(2);
  if (is_symbol(")") || begins_query()) return nullptr;
  Expressions all{aliased(false)};
  const bool in_words = take_word("FROM");
  if (!in_words) need_symbol(",");
  all.push_back(aliased(false));
  if (in_words ? take_word("FOR") : take_symbol(",")) all.push_back(aliased(false));
  need_symbol(")");
  return function("substring", std::move(all), begin);
}

// TRIM(BOTH 'a' FROM x), TRIM(x), LTRIM(x)
ExpressionPtr Parser::trim_call(std::string_view name) {
  const std::uint32_t begin = token().offset;
  const bool may_say_side = name == "trimBoth";
  advance(2);
  if (is_symbol(")") || begins_query()) return nullptr;
  if (may_say_side && token(1).kind != TokenKind::Symbol &&
      (is_word("BOTH") || is_word("LEADING") || is_word("TRAILING"))) {
    if (is_word("LEADING")) name = "trimLeft";
    if (is_word("TRAILING")) name = "trimRight";
    advance();
    ExpressionPtr letters = expression();
    need_word("FROM");
    ExpressionPtr text = expression();
    need_symbol(")");
    return function(std::string(name), {std::move(text), std::move(letters)}, begin);
  }
  return function(std::string(name), arguments(), begin);
}

// POSITION(needle IN haystack)
ExpressionPtr Parser::position_call() {
  const std::uint32_t begin = token().offset;
  advance(2);
  if (is_symbol(")") || begins_query()) return nullptr;
  // Without the operator IN, which ranks with comparisons.
  ExpressionPtr needle = binary(kAboveComparisons);
  if (take_word("IN")) {
    ExpressionPtr haystack = expression();
    need_symbol(")");
    return function("position", {std::move(haystack), std::move(needle)}, begin);
  }
  needle = binary_of(std::move(needle), kLowest);
  Expressions all{named(needle, alias(false))};
  if (take_symbol(",")) {
    for (ExpressionPtr& one : arguments()) all.push_back(std::move(one));
  } else {
    need_symbol(")");
  }
  return function("position", std::move(all), begin);
}

// DATE_ADD(DAY, 1, x), DATE_ADD(x, INTERVAL 1 DAY)
ExpressionPtr Parser::date_arithmetic_call(bool subtract) {
  const std::uint32_t begin = token().offset;
  const std::string written(token().text);
  const char* name = subtract ? "minus" : "plus";
  advance(2);
  const std::string unit =
      token().kind == TokenKind::Word && is_symbol(",", 1) ? interval_unit(token().text) : "";
  if (!unit.empty()) {
    advance(2);
    ExpressionPtr count = expression();
    need_symbol(",");
    ExpressionPtr time = expression();
    need_symbol(")");
    count = function(concat("toInterval", unit), {std::move(count)}, begin);
    return function(name, {std::move(time), std::move(count)}, begin);
  }
  Expressions all = arguments();
  return function(all.size() == 2 ? name : written, std::move(all), begin);
}

// dateDiff(day, a, b) is dateDiff('day', a, b).
ExpressionPtr Parser::date_diff_call() {
  const std::uint32_t begin = token().offset;
  const std::string unit =
      token(2).kind == TokenKind::Word && is_symbol(",", 3) ? interval_unit(token(2).text) : "";
  advance(2);
  Expressions all;
  if (!unit.empty()) {
    advance(2);
    all.push_back(literal(absl::AsciiStrToLower(unit), begin));
  }
  Expressions rest = arguments();
  all.insert(all.end(), rest.begin(), rest.end());
  return function("dateDiff", std::move(all), begin);
}

}  // namespace grapevine::sql

// INTERVAL 5 DAY, INTERVAL '1 day 2 hours'

#include <array>
#include <charconv>
#include <sstream>
#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {
namespace {

struct Unit {
  std::string_view name;
  std::array<std::string_view, 4> words;
};
constexpr std::array<Unit, 11> kUnits{{
    {"Nanosecond", {"NANOSECOND", "NANOSECONDS", "SQL_TSI_NANOSECOND", "NS"}},
    {"Microsecond", {"MICROSECOND", "MICROSECONDS", "SQL_TSI_MICROSECOND", "US"}},
    {"Millisecond", {"MILLISECOND", "MILLISECONDS", "SQL_TSI_MILLISECOND", "MS"}},
    {"Second", {"SECOND", "SECONDS", "SQL_TSI_SECOND", "SS"}},
    {"Minute", {"MINUTE", "MINUTES", "SQL_TSI_MINUTE", "MI"}},
    {"Hour", {"HOUR", "HOURS", "SQL_TSI_HOUR", "HH"}},
    {"Day", {"DAY", "DAYS", "SQL_TSI_DAY", "DD"}},
    {"Week", {"WEEK", "WEEKS", "SQL_TSI_WEEK", "WW"}},
    {"Month", {"MONTH", "MONTHS", "SQL_TSI_MONTH", "MM"}},
    {"Quarter", {"QUARTER", "QUARTERS", "SQL_TSI_QUARTER", "QQ"}},
    {"Year", {"YEAR", "YEARS", "SQL_TSI_YEAR", "YYYY"}},
}};

}  // namespace

// "Day" of DAY, days, dd; empty: it is no unit.
std::string Parser::interval_unit(std::string_view word) {
  for (const Unit& unit : kUnits) {
    for (const std::string_view one : unit.words) {
      if (same_word(word, one)) return std::string(unit.name);
    }
  }
  if (same_word(word, "D")) return "Day";
  if (same_word(word, "H")) return "Hour";
  if (same_word(word, "M")) return "Month";
  if (same_word(word, "N")) return "Minute";
  if (same_word(word, "Q")) return "Quarter";
  if (same_word(word, "S")) return "Second";
  if (same_word(word, "WK")) return "Week";
  if (same_word(word, "YY")) return "Year";
  return {};
}

// A column may be called `interval`: the word begins an interval where a value follows.
bool Parser::is_interval() {
  if (!is_word("INTERVAL")) return false;
  switch (token(1).kind) {
    case TokenKind::Number:
    case TokenKind::Text: return true;
    case TokenKind::Symbol: return is_symbol("(", 1) || is_symbol("{", 1) || is_symbol("-", 1);
    case TokenKind::Word:
    case TokenKind::QuotedName:
      // INTERVAL n DAY, INTERVAL n + 1 DAY, INTERVAL f(n) DAY; but `interval AS i`, `interval i,`.
      if (is_word("AS", 1) || is_word("FROM", 1)) return false;
      if (token(2).kind == TokenKind::Word) return !interval_unit(token(2).text).empty();
      return is_symbol("(", 2) || is_symbol("+", 2) || is_symbol("*", 2) || is_symbol(".", 2) ||
             is_symbol("::", 2) || is_symbol("[", 2);
    default: return false;
  }
}

ExpressionPtr Parser::interval() {
  const std::uint32_t begin = token().offset;
  const bool is_text = token(1).kind == TokenKind::Text;
  if (is_text && (token(2).kind != TokenKind::Word || interval_unit(token(2).text).empty())) {
    advance();
    return interval_of_text(need_text("a time"), begin);
  }
  const bool is_signed = is_symbol("-", 1) && token(2).kind == TokenKind::Number;
  // `interval - 1 AS x` takes one off a column of that name.
  if (is_symbol("-", 1) &&
      !(is_signed && token(3).kind == TokenKind::Word && !interval_unit(token(3).text).empty())) {
    return identifier();
  }
  advance();
  ExpressionPtr count = expression();
  const std::string unit = token().kind == TokenKind::Word ? interval_unit(token().text) : "";
  if (unit.empty()) fail_expecting("a unit of time: SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, ...");
  advance();
  return function(concat("toInterval", unit), {std::move(count)}, begin);
}

// '1 day' is toIntervalDay(1), '1 day 2 hours' a tuple of two.
ExpressionPtr Parser::interval_of_text(std::string_view text, std::uint32_t offset) {
  Expressions parts;
  std::istringstream words{std::string(text)};
  bool good = true;
  for (std::string digits, word; good && words >> digits;) {
    std::int64_t count = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, count);
    good = read.ec == std::errc() && read.ptr == end && words >> word;
    const std::string unit = good ? interval_unit(word) : std::string();
    good = good && !unit.empty() && !failed();
    if (!good) break;
    ExpressionPtr value =
        count < 0 ? literal(count, offset) : literal(static_cast<std::uint64_t>(count), offset);
    parts.push_back(function(concat("toInterval", unit), {std::move(value)}, offset));
  }
  if (parts.empty() || !good) {
    fail(QueryErrorCode::SyntaxError, "Expected numbers and units of time, as in '1 day 2 hours'",
         offset);
    return nullptr;
  }
  if (parts.size() == 1) return parts[0];
  return function("tuple", std::move(parts), offset);
}

}  // namespace grapevine::sql

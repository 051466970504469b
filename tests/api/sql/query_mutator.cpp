#include "tests/api/sql/query_mutator.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "kernels/query/aggregate.hpp"
#include "kernels/query/function.hpp"

namespace grapevine::sql::tests {
namespace {

constexpr std::string_view kNumbers[] = {"0",
                                         "1",
                                         "-1",
                                         "2",
                                         "255",
                                         "256",
                                         "65536",
                                         "2147483648",
                                         "-128",
                                         "4294967296",
                                         "1e308",
                                         "-1e308",
                                         "nan",
                                         "inf",
                                         "-inf",
                                         "9223372036854775807",
                                         "1e-30",
                                         "1000000000",
                                         "18446744073709551615",
                                         "-9223372036854775808",
                                         "0.5",
                                         "1e19",
                                         "9223372036854775808",
                                         "18446744073709551616"};
constexpr std::string_view kTexts[] = {"''",
                                       "'a'",
                                       "'\\xff\\xfe\\xc3'",
                                       "'%'",
                                       "'(('",
                                       "'\\0'",
                                       "'2024-02-30'",
                                       "'Asia/Seoul'",
                                       "'[1,2'",
                                       "'{\"a\":[1,{}]}'",
                                       "'(a*)*b'",
                                       "'UTC'",
                                       "'UInt64'",
                                       "'Array(Int8)'",
                                       "'%Y-%m-%d %'",
                                       "'1e400'",
                                       "'-1'",
                                       "'NaN'",
                                       "'한국어'",
                                       "'9999-12-31 23:59:59'",
                                       "'hour'",
                                       "'month'",
                                       "'\\\\'",
                                       "'a,b'",
                                       "'day'"};
constexpr std::string_view kColumns[] = {
    "customer_id", "event",    "ts",         "value",      "event_id",
    "age",         "city",     "balance",    "vip",        "properties.quantity",
    "number",      "channel",  "product_id", "first_seen", "properties.size",
    "*",           "pagerank", "rating",     "e.ts",       "a.number",
    "received_at", "x",        "text",       "k"};
constexpr std::string_view kTypes[] = {"UInt8",
                                       "Int64",
                                       "Float32",
                                       "String",
                                       "Nullable(String)",
                                       "DateTime64(9)",
                                       "Date",
                                       "DateTime",
                                       "Array(UInt8)",
                                       "Tuple(Int8, String)",
                                       "FixedString(3)",
                                       "Bool",
                                       "Nullable(Nothing)",
                                       "DateTime('Asia/Seoul')",
                                       "Array(Array(Nullable(Float64)))",
                                       "LowCardinality(String)",
                                       "Decimal(9, 2)"};
constexpr std::string_view kTables[] = {
    "events",
    "customers",
    "events AS e JOIN customers AS c ON e.customer_id = c.customer_id",
    "numbers(3)",
    "numbers(100) AS a",
    "influence",
    "segments",
    "system.functions",
    "events AS e",
    "events LEFT ARRAY JOIN [1, NULL] AS x",
    "events ARRAY JOIN ['a', 'b'] AS x LEFT JOIN customers AS c ON x = c.customer_id",
    "(SELECT 1 AS x, NULL AS k WHERE 0)"};

std::vector<std::string> names_of(const std::vector<FunctionInfo>& functions) {
  std::vector<std::string> names;
  // A query that sleeps tells nothing.
  for (const FunctionInfo& function : functions) {
    if (!function.name.starts_with("sleep")) names.push_back(function.name);
  }
  return names;
}

}  // namespace

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  Lexer lexer(text, text.size());
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next()) {
    tokens.push_back({token.kind, std::string(token.text)});
    if (token.kind == TokenKind::Error) break;
  }
  return tokens;
}

std::string joined(const Tokens& tokens) {
  std::string text;
  for (const TokenText& token : tokens) text += (text.empty() ? "" : " ") + token.text;
  return text;
}

QueryMutator::QueryMutator(const std::vector<QuerySeed>& seeds, std::uint64_t seed)
    : draw_(seed),
      seeds_(seeds),
      functions_(names_of(scalar_functions())),
      aggregates_(names_of(aggregate_functions())) {
  for (const QuerySeed& from : seeds) tokens_.push_back(tokens_of(from.text));
}

QuerySeed QueryMutator::next() {
  if (below(2) == 0) return {query_of_calls(), {}};
  const std::size_t from = below(seeds_.size());
  Tokens tokens = tokens_[from];
  if (below(8) == 0) {
    const Tokens& other = one_of(tokens_);
    tokens.resize(below(tokens.size() + 1));
    const auto begin = static_cast<std::ptrdiff_t>(below(other.size() + 1));
    tokens.insert(tokens.end(), other.begin() + begin, other.end());
  }
  // Few of what was changed often can be bound.
  for (std::size_t times = below(3) == 0 ? 2 + below(3) : 1; times > 0; --times) {
    if (!tokens.empty()) change(tokens);
  }
  std::string text = joined(tokens);
  if (below(6) == 0) text = around_query(text);
  return {std::move(text), seeds_[from].parameters};
}

void QueryMutator::change(Tokens& tokens) {
  const std::size_t at = below(tokens.size());
  const auto place = tokens.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(9)) {
    case 0: tokens.erase(place); return;
    case 1: tokens.insert(place, TokenText(tokens[at])); return;
    case 2: std::swap(tokens[at], tokens[below(tokens.size())]); return;
    case 3: {
      const Tokens& other = one_of(tokens_);
      if (!other.empty()) tokens[at] = other[below(other.size())];
      return;
    }
    case 4:
      if (tokens[at].kind != TokenKind::Symbol) tokens[at].text = around_value(tokens[at].text);
      return;
    default: replace(tokens[at]);
  }
}

// By something of its kind.
void QueryMutator::replace(TokenText& token) {
  switch (token.kind) {
    case TokenKind::Number: token.text = one_of(kNumbers); return;
    case TokenKind::Text:
      token.text =
          below(8) == 0 ? "'" + std::string(70'000, 'a') + "'" : std::string(one_of(kTexts));
      return;
    case TokenKind::Word:
    case TokenKind::QuotedName:
      token.text = below(3) == 0   ? function()
                   : below(3) == 0 ? value(2)
                                   : std::string(one_of(kColumns));
      return;
    default: {
      constexpr std::string_view kSymbols[] = {
          "(", ")", "[",  "]",  ",",  "+", "-", "*", "/", "%",
          "=", "<", "||", "::", "->", "?", ":", ".", ";", "!="};
      token.text = one_of(kSymbols);
    }
  }
}

std::string QueryMutator::function() {
  if (below(3) != 0) return one_of(functions_);
  constexpr std::string_view kCombinators[] = {"",       "",      "If",        "Array", "Distinct",
                                               "OrNull", "State", "OrDefault", "Merge", "ForEach"};
  std::string name = one_of(aggregates_) + std::string(one_of(kCombinators));
  if (below(3) == 0) name += "(" + std::string(one_of(kNumbers)) + ")";
  return name;
}

std::string QueryMutator::call(int depth) {
  const std::string name = function();
  std::string arguments;
  for (std::size_t count = below(8) == 0 ? below(6) : 1 + below(2); count > 0; --count) {
    arguments += (arguments.empty() ? "" : ", ") + value(depth - 1);
  }
  return name + "(" + arguments + ")";
}

std::string QueryMutator::value(int depth) {
  if (depth <= 0 || below(3) == 0) {
    switch (below(4)) {
      case 0: return std::string(one_of(kNumbers));
      case 1: return std::string(one_of(kTexts));
      default: return std::string(one_of(kColumns));
    }
  }
  if (below(3) == 0) return around_value(value(depth - 1));
  if (below(6) == 0) return "[" + value(depth - 1) + ", " + value(depth - 1) + "]";
  return call(depth);
}

std::string QueryMutator::around_value(const std::string& inner) {
  switch (below(20)) {
    case 0: return "arrayMap(x -> " + inner + ", [1, 2])";
    case 1: return "(SELECT " + inner + ")";
    case 2: return function() + "(" + inner + ") OVER (PARTITION BY " + inner + " ORDER BY 1)";
    case 3: return "arrayJoin([" + inner + ", " + inner + "])";
    case 4: return "toTypeName(" + inner + ")";
    case 5: return "CAST(" + inner + " AS " + std::string(one_of(kTypes)) + ")";
    case 6: return "[" + inner + "]";
    case 7: return "(" + inner + ", " + inner + ")";
    case 8: return "materialize(" + inner + ")";
    case 9: return "toNullable(" + inner + ")";
    case 10: return "(" + inner + " IN (" + inner + ", NULL))";
    case 11: return "arrayFilter((x, y) -> x, [" + inner + "], range(" + inner + "))";
    case 12:
      return function() + "(" + inner + ") OVER (ORDER BY " + inner +
             " ROWS BETWEEN 1 PRECEDING AND " + std::string(one_of(kNumbers)) + " FOLLOWING)";
    case 13: return "(" + inner + " IN (SELECT " + value(1) + "))";
    case 14: return "CASE WHEN " + inner + " THEN " + value(1) + " ELSE NULL END";
    case 15: return "(" + inner + " + INTERVAL " + std::string(one_of(kNumbers)) + " MONTH)";
    case 16: return inner + "[" + value(1) + "]";
    case 17: return "(" + inner + ")." + std::string(one_of(kNumbers));
    case 18: return "arrayReduce('" + one_of(aggregates_) + "', [" + inner + "])";
    default: return function() + "(" + inner + ", " + value(1) + ")";
  }
}

std::string QueryMutator::around_query(const std::string& inner) {
  switch (below(9)) {
    case 0: return "SELECT * FROM (" + inner + ")";
    case 1: return "SELECT (" + inner + ")";
    case 2: return "WITH q AS (" + inner + ") SELECT * FROM q AS a CROSS JOIN q AS b LIMIT 3";
    case 3: return "SELECT *, count() OVER () FROM (" + inner + ") ORDER BY ALL";
    case 4: return inner + " UNION ALL " + inner;
    case 5: return "SELECT count() FROM events WHERE value IN (" + inner + ")";
    case 6: return "EXPLAIN " + inner;
    case 7: return "SELECT " + value(2) + " FROM (" + inner + ") GROUP BY 1 WITH TOTALS";
    default: return "DESCRIBE (" + inner + ")";
  }
}

std::string QueryMutator::query_of_calls() {
  std::string text = "SELECT " + call(1 + static_cast<int>(below(3))) + " AS k";
  if (below(6) == 0) text += ", " + call(1);
  if (below(4) != 0) text += " FROM " + std::string(one_of(kTables));
  if (below(16) == 0) text += " ARRAY JOIN " + value(2) + " AS x";
  if (below(12) == 0) text += " WHERE " + call(2);
  if (below(8) == 0) text += " GROUP BY " + value(1);
  if (below(32) == 0) text += " WITH ROLLUP";
  if (below(32) == 0) text += " HAVING " + value(2);
  if (below(8) == 0) text += " ORDER BY " + value(2);
  if (below(32) == 0) text += " LIMIT " + std::string(one_of(kNumbers)) + " BY " + value(1);
  if (below(12) == 0) text += " LIMIT " + std::string(one_of(kNumbers));
  return text;
}

}  // namespace grapevine::sql::tests

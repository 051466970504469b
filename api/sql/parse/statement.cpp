// Whole statements: queries, SHOW, DESCRIBE, EXPLAIN, ...

#include <array>
#include <utility>

#include <absl/strings/ascii.h>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {
namespace {

// What would write, or rule others: known, so that the answer can say that it is not done here.
constexpr std::array<std::string_view, 25> kRefused{
    "CREATE", "ALTER",  "DROP",   "TRUNCATE", "RENAME", "ATTACH",  "DETACH", "OPTIMIZE", "GRANT",
    "REVOKE", "SYSTEM", "DELETE", "UPDATE",   "BACKUP", "RESTORE", "UNDROP", "EXCHANGE", "CHECK",
    "MOVE",   "BEGIN",  "COMMIT", "ROLLBACK", "WATCH",  "REPLACE", "START"};

}  // namespace

Statement Parser::statement() {
  Statement result = unended_statement();
  if (result.data_offset || failed()) return result;
  if (result.kind == Statement::Kind::Refused) return result;  // Whatever follows.
  while (take_symbol(";")) {
  }
  if (token().kind != TokenKind::End) fail_expecting("the end of the query");
  return result;
}

ExpressionPtr Parser::whole_expression() {
  ExpressionPtr one = aliased(false);
  if (token().kind != TokenKind::End) fail_expecting("the end of the expression");
  return one;
}

Statement Parser::unended_statement() {
  if (is_symbol("(") || begins_query()) return query_statement();
  if (is_word("EXPLAIN")) return explain();
  if (is_word("SHOW")) return show();
  if (is_word("DESCRIBE") || is_word("DESC")) return describe();
  if (is_word("EXISTS")) return exists();
  if (is_word("INSERT")) return insert();
  if (is_word("KILL")) return kill();
  Statement result;
  for (const std::string_view word : kRefused) {
    if (!is_word(word)) continue;
    result.kind = Statement::Kind::Refused;
    result.refused = word;
    return result;
  }
  if (take_word("USE")) {
    result.kind = Statement::Kind::Use;
    result.database = need_name("the name of a database");
    return result;
  }
  if (take_word("SET")) {
    result.kind = Statement::Kind::Set;
    result.settings = settings();
    return result;
  }
  fail_expecting("SELECT, WITH, INSERT, SHOW, DESCRIBE, EXISTS, EXPLAIN, SET, USE or KILL");
  return result;
}

Statement Parser::query_statement() {
  Statement result;
  result.query = query();
  if (failed()) return result;
  const Query& last =
      result.query->operands.empty() ? *result.query : *result.query->operands.back();
  result.settings = last.select.settings;
  output_clauses(result);
  return result;
}

// FORMAT and SETTINGS, in either order.
void Parser::output_clauses(Statement& statement) {
  if (are_words({"INTO", "OUTFILE"})) return refuse("INTO OUTFILE");
  for (bool more = true; more && !failed();) {
    more = false;
    if (statement.format.empty() && take_word("FORMAT")) {
      statement.format = need_name("the name of a format");
      more = true;
    }
    if (take_word("SETTINGS")) {
      for (Setting& one : settings()) statement.settings.push_back(std::move(one));
      more = true;
    }
  }
}

std::vector<Setting> Parser::settings() {
  std::vector<Setting> all;
  do {
    Setting one;
    one.name = need_name("the name of a setting");
    // The database's own settings may be said by their parts.
    while (!failed() && take_symbol(".")) {
      one.name += concat(".", need_name("the name of a setting"));
    }
    need_symbol("=");
    ExpressionPtr value = operand();
    if (!value || value->kind == Expression::Kind::Function) {
      fail_expecting("the value of a setting: a number or a text");
    } else if (value->kind == Expression::Kind::Identifier) {
      one.value = value->parts.front();  // SET max_threads = auto
    } else if (value->kind == Expression::Kind::Literal) {
      one.value = value->literal;
    } else {
      fail_expecting("the value of a setting: a number or a text");
    }
    all.push_back(std::move(one));
  } while (!failed() && take_symbol(","));
  return all;
}

Statement Parser::explain() {
  Statement result;
  advance();
  result.kind = Statement::Kind::Explain;
  result.explained = "PLAN";
  for (const char* what : {"PLAN", "SYNTAX", "AST", "PIPELINE", "ESTIMATE"}) {
    if (take_word(what)) {
      result.explained = what;
      break;
    }
  }
  if (take_words({"QUERY", "TREE"})) result.explained = "QUERY TREE";
  // Options of the plan: header = 1, actions = 0.
  if (is_name() && is_symbol("=", 1)) result.settings = settings();
  if (!is_symbol("(") && !begins_query()) {
    fail_expecting("SELECT");
    return result;
  }
  std::uint32_t depth = 0;
  result.query = nested_query(depth);
  if (!failed()) output_clauses(result);
  return result;
}

Statement Parser::describe() {
  Statement result;
  advance();
  if (is_word("TABLE") && (is_name(1) || is_symbol("(", 1))) advance();
  result.kind = Statement::Kind::Describe;
  if (begins_query()) {
    auto from = std::make_shared<TableExpression>();
    from->kind = TableExpression::Kind::Subquery;
    std::uint32_t depth = 0;
    from->query = nested_query(depth);
    result.from = std::move(from);
  } else {
    result.from = table();
  }
  output_clauses(result);
  return result;
}

Statement Parser::exists() {
  Statement result;
  advance();
  result.kind = Statement::Kind::Exists;
  for (const char* what : {"DATABASE", "DICTIONARY", "VIEW", "TEMPORARY"}) {
    if (is_word(what) && is_name(1)) refuse(concat("EXISTS ", what));
  }
  if (is_word("TABLE") && is_name(1)) advance();
  result.table = need_path("the name of a table");
  output_clauses(result);
  return result;
}

Statement Parser::kill() {
  Statement result;
  advance();
  result.kind = Statement::Kind::Kill;
  need_word("QUERY");
  need_word("WHERE");
  result.where = expression();
  for (const char* mode : {"SYNC", "ASYNC", "TEST"}) {
    if (take_word(mode)) result.kill_mode = mode;
  }
  output_clauses(result);
  return result;
}

}  // namespace grapevine::sql

// SHOW DATABASES, TABLES, COLUMNS, CREATE TABLE, PROCESSLIST, SETTINGS, FUNCTIONS

#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {

Statement Parser::show() {
  Statement result;
  advance();
  if (take_word("DATABASES") || take_word("SCHEMAS")) {
    result.kind = Statement::Kind::ShowDatabases;
    like_clause(result);
  } else if (take_word("PROCESSLIST")) {
    result.kind = Statement::Kind::ShowProcesslist;
  } else if (take_word("SETTINGS")) {
    result.kind = Statement::Kind::ShowSettings;
    like_clause(result);
  } else if (take_word("FUNCTIONS")) {
    result.kind = Statement::Kind::ShowFunctions;
    like_clause(result);
  } else if (is_word("CREATE")) {
    result = show_create();
  } else {
    std::size_t words = 0;
    while (is_word("FULL", words) || is_word("EXTENDED", words) || is_word("TEMPORARY", words)) {
      ++words;
    }
    if (is_word("TABLES", words)) {
      advance(words + 1);
      result = show_tables();
    } else if (is_word("COLUMNS", words) || is_word("FIELDS", words)) {
      advance(words + 1);
      result = show_columns();
    } else {
      fail_expecting(
          "DATABASES, TABLES, COLUMNS, CREATE TABLE, PROCESSLIST, SETTINGS or FUNCTIONS");
    }
  }
  output_clauses(result);
  return result;
}

// [[NOT] LIKE | ILIKE 'pattern'] [LIMIT n]
void Parser::like_clause(Statement& statement) {
  Statement::Like like;
  like.negated = is_word("NOT");
  const std::size_t not_words = like.negated ? 1 : 0;
  like.case_insensitive = is_word("ILIKE", not_words);
  if (like.case_insensitive || is_word("LIKE", not_words)) {
    advance(not_words + 1);
    like.pattern = need_text("a pattern in single quotes");
    statement.like = std::move(like);
  }
  if (is_word("WHERE")) refuse("WHERE of SHOW");
  if (take_word("LIMIT")) statement.limit = need_count("a number of rows");
}

Statement Parser::show_tables() {
  Statement result;
  result.kind = Statement::Kind::ShowTables;
  if (take_word("FROM") || take_word("IN")) result.database = need_name("the name of a database");
  like_clause(result);
  return result;
}

Statement Parser::show_columns() {
  Statement result;
  result.kind = Statement::Kind::ShowColumns;
  if (!take_word("FROM")) need_word("IN");
  result.table = need_path("the name of a table");
  if (take_word("FROM") || take_word("IN")) {
    result.table.insert(result.table.begin(), need_name("the name of a database"));
  }
  like_clause(result);
  return result;
}

Statement Parser::show_create() {
  Statement result;
  advance();
  result.kind = Statement::Kind::ShowCreate;
  for (const char* what : {"DATABASE", "DICTIONARY", "VIEW", "USER", "ROLE"}) {
    if (is_word(what) && is_name(1)) refuse(concat("SHOW CREATE ", what));
  }
  if (is_word("TEMPORARY") && is_name(1)) advance();
  if (is_word("TABLE") && is_name(1)) advance();
  result.table = need_path("the name of a table");
  return result;
}

}  // namespace grapevine::sql

// INSERT INTO t (a, b) FORMAT f <rows>, VALUES <rows>, or SELECT

#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {

Statement Parser::insert() {
  Statement result;
  advance();
  result.kind = Statement::Kind::Insert;
  take_word("INTO");
  if (is_word("TABLE") && is_name(1)) advance();
  if (is_word("FUNCTION") && is_name(1)) refuse("INSERT INTO FUNCTION");
  result.table = need_path("the name of a table");
  if (is_symbol("(") && !begins_query(1) && !is_symbol("(", 1)) {
    advance();
    if (is_symbol("*")) {
      refuse("* among the columns of an INSERT");
    }
    do {
      result.columns.push_back(joined(need_path("the name of a column"), "."));
    } while (!failed() && take_symbol(",") && !is_symbol(")"));
    need_symbol(")");
  }
  if (take_word("SETTINGS")) result.settings = settings();
  if (insert_data(result)) return result;
  if (!is_symbol("(") && !begins_query()) {
    fail_expecting("FORMAT, VALUES or SELECT");
    return result;
  }
  result.query = query();
  if (!failed()) output_clauses(result);
  return result;
}

// Whether rows follow, which are not SQL any more.
bool Parser::insert_data(Statement& statement) {
  if (failed()) return false;
  if (is_word("VALUES")) {
    statement.values = true;
    statement.format = "Values";
    statement.data_offset = token().end();
    return true;
  }
  if (!is_word("FORMAT")) return false;
  advance();
  const std::size_t end = token().end();
  statement.format = need_name("the name of a format");
  if (failed()) return false;
  statement.values = statement.format == "Values";
  // The rows begin on the next line, or behind spaces on this one.
  std::size_t begin = end;
  while (begin < text_.size() && (text_[begin] == ' ' || text_[begin] == '\t')) ++begin;
  if (begin < text_.size() && text_[begin] == ';') ++begin;
  if (begin < text_.size() && text_[begin] == '\r') ++begin;
  if (begin < text_.size() && text_[begin] == '\n') ++begin;
  statement.data_offset = begin;
  return true;
}

}  // namespace grapevine::sql

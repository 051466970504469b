// Statements other than queries.

#include <gtest/gtest.h>

#include "api/sql/parse.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

using Kind = Statement::Kind;

Statement read(std::string_view text) {
  const auto statement = parse_statement(text);
  EXPECT_TRUE(statement.ok()) << text << '\n' << statement.status();
  return statement.ok() ? *statement : Statement{};
}

using Path = std::vector<std::string>;

TEST(Statements, Show) {
  EXPECT_EQ(read("SHOW DATABASES").kind, Kind::ShowDatabases);
  EXPECT_EQ(read("SHOW DATABASES LIKE '%a'").like->pattern, "%a");
  EXPECT_EQ(read("show tables").kind, Kind::ShowTables);
  const Statement tables = read("SHOW FULL TABLES FROM `db` NOT ILIKE 'a_' LIMIT 5 FORMAT TSV");
  EXPECT_EQ(tables.kind, Kind::ShowTables);
  EXPECT_EQ(tables.database, "db");
  EXPECT_TRUE(tables.like->negated && tables.like->case_insensitive);
  EXPECT_EQ(tables.limit, 5u);
  EXPECT_EQ(tables.format, "TSV");
  EXPECT_EQ(read("SHOW COLUMNS FROM t FROM db").table, (Path{"db", "t"}));
  EXPECT_EQ(read("SHOW FIELDS IN db.t").kind, Kind::ShowColumns);
  EXPECT_EQ(read("SHOW CREATE TABLE db.t").kind, Kind::ShowCreate);
  EXPECT_EQ(read("SHOW CREATE t").table, Path{"t"});
  EXPECT_EQ(read("SHOW PROCESSLIST").kind, Kind::ShowProcesslist);
  EXPECT_EQ(read("SHOW SETTINGS ILIKE 'max%'").kind, Kind::ShowSettings);
  EXPECT_EQ(read("SHOW FUNCTIONS").kind, Kind::ShowFunctions);
}

TEST(Statements, DescribeAndExists) {
  EXPECT_EQ(read("DESCRIBE TABLE t").from->parts, Path{"t"});
  EXPECT_EQ(read("DESC \"db\".\"t\"").from->parts, (Path{"db", "t"}));
  EXPECT_EQ(read("DESC TABLE \"db\".\"t\"").from->parts, (Path{"db", "t"}));
  EXPECT_EQ(read("DESCRIBE (SELECT 1) FORMAT JSON").from->kind, TableExpression::Kind::Subquery);
  EXPECT_EQ(read("DESCRIBE SELECT 1").from->kind, TableExpression::Kind::Subquery);
  EXPECT_EQ(read("DESCRIBE numbers(3)").from->name, "numbers");
  EXPECT_EQ(read("EXISTS TABLE db.t").table, (Path{"db", "t"}));
  EXPECT_EQ(read("EXISTS t").kind, Kind::Exists);
}

TEST(Statements, Explain) {
  EXPECT_EQ(read("EXPLAIN SELECT 1").explained, "PLAN");
  EXPECT_EQ(read("EXPLAIN SYNTAX SELECT 1").explained, "SYNTAX");
  EXPECT_EQ(read("EXPLAIN header = 1, actions = 0 SELECT 1").settings.size(), 2u);
  EXPECT_EQ(read("EXPLAIN PIPELINE (SELECT 1) FORMAT TSV").format, "TSV");
}

TEST(Statements, SetUseAndKill) {
  const Statement set = read("SET max_threads = 4, a = 'b', c = true");
  EXPECT_EQ(set.kind, Kind::Set);
  ASSERT_EQ(set.settings.size(), 3u);
  EXPECT_EQ(set.settings[1].name, "a");
  EXPECT_EQ(std::get<std::string>(set.settings[1].value), "b");
  EXPECT_EQ(read("USE `default`").database, "default");
  const Statement kill = read("KILL QUERY WHERE query_id = 'a' ASYNC");
  EXPECT_EQ(kill.kind, Kind::Kill);
  EXPECT_EQ(kill.kill_mode, "ASYNC");
  EXPECT_EQ(column_name(*kill.where), "equals(query_id, 'a')");
}

TEST(Statements, InsertNamesWhereItsRowsBegin) {
  const std::string_view text = "INSERT INTO db.t (a, `b c`, properties.plan) FORMAT CSV\n1,2\n";
  const Statement insert = read(text);
  EXPECT_EQ(insert.kind, Kind::Insert);
  EXPECT_EQ(insert.table, (Path{"db", "t"}));
  EXPECT_EQ(insert.columns, (Path{"a", "b c", "properties.plan"}));
  EXPECT_EQ(insert.format, "CSV");
  EXPECT_EQ(text.substr(insert.data_offset.value()), "1,2\n");

  const std::string_view values = "insert into table t values (1, 'a'), (2, 'b')";
  const Statement inline_rows = read(values);
  EXPECT_TRUE(inline_rows.values);
  EXPECT_EQ(values.substr(inline_rows.data_offset.value()), " (1, 'a'), (2, 'b')");

  const std::string_view set =
      "INSERT INTO t SETTINGS async_insert = 1 FORMAT JSONEachRow {\"a\":1}";
  EXPECT_EQ(set.substr(read(set).data_offset.value()), "{\"a\":1}");
  EXPECT_EQ(read("INSERT INTO t FORMAT TSV").data_offset, 24u);
  const Statement selected = read("INSERT INTO t (a) SELECT 1");
  EXPECT_FALSE(selected.data_offset.has_value());
  ASSERT_NE(selected.query, nullptr);
}

TEST(Statements, WhatWritesOtherwiseIsKnown) {
  EXPECT_EQ(read("CREATE TABLE t (a Int8) ENGINE = Memory").refused, "CREATE");
  EXPECT_EQ(read("alter table t delete where 1").refused, "ALTER");
  EXPECT_EQ(read("DROP TABLE 'whatever").kind, Kind::Refused);
}

TEST(Statements, SettingsAtTheEndAreTheStatements) {
  const Statement query = read("SELECT 1 SETTINGS a = 1 FORMAT JSON SETTINGS b = 2");
  ASSERT_EQ(query.settings.size(), 2u);
  EXPECT_EQ(query.settings[0].name, "a");
  EXPECT_EQ(query.settings[1].name, "b");
  EXPECT_EQ(query.format, "JSON");
  EXPECT_EQ(read("SELECT 1 UNION ALL SELECT 2 SETTINGS a = 1").settings.size(), 1u);
}

}  // namespace
}  // namespace grapevine::sql

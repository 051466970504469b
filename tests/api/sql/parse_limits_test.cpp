// What is too long, too deep or too much.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/sql/parse.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kBytes = 250'000;

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(ParseLimits, NoRepetitionOverflowsTheStack) {
  for (const std::string_view unit : {"(",
                                      "[",
                                      "{",
                                      "not ",
                                      "- ",
                                      "+",
                                      "f(",
                                      "f(1)(",
                                      "[(",
                                      "not (",
                                      "- (",
                                      "CASE ",
                                      "CASE WHEN ",
                                      "x -> ",
                                      "(x) -> ",
                                      "1 ? ",
                                      "1 + ",
                                      "1 OR ",
                                      "1 AND ",
                                      "a || ",
                                      "1 IN ",
                                      "a.",
                                      "x[",
                                      "1::",
                                      "a::Array(",
                                      "CAST(a AS Array(",
                                      "*",
                                      "INTERVAL (",
                                      "INTERVAL ",
                                      "(SELECT ",
                                      "(SELECT 1 UNION ALL ",
                                      "exists(",
                                      "CAST(",
                                      "position(",
                                      "date_add(",
                                      "trim(BOTH ",
                                      "substring(",
                                      "extract(",
                                      "((((((1) + ",
                                      "WITH (SELECT ",
                                      "1 BETWEEN ",
                                      "{a:Array(",
                                      "1 IS NULL = ",
                                      "SELECT ",
                                      "f(DISTINCT ",
                                      "sum(a) FILTER (WHERE ",
                                      "sum(a) OVER (PARTITION BY ",
                                      "sum(a) OVER (ORDER BY "}) {
    (void)parse_statement("SELECT " + repeated(unit, kBytes / unit.size())).ok();
    (void)parse_statement("SELECT 1 FROM " + repeated(unit, kBytes / unit.size())).ok();
  }
}

TEST(ParseLimits, DepthIsRefused) {
  for (const std::string& text :
       {"SELECT " + repeated("(", 500) + "1" + repeated(")", 500),
        "SELECT 1" + repeated(" + 1", 500), "SELECT " + repeated("NOT ", 500) + "1",
        "SELECT 1 FROM " + repeated("(SELECT 1 FROM ", 500) + "t" + repeated(")", 500),
        "SELECT 1 FROM t" + repeated(" CROSS JOIN t", 500),
        "SELECT 1" + repeated(" EXCEPT SELECT 1", 500), "SELECT a" + repeated("[1]", 500)}) {
    const auto statement = parse_statement(text);
    ASSERT_FALSE(statement.ok());
    EXPECT_EQ(query_error_code(statement.status()), QueryErrorCode::TooDeepRecursion)
        << statement.status();
  }
}

TEST(ParseLimits, WidthIsNotDepth) {
  EXPECT_TRUE(parse_statement("SELECT 1" + repeated(" OR 1", 10'000)).ok());
  EXPECT_TRUE(parse_statement("SELECT a IN (1" + repeated(", 1", 40'000) + ")").ok());
  EXPECT_TRUE(parse_statement("SELECT 1" + repeated(" UNION ALL SELECT 1", 5'000)).ok());
  EXPECT_TRUE(parse_statement("SELECT " + repeated("(", 150) + "1" + repeated(")", 150)).ok());
}

// BETWEEN says what is on its left twice.
TEST(ParseLimits, WhatIsSaidTwiceCountsTwice) {
  const auto statement = parse_statement("SELECT 1" + repeated(" BETWEEN 1 AND 1", 50));
  ASSERT_FALSE(statement.ok());
  EXPECT_EQ(query_error_code(statement.status()), QueryErrorCode::TooDeepRecursion);
}

// Nothing is read a second time, so nesting costs no more than its length.
TEST(ParseLimits, NestedSpecialCallsAreReadOnce) {
  const auto statement =
      parse_statement("SELECT " + repeated("position(", 60) + "1" + repeated("=2)", 60));
  EXPECT_TRUE(statement.ok()) << statement.status();
}

TEST(ParseLimits, LongTextsAreRefused) {
  for (const std::string& text :
       {"SELECT '" + repeated("a", 300'000) + "'", "SELECT " + repeated(" ", 300'000) + "1",
        "SELECT 1" + repeated(" OR 1", 60'000)}) {
    const auto statement = parse_statement(text);
    ASSERT_FALSE(statement.ok());
    const QueryErrorCode code = query_error_code(statement.status());
    EXPECT_TRUE(code == QueryErrorCode::SyntaxError || code == QueryErrorCode::TooDeepRecursion);
  }
}

TEST(ParseLimits, RowsOfAnInsertDoNotCount) {
  const std::string head = "INSERT INTO t FORMAT CSV\n";
  const auto statement = parse_statement(head + repeated("'\"`(((", 100'000));
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(statement->data_offset, head.size());
}

}  // namespace
}  // namespace grapevine::sql

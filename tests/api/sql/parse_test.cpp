#include "api/sql/parse.hpp"

#include <string>

#include <gtest/gtest.h>

#include "api/sql/query_text.hpp"
#include "kernels/query/query_error.hpp"
#include "tests/api/sql/same_syntax.hpp"
#include "tests/api/sql/statements.hpp"

namespace grapevine::sql {
namespace {

using tests::same;
using tests::valid_statements;

TEST(ParseSql, ReadsEveryForm) {
  for (const std::string_view text : valid_statements()) {
    const auto statement = parse_statement(text);
    EXPECT_TRUE(statement.ok()) << text << '\n' << statement.status();
  }
}

TEST(ParseSql, TextOfAQueryIsReadAsTheSameQuery) {
  for (const std::string_view text : valid_statements()) {
    const auto statement = parse_statement(text);
    ASSERT_TRUE(statement.ok()) << statement.status();
    const std::string written = query_text(*statement->query);
    const auto again = parse_statement(written);
    ASSERT_TRUE(again.ok()) << text << '\n' << written << '\n' << again.status();
    EXPECT_TRUE(same(*statement->query, *again->query)) << text << '\n' << written;
    EXPECT_EQ(query_text(*again->query), written);
  }
}

TEST(ParseSql, TextOfAnExpressionIsReadAsTheSameExpression) {
  for (const std::string_view text : valid_statements()) {
    const auto statement = parse_statement(text);
    ASSERT_TRUE(statement.ok()) << statement.status();
    for (const ExpressionPtr& one : statement->query->select.columns) {
      const auto again = parse_expression(to_text(*one));
      ASSERT_TRUE(again.ok()) << to_text(*one) << '\n' << again.status();
      EXPECT_TRUE(same(*one, **again)) << to_text(*one);
    }
  }
}

// Signs are of numbers: many do not nest, nor are two of them a comment when they are written again.
TEST(ParseSql, OneSignIsOfANumberInAType) {
  EXPECT_TRUE(parse_statement("SELECT {b:Enum8('a' = -1, 'b' = 2)}").ok());
  EXPECT_FALSE(parse_statement("SELECT {b:A(- -5)}").ok());
  std::string many = "SELECT {b:A(";
  for (int i = 0; i < 100'000; ++i) many += "- ";
  EXPECT_FALSE(parse_statement(many + "5)}").ok());
}

// What is cut off anywhere is either whole or refused in words, never worse.
TEST(ParseSql, EveryPrefixIsReadOrRefused) {
  for (const std::string_view text : valid_statements()) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      const auto statement = parse_statement(text.substr(0, size));
      if (statement.ok()) continue;
      const QueryErrorCode code = query_error_code(statement.status());
      EXPECT_TRUE(code == QueryErrorCode::SyntaxError || code == QueryErrorCode::NotImplemented ||
                  code == QueryErrorCode::ExpectedAllOrDistinct)
          << text.substr(0, size) << '\n'
          << statement.status();
    }
  }
}

TEST(ParseSql, EveryLostLetterIsReadOrRefused) {
  for (const std::string_view text : valid_statements()) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string less(text);
      less.erase(i, 1);
      (void)parse_statement(less).ok();
      for (const char letter : {'(', ')', '\'', ',', '.', ' ', '[', '-', '\0', '\xFF'}) {
        std::string other(text);
        other[i] = letter;
        (void)parse_statement(other).ok();
      }
    }
  }
}

struct Named {
  std::string_view expression;
  std::string_view name;
};

// Names: from chdb 26.7.
TEST(ParseSql, ColumnsAreNamedAsClickHouseNamesThem) {
  const std::vector<Named> all{
      {"1+1", "plus(1, 1)"},
      {"- 1", "-1"},
      {"-(1)", "negate(1)"},
      {"- - 1", "negate(-1)"},
      {"-a * 2", "multiply(negate(a), 2)"},
      {"-[1,2][1]", "negate(arrayElement([1, 2], 1))"},
      {"+1", "1"},
      {"t.a", "a"},
      {"t.a + u.b", "plus(a, b)"},
      {"(a AS b) + 1", "plus(b, 1)"},
      {"count(*)", "count()"},
      {"COUNT(DISTINCT a)", "COUNTDistinct(a)"},
      {"count(DISTINCT a) FILTER (WHERE b)", "countDistinctIf(a, b)"},
      {"sum(a) FILTER (WHERE a > 1)", "sumIf(a, greater(a, 1))"},
      {"quantiles(0.5,0.9)(a)", "quantiles(0.5, 0.9)(a)"},
      {"CAST(1 AS Nullable( Int8 ))", "CAST(1, 'Nullable(Int8)')"},
      {"CAST(1 AS Decimal(10,2))", "CAST(1, 'Decimal(10, 2)')"},
      {"CAST(1 AS DateTime('UTC'))", "CAST(1, 'DateTime(\\'UTC\\')')"},
      {"1::Int8", "CAST('1', 'Int8')"},
      {"- 1::Int8", "CAST('- 1', 'Int8')"},
      {"[1,2]::Array(Int8)", "CAST('[1,2]', 'Array(Int8)')"},
      {"(1+1)::Int8", "CAST(plus(1, 1), 'Int8')"},
      {"1 + 2::Int8", "plus(1, CAST('2', 'Int8'))"},
      {"1::Int8::String", "CAST(CAST('1', 'Int8'), 'String')"},
      {"CASE WHEN a=1 THEN 'a' END", "multiIf(equals(a, 1), 'a', NULL)"},
      {"CASE a WHEN 1 THEN 2 END", "caseWithExpression(a, 1, 2, NULL)"},
      {"a IN (1,2)", "in(a, (1, 2))"},
      {"a IN (1)", "in(a, 1)"},
      {"a NOT IN [1]", "notIn(a, [1])"},
      {"1 IN (2) + 1", "in(1, plus(2, 1))"},
      {"1 IN (1, 2) = 1", "equals(in(1, (1, 2)), 1)"},
      {"substr(a, 1)", "substr(a, 1)"},
      {"[1, 2.5, -3]", "[1., 2.5, -3.]"},
      {"[[1], [2.5]]", "[[1.], [2.5]]"},
      {"[true, false]", "[1, 0]"},
      {"[(1, 2.5), (2, true)]", "[(1, 2.5), (2, 1)]"},
      {"[1, a, 2.5]", "[1, a, 2.5]"},
      {"(1,)", "(1)"},
      {"()", "()"},
      {"1.0", "1."},
      {"1e10", "10000000000."},
      {"1e20", "100000000000000000000."},
      {"1e21", "1e21"},
      {"0.000001", "0.000001"},
      {"0.0000012", "0.0000012"},
      {"1e-7", "1e-7"},
      {"123456789012345678901234567890", "1.2345678901234568e29"},
      {"18446744073709551616", "18446744073709552000."},
      {"-9223372036854775808", "-9223372036854775808"},
      {"-9223372036854775809", "-9223372036854776000."},
      {"-0", "0"},
      {"-0.0", "-0."},
      {"1__0", "1__0"},
      {"-inf", "-inf"},
      {"NaN", "nan"},
      {"TRUE", "true"},
      {"'it''s'", "'it\\'s'"},
      {"'\\%\\q\\n'", "'\\\\%\\\\q\\n'"},
      {"NOT 1 = 1", "not(equals(1, 1))"},
      {"not(0) = 1", "not(equals(0, 1))"},
      {"1 AND 2 AND 3", "and(1, 2, 3)"},
      {"1 AND (2 AND 3)", "and(1, and(2, 3))"},
      {"1 OR 2 AND 3", "or(1, and(2, 3))"},
      {"'a' || 1 + 2 || 'b'", "concat('a', plus(1, 2), 'b')"},
      {"NULL = 1 IS NULL", "isNull(equals(NULL, 1))"},
      {"1 IS TRUE", "isNotDistinctFrom(1, true)"},
      {"1 < 2 < 3", "less(less(1, 2), 3)"},
      {"1 BETWEEN 0 AND 2 = 1", "and(greaterOrEquals(1, 0), lessOrEquals(1, equals(2, 1)))"},
      {"1 BETWEEN 0 AND 2 AND 1", "and(and(greaterOrEquals(1, 0), lessOrEquals(1, 2)), 1)"},
      {"a NOT BETWEEN 1 AND 2", "or(less(a, 1), greater(a, 2))"},
      {"5 DIV 2 MOD 3", "modulo(intDiv(5, 2), 3)"},
      {"((1,2),3).1.2", "tupleElement(tupleElement(((1, 2), 3), 1), 2)"},
      {"INTERVAL 1 DAY", "toIntervalDay(1)"},
      {"INTERVAL '1' DAY", "toIntervalDay('1')"},
      {"INTERVAL '1 day 2 hours'", "(toIntervalDay(1), toIntervalHour(2))"},
      {"DATE '2024-01-01'", "toDate('2024-01-01')"},
      {"EXTRACT(day FROM a)", "toDayOfMonth(a)"},
      {"EXTRACT(WEEK FROM a)", "toISOWeek(a)"},
      {"SUBSTRING(a FROM 1 FOR 2)", "substring(a, 1, 2)"},
      {"TRIM(LEADING 'a' FROM b)", "trimLeft(b, 'a')"},
      {"TRIM(a)", "trimBoth(a)"},
      {"POSITION('a' IN b)", "position(b, 'a')"},
      {"DATE_ADD(DAY, 1, a)", "plus(a, toIntervalDay(1))"},
      {"DATEDIFF(month, a, b)", "dateDiff('month', a, b)"},
      {"arrayMap((x,y) -> x+y, [1],[2])", "arrayMap(lambda(tuple(x, y), plus(x, y)), [1], [2])"},
      {"sum(a) OVER (PARTITION BY b ORDER BY c ROWS 1 PRECEDING)",
       "sum(a) OVER (PARTITION BY b ORDER BY c ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"},
      {"sum(a) OVER (ORDER BY c ROWS BETWEEN +unbounded PRECEDING AND (UNBOUNDED + 1) FOLLOWING)",
       "sum(a) OVER (ORDER BY c ASC ROWS BETWEEN (unbounded) PRECEDING AND plus(UNBOUNDED, 1) "
       "FOLLOWING)"},
      {"sum(a) OVER w", "sum(a) OVER w"},
      {"sum(a) OVER (w)", "sum(a) OVER (w)"},
      {"1 ? 2 : 3", "if(1, 2, 3)"},
      {"IF(1,2,3)", "IF(1, 2, 3)"},
  };
  for (const auto& [text, name] : all) {
    const auto expression = parse_expression(text);
    ASSERT_TRUE(expression.ok()) << text << '\n' << expression.status();
    EXPECT_EQ(column_name(**expression), name) << text;
  }
}

// Ranks: chdb 26.7 answers 2 to the second one.
TEST(ParseSql, UnionAndExceptGoFromLeftToRight) {
  const auto written = [](std::string_view text) {
    const auto statement = parse_statement(text);
    return statement.ok() ? query_text(*statement->query) : statement.status().ToString();
  };
  EXPECT_EQ(written("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"),
            "(SELECT 1) UNION ALL (SELECT 2) UNION ALL (SELECT 3)");
  EXPECT_EQ(written("SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 1"),
            "((SELECT 1) UNION ALL (SELECT 2)) EXCEPT (SELECT 1)");
  EXPECT_EQ(written("SELECT 1 EXCEPT SELECT 1 UNION ALL SELECT 3"),
            "((SELECT 1) EXCEPT (SELECT 1)) UNION ALL (SELECT 3)");
  EXPECT_EQ(written("SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 2"),
            "(SELECT 1) UNION ALL ((SELECT 2) INTERSECT (SELECT 2))");
  EXPECT_EQ(written("SELECT 1 UNION DISTINCT SELECT 1 UNION ALL SELECT 1"),
            "((SELECT 1) UNION DISTINCT (SELECT 1)) UNION ALL (SELECT 1)");
}

TEST(ParseSql, NamesMayBeSaidByTheCaller) {
  const auto expression =
      parse_expression("e.a + {p:Int8} + sum(b) OVER (ORDER BY t.c) + (d AS x)");
  ASSERT_TRUE(expression.ok()) << expression.status();
  const NameOf whole = [](const Expression& one) -> std::optional<std::string> {
    if (one.kind == Expression::Kind::Parameter) return "5";
    if (one.kind == Expression::Kind::Identifier && one.parts.size() == 2) {
      return one.parts[0] + "." + one.parts[1];
    }
    return std::nullopt;
  };
  EXPECT_EQ(column_name(**expression, whole),
            "plus(plus(plus(e.a, 5), sum(b) OVER (ORDER BY t.c ASC)), x)");
}

struct Mistake {
  std::string_view text;
  QueryErrorCode code;
  std::string_view message;
};

TEST(ParseSql, MistakesSayWhereTheyAre) {
  using enum QueryErrorCode;
  const std::vector<Mistake> all{
      {"", SyntaxError, "(line 1, col 1): end of query. Expected SELECT"},
      {"SELECT", SyntaxError, "(line 1, col 7): end of query. Expected an expression"},
      {"SELECT 1\nFROM t\nWHERE", SyntaxError, "(line 3, col 6): end of query"},
      {"SELECT 1 2", SyntaxError, "(line 1, col 10): 2. Expected the end of the query"},
      {"SELECT 1; SELECT 2", SyntaxError, "(line 1, col 11): SELECT. Expected the end"},
      {"SELECT (1", SyntaxError, "end of query. Expected ')'"},
      {"SELECT ]", SyntaxError, "]. Expected an expression"},
      {"SELECT 'abc", SyntaxError, "(line 1, col 8): Single quoted string is not closed: 'abc"},
      {"SELECT `abc", SyntaxError, "Back quoted string is not closed"},
      {"SELECT 1 /* a", SyntaxError, "Multiline comment is not closed"},
      {"SELECT 1 #x", SyntaxError, "Unrecognized token: #x"},
      {"SELECT 1e400", SyntaxError, "no number: 1e400"},
      {"SELECT 5.a", SyntaxError, "Wrong number"},
      {"SELECT a FROM t GROUP a", SyntaxError, "GROUP. Expected the end of the query"},
      {"SELECT a FROM t JOIN u", SyntaxError, "Expected ON or USING"},
      {"SELECT CASE WHEN 1 THEN 2", SyntaxError, "Expected END"},
      {"SELECT 1 UNION SELECT 2", ExpectedAllOrDistinct, "Expected ALL or DISTINCT"},
      {"SELECT a FROM t ORDER BY a COLLATE 'en'", NotImplemented, "COLLATE is not supported"},
      {"SELECT a FROM t ORDER BY a WITH FILL", NotImplemented, "WITH FILL is not supported"},
      {"SELECT 1 INTO OUTFILE 'a'", NotImplemented, "INTO OUTFILE is not supported"},
      {"WITH RECURSIVE a AS (SELECT 1) SELECT 1", NotImplemented, "WITH RECURSIVE"},
      {"SELECT COLUMNS('a') FROM t", NotImplemented, "COLUMNS(...) is not supported"},
      {"SELECT * REPLACE (1 AS a) FROM t", NotImplemented, "* REPLACE is not supported"},
      {"SELECT * APPLY(sum) FROM t", NotImplemented, "* APPLY is not supported"},
      {"SELECT a FROM t NATURAL JOIN u", NotImplemented, "NATURAL JOIN is not supported"},
  };
  for (const auto& [text, code, message] : all) {
    const auto statement = parse_statement(text);
    ASSERT_FALSE(statement.ok()) << text;
    EXPECT_EQ(query_error_code(statement.status()), code) << text;
    EXPECT_NE(
        std::string_view(statement.status().message().data(), statement.status().message().size())
            .find(message),
        std::string_view::npos)
        << text << '\n'
        << statement.status();
  }
}

}  // namespace
}  // namespace grapevine::sql

#include "api/sql/insert/insert_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/sql/parse.hpp"
#include "kernels/query/query_error.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine::sql {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

// What an insert never looks at.
alignas(64) char nothing[64];

// "2 rows", or the code and the message of a failure.
std::string insert(Collecting& collecting, std::string_view text, Fields settings = {},
                   SessionFacts facts = {}) {
  const auto statement = parse_statement(text);
  if (!statement.ok()) return "not SQL: " + std::string(statement.status().message());
  if (!statement->data_offset) return "no data";
  const Stop stop;
  const Context context{collecting.store(),
                        reinterpret_cast<GraphView&>(nothing),
                        reinterpret_cast<ResultCache&>(nothing),
                        stop,
                        kReceived,
                        "UTC"};
  const auto inserted =
      insert_rows(*statement, text.substr(*statement->data_offset), facts, settings, context);
  if (inserted.ok()) return std::to_string(inserted->rows) + " rows";
  return std::to_string(static_cast<int>(query_error_code(inserted.status()))) + " " +
         std::string(inserted.status().message());
}

TEST(InsertRows, JsonObjectsFillColumnsByName) {
  Collecting collecting;
  EXPECT_EQ(insert(collecting,
                   "INSERT INTO events FORMAT JSONEachRow\n"
                   R"({"ts": "2026-01-02 03:04:05.678", "event": "Order Completed", )"
                   R"("customer_id": "c1", "target_id": "c2", "event_id": "e1", "channel": "app", )"
                   R"("value": "19.5", "properties.coupon": "X", "context.page.url": "/a"})"
                   "\n"
                   R"({"ts": 1767323045, "event": "Page Viewed", "customer_id": 7, )"
                   R"("properties": {"a": {"b": 1}, "list": [1, 2], "gone": null}})"),
            "2 rows");
  EXPECT_THAT(collecting.events(), ElementsAre(TextRow{{"ts", "1767323045678"},
                                                       {"event", "Order Completed"},
                                                       {"customer_id", "c1"},
                                                       {"target_id", "c2"},
                                                       {"event_id", "e1"},
                                                       {"channel", "app"},
                                                       {"value", "19.5"},
                                                       {"properties.coupon", "X"},
                                                       {"context.page.url", "/a"}},
                                               TextRow{{"ts", "1767323045000"},
                                                       {"event", "Page Viewed"},
                                                       {"customer_id", "7"},
                                                       {"properties.a.b", "1"},
                                                       {"properties.list", "[1,2]"}}));
}

TEST(InsertRows, RowsOfJsonMayStandInAnArrayOrOnSeveralLines) {
  Collecting collecting;
  EXPECT_EQ(insert(collecting,
                   "INSERT INTO events FORMAT JSONEachRow [{\"event\": \"A\",\n\"customer_id\": "
                   "\"}]\\\"\"},\n {\"event\": \"B\", \"customer_id\": \"c\"}]\n"),
            "2 rows");
  EXPECT_EQ(collecting.events().at(0).at("customer_id"), "}]\"");
}

TEST(InsertRows, EveryFormatMeansTheSameRow) {
  const TextRow wanted = {{"ts", "1767323045000"}, {"event", "A\tb"},      {"customer_id", "c,1"},
                          {"value", "2.5"},        {"properties.n", "42"}, {"properties.t", "007"},
                          {"properties.b", "true"}};
  constexpr std::string_view kList =
      "(ts, event, customer_id, value, properties.n, properties.t, "
      "properties.b, brand)";
  const std::pair<std::string, std::string> inserts[] = {
      {"JSONCompactEachRow",
       R"(["2026-01-02 03:04:05", "A\tb", "c,1", 2.5, 42, "007", true, null])"},
      {"CSV", "\"2026-01-02 03:04:05\",\"A\tb\",\"c,1\",2.5,42,\"007\",true,\\N\n"},
      {"CSV", "2026-01-02T03:04:05Z,A\tb,\"c,1\", 2.5 ,42,007,true,\r\n"},
      {"TabSeparated", "2026-01-02 03:04:05\tA\\tb\tc,1\t2.5\t42\t007\ttrue\t\\N\n"},
      {"TSV", "1767323045\tA\\tb\tc,1\t2.5\t42\t007\ttrue\t\\N"},
      {"Values", "('2026-01-02 03:04:05', 'A\\tb', 'c,1', 2.5, 42, '007', TRUE, NULL)"},
      {"Values", "(1767323045000, 'A\tb', 'c,1', 25e-1, +42, '007', true, null);"}};
  for (const auto& [format, row] : inserts) {
    SCOPED_TRACE(format + " " + row);
    Collecting collecting;
    const std::string statement =
        "INSERT INTO events " + std::string(kList) + " FORMAT " + format + "\n" + row;
    ASSERT_EQ(insert(collecting, statement), "1 rows");
    EXPECT_THAT(collecting.events(), ElementsAre(wanted));
  }
}

TEST(InsertRows, HeadersNameTheColumns) {
  const std::pair<std::string, std::string> inserts[] = {
      {"CSVWithNames", "\"customer_id\",event\nc,A\n"},
      {"CSVWithNamesAndTypes", "customer_id,event\nString,String\nc,A\n"},
      {"TabSeparatedWithNames", "customer_id\tevent\nc\tA\n"},
      {"TSVWithNamesAndTypes", "customer_id\tevent\nString\tString\nc\tA\n"},
      {"JSONCompactEachRowWithNames", "[\"customer_id\", \"event\"]\n[\"c\", \"A\"]\n"},
      {"JSONCompactEachRowWithNamesAndTypes",
       "[\"customer_id\",\"event\"]\n[\"String\",\"String\"]\n[\"c\",\"A\"]"}};
  for (const auto& [format, rows] : inserts) {
    SCOPED_TRACE(format);
    Collecting collecting;
    ASSERT_EQ(insert(collecting, "INSERT INTO default.events FORMAT " + format + "\n" + rows),
              "1 rows");
    EXPECT_EQ(collecting.events().at(0).at("customer_id"), "c");
    EXPECT_EQ(collecting.events().at(0).at("event"), "A");
  }
}

TEST(InsertRows, TimesWithoutZoneAreOfTheSession) {
  Collecting collecting;
  SessionFacts facts;
  facts.timezone = "Asia/Seoul";
  EXPECT_EQ(insert(collecting,
                   "INSERT INTO events (ts, event, customer_id) VALUES "
                   "('2026-01-02 09:00:00', 'A', 'c'), ('2026-01-02T09:00:00Z', 'B', 'c')",
                   {}, facts),
            "2 rows");
  EXPECT_EQ(collecting.events().at(0).at("ts"), "1767312000000");
  EXPECT_EQ(collecting.events().at(1).at("ts"), "1767344400000");
}

TEST(InsertRows, ColumnsKeepTheirTypes) {
  Collecting collecting;
  ASSERT_EQ(insert(collecting,
                   "INSERT INTO events (event, customer_id, properties.n, properties.t, "
                   "properties.b) VALUES ('A', 'c', 1, 'x', true)"),
            "1 rows");
  ASSERT_EQ(insert(collecting,
                   "INSERT INTO events (event, customer_id, properties.n, properties.t, "
                   "properties.b) FORMAT CSV\nB,c,\"2\",3,1\n"),
            "1 rows");
  EXPECT_EQ(collecting.events().at(1).at("properties.n"), "2");
  EXPECT_EQ(collecting.events().at(1).at("properties.t"), "3");
  EXPECT_THAT(insert(collecting,
                     "INSERT INTO events (event, customer_id, properties.n) VALUES ('A', 'c', 1), "
                     "('A', 'c', 'many')"),
              AllOf(HasSubstr("72 "), HasSubstr("(at row 2, column properties.n)")));
  EXPECT_THAT(insert(collecting,
                     "INSERT INTO events (event, customer_id, properties.b) VALUES ('A','c', 'x')"),
              HasSubstr("27 the value is neither true nor false"));
  EXPECT_THAT(collecting.events(), SizeIs(2));
}

TEST(InsertRows, CustomersHaveTraits) {
  Collecting collecting;
  EXPECT_EQ(insert(collecting,
                   "INSERT INTO customers FORMAT JSONEachRow\n"
                   R"({"customer_id": "c1", "ts": "2026-01-02", "plan": "gold", "age": 30, )"
                   R"("address": {"city": "Seoul"}, "traits": {"vip": true}})"),
            "1 rows");
  EXPECT_EQ(insert(collecting,
                   "INSERT INTO customers (customer_id, plan, age) VALUES "
                   "('c2', 'basic', 7), ('c1', NULL, 31)"),
            "2 rows");
  EXPECT_THAT(collecting.customers(),
              ElementsAre(Pair("c1", AllOf(testing::Contains(Pair("address.city", "Seoul")),
                                           testing::Contains(Pair("age", "31")),
                                           testing::Not(testing::Contains(testing::Key("plan"))))),
                          Pair("c2", testing::Contains(Pair("plan", "basic")))));
}

TEST(InsertRows, MistakesNameRowAndColumnAndNothingIsStored) {
  const std::pair<std::string, std::string> mistakes[] = {
      {"events FORMAT JSONEachRow {\"event\": \"A\", \"customer_id\": \"c\"}\n{\"event\": \"A\"}",
       "117 customer_id is missing or empty (at row 2)"},
      {"events FORMAT JSONEachRow {\"customer_id\": \"c\"}",
       "117 event is missing or empty (at row 1)"},
      {"events FORMAT JSONEachRow {\"event\": \"A\", \"customer_id\": \"c\", \"chanel\": 1}",
       "16 no such column: chanel (did you mean channel?) in table events (at row 1, column "
       "chanel)"},
      {"events FORMAT JSONEachRow {\"event\": \"A\", ", "27 expected a row of JSON"},
      {"events FORMAT JSONEachRow {\"event\": \"A\" \"x\"}", "27 not JSON"},
      {"events FORMAT JSONEachRow nonsense", "27 expected a row of JSON"},
      {"events (event) FORMAT JSONEachRow {\"event\": \"A\", \"channel\": 1}",
       "117 the member is not among the columns of the statement (at row 1, column channel)"},
      {"events (event, event) VALUES ('A', 'B')", "15 "},
      {"events (event, nobody) VALUES ('A', 'B')", "16 no such column: nobody"},
      {"events (event, customer_id, ts) VALUES ('A', 'c', 'yesterday')", "41 "},
      {"events (event, customer_id, ts) VALUES ('A', 'c', '2036-01-01 00:00:00')",
       "117 the time is more than 24 hours ahead"},
      {"events (event, customer_id, value) VALUES ('A', 'c', 'much')", "72 "},
      {"events (event, customer_id, latitude) VALUES ('A', 'c', 91)",
       "117 properties.latitude is not between -90 and 90 (at row 1)"},
      {"events (event, customer_id) VALUES ('A')", "27 expected a comma behind value 1 of 2"},
      {"events (event, customer_id) VALUES ('A', 'c', 'd')", "27 expected ) behind 2 values"},
      {"events (event, customer_id) VALUES ('A', now())", "27 expected a constant"},
      {"events (event, customer_id) VALUES ('A', 'c", "27 a quote is not closed"},
      {"events (event, customer_id) VALUES ('A', 'c\\0')",
       "117 the text holds the character U+0000"},
      {"events (event, customer_id) VALUES ('A', 'c\\xff')", "27 a backslash stands before"},
      {"events (event, customer_id) VALUES ('A', -)", "27 expected a number"},
      {"events (event, customer_id) FORMAT CSV\nA\n", "27 the row has 1 fields for 2 columns"},
      {"events (event, customer_id) FORMAT CSV\nA,\"c\n", "27 a quote is not closed"},
      {"events (event, customer_id) FORMAT CSV\nA,\xff\n", "27 the rows are not UTF-8"},
      {"events (event, customer_id) FORMAT TSV\nA\tc\\", "27 a backslash stands before"},
      {"events FORMAT JSONCompactEachRow [1, 2]", "27 the row has 2 values for"},
      {"customers FORMAT CSV\nc\n", "117 rows of table customers need the names"},
      {"customers (customer_id, first_seen) VALUES ('c', 1)", "44 Column first_seen"},
      {"customers (plan) VALUES ('x')", "117 customer_id is missing or empty (at row 1)"},
      {"system.numbers (number) VALUES (1)", "48 "},
      {"evnts (event) VALUES ('A')", "60 no such table: evnts (did you mean events?)"},
      {"nowhere.events (event) VALUES ('A')", "81 "},
      {"events FORMAT Pretty\nx", "73 Format Pretty is not suitable for input"},
      {"events FORMAT JSONEachRo\nx", "73 no such format: JSONEachRo (did you mean JSONEachRow?)"}};
  for (const auto& [statement, wanted] : mistakes) {
    SCOPED_TRACE(statement);
    Collecting collecting;
    EXPECT_THAT(insert(collecting, "INSERT INTO " + statement), testing::StartsWith(wanted));
    EXPECT_THAT(collecting.events(), IsEmpty());
    EXPECT_THAT(collecting.customers(), IsEmpty());
  }
}

TEST(InsertRows, UnknownFieldsAreSkippedWhereAskedFor) {
  Collecting collecting;
  EXPECT_EQ(insert(collecting,
                   "INSERT INTO events FORMAT JSONEachRow {\"event\": \"A\", \"customer_id\": "
                   "\"c\", \"chanel\": {\"a\": 1}}",
                   {{"input_format_skip_unknown_fields", "1"}}),
            "1 rows");
}

TEST(InsertRows, AnEventIdIsStoredOnce) {
  Collecting collecting;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(insert(collecting,
                     "INSERT INTO events (event, customer_id, event_id) VALUES "
                     "('A', 'c', 'e1'), ('A', 'c', 'e2')"),
              "2 rows");
  }
  EXPECT_THAT(collecting.events(), SizeIs(2));
}

TEST(InsertRows, WhatTheStoreRefusesIsTold) {
  Collecting collecting({.event_names_max = 23});
  EXPECT_THAT(insert(collecting,
                     "INSERT INTO events (event, customer_id) VALUES ('A', 'c'), "
                     "('B', 'c'), ('C', 'c')"),
              AllOf(HasSubstr("117 "), HasSubstr("rows were refused")));
}

// More rows than a batch has.
TEST(InsertRows, ManyRowsAreSeveralBatches) {
  Collecting collecting;
  std::string statement = "INSERT INTO events (event, customer_id, value) FORMAT TSV\n";
  constexpr int kRows = 100'001;
  for (int i = 0; i < kRows; ++i) statement += "A\tc" + std::to_string(i % 10) + "\t1\n";
  EXPECT_EQ(insert(collecting, statement), std::to_string(kRows) + " rows");
  EXPECT_EQ(collecting.store().facts().batches, 2u);
  // A mistake in the last row leaves nothing of the first.
  Collecting other;
  EXPECT_THAT(insert(other, statement + "A\n"), HasSubstr("(at row 100002)"));
  EXPECT_THAT(other.events(), IsEmpty());
}

// No prefix of rows does harm.
TEST(InsertRows, EveryPrefixIsRowsOrAMistake) {
  const std::string statements[] = {
      "INSERT INTO events (event, customer_id, value) VALUES ('A\\x41''', 'c', -1.5e3), "
      "('B',NULL,1)",
      "INSERT INTO events FORMAT JSONEachRow\n[{\"event\": \"\\u0041\", \"customer_id\": \"c\"}, "
      "{}]",
      "INSERT INTO events FORMAT "
      "JSONCompactEachRowWithNames\n[\"event\",\"customer_id\"]\n[\"a\",1]",
      "INSERT INTO events FORMAT CSVWithNames\nevent,customer_id\n\"a\"\"b\",\"c\r\n\"\n",
      "INSERT INTO events FORMAT TSVWithNames\nevent\tcustomer_id\na\\tb\tc\\\\\n"};
  for (const std::string& statement : statements) {
    for (std::size_t size = 0; size <= statement.size(); ++size) {
      Collecting collecting;
      insert(collecting, std::string_view(statement).substr(0, size));
    }
  }
}

}  // namespace
}  // namespace grapevine::sql

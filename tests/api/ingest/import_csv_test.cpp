// POST /v1/import with CSV: what fields become, which records and headers are refused.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/collect/limits.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const Fields kEvents{{"table", "events"}, {"import_id", "i1"}};
const Fields kEventsCsv{{"table", "events"}, {"import_id", "i1"}, {"format", "csv"}};
const Fields kCustomersCsv{{"table", "customers"}, {"import_id", "i1"}, {"format", "csv"}};

std::string answer(std::size_t accepted, std::size_t rejected, std::size_t resume_at,
                   const std::string& errors = "") {
  return "200 {\"accepted\":" + std::to_string(accepted) +
         ",\"rejected\":" + std::to_string(rejected) +
         ",\"duplicates\":0,\"resume_at\":" + std::to_string(resume_at) +
         R"(,"import_id":"i1","errors":[)" + errors + "]}";
}

std::vector<std::string> users(const Collecting& collecting) {
  std::vector<std::string> ids;
  for (TextRow& row : collecting.events()) ids.push_back(row["customer_id"]);
  return ids;
}

TEST(ImportCsv, EventsFillTheTablesColumns) {
  Collecting collecting;
  const std::string input =
      "\xEF\xBB\xBFts,event,customer_id,event_id,channel,value,order_id,coupon,context.ip,score,"
      "ok\r\n"
      "2020-01-01T00:00:00Z,Order Completed,u1,m1,web,9.5,0017,10,1.2.3.4,1.5,true\r\n"
      "1577836800000,\"Post, Created\",u2,,,,,\"a \"\"b\"\"\r\nc\",,,\r\n";
  EXPECT_EQ(collecting.import(input, kEventsCsv), answer(2, 0, input.size()));
  EXPECT_THAT(collecting.events(), ElementsAre(TextRow{{"event", "Order Completed"},
                                                       {"customer_id", "u1"},
                                                       {"event_id", "m1"},
                                                       {"ts", "1577836800000"},
                                                       {"channel", "web"},
                                                       {"value", "9.5"},
                                                       {"order_id", "0017"},
                                                       {"properties.coupon", "10"},
                                                       {"context.ip", "1.2.3.4"},
                                                       {"properties.score", "1.5"},
                                                       {"properties.ok", "true"}},
                                               TextRow{{"event", "Post, Created"},
                                                       {"customer_id", "u2"},
                                                       {"ts", "1577836800000"},
                                                       {"properties.coupon", "a \"b\"\r\nc"}}));
}

TEST(ImportCsv, CustomersFillTheirTraits) {
  Collecting collecting;
  const std::string input =
      "customer_id,age,traits.hobby,consent.email,first_seen\nu1,31,golf,true,2020\nu2,,,,\n";
  EXPECT_EQ(collecting.import(input, kCustomersCsv), answer(2, 0, input.size()));
  EXPECT_EQ(collecting.customers()["u1"], (TextRow{{"kind", "customer"},
                                                   {"age", "31"},
                                                   {"hobby", "golf"},
                                                   {"consent.email", "true"},
                                                   {"traits.first_seen", "2020"}}));
  EXPECT_EQ(collecting.customers()["u2"], (TextRow{{"kind", "customer"}}));
}

TEST(ImportCsv, RejectsBadRecordsByTheirFirstLine) {
  Collecting collecting;
  const std::string input =
      "event,customer_id,latitude\nE,u1,1\nE,u2\nE,\"u\n3\",1,2\n,u4,1\nE,,1\n"
      "E,u5,91\nE,\"u6\"x,1\nE,u\xff,1\nE,u7,2\nE,\"u8,3\n";
  EXPECT_EQ(collecting.import(input, kEventsCsv),
            answer(2, 8, input.size(),
                   R"({"line":3,"detail":"2 fields under a header of 3"},)"
                   R"({"line":4,"detail":"4 fields under a header of 3"},)"
                   R"({"line":6,"detail":"event is not a text of 1 to 200 bytes"},)"
                   R"({"line":7,"detail":"customer_id is empty"},)"
                   R"({"line":8,"detail":"properties.latitude is not between -90 and 90"},)"
                   R"({"line":9,"detail":"something follows a closing quote"},)"
                   R"({"line":10,"detail":"byte 4 is not UTF-8"},)"
                   R"({"line":12,"detail":"a quote is not closed"})"));
  EXPECT_THAT(users(collecting), ElementsAre("u1", "u7"));
}

TEST(ImportCsv, ResumesWithItsHeaderOrWithColumns) {
  const std::string header = "event,customer_id,note\n";
  const std::string input = header + "E,u1,a\nE,u2,b\nE,u3,c\n";
  const std::size_t cut = header.size() + 14;
  const auto start = [&](Collecting& collecting) {
    EXPECT_THAT(collecting.import(input.substr(0, cut), kEventsCsv), HasSubstr("\"accepted\":2"));
  };
  Collecting again;
  start(again);
  EXPECT_EQ(again.import(input, kEventsCsv, 5), answer(1, 0, input.size()));
  EXPECT_THAT(users(again), ElementsAre("u1", "u2", "u3"));
  Collecting behind;
  start(behind);
  Fields query = kEventsCsv;
  query.emplace_back("offset", std::to_string(cut));
  EXPECT_THAT(behind.import(input.substr(cut), query), StartsWith("422 ?columns is not there"));
  query.emplace_back("columns", "event,customer_id,note");
  EXPECT_EQ(behind.import(input.substr(cut), query), answer(1, 0, input.size()));
  EXPECT_THAT(users(behind), ElementsAre("u1", "u2", "u3"));
}

TEST(ImportCsv, RefusesABadHeader) {
  const auto import = [](const std::string& csv, const Fields& query = kEventsCsv) {
    Collecting collecting;
    return collecting.import(csv, query);
  };
  EXPECT_EQ(import(""), "400 the CSV has no header");
  EXPECT_EQ(import("event,\n"), "400 the CSV header: a name is empty");
  EXPECT_EQ(import("event,customer_id,a,a\n"), "400 the CSV header: two columns mean the same: a");
  EXPECT_EQ(import("event,customer_id,a,properties.a\n"),
            "400 the CSV header: two columns mean the same: properties.a");
  EXPECT_EQ(import("event,customer_id,ts,timestamp\n"),
            "400 the CSV header: two columns mean the same: timestamp");
  EXPECT_EQ(import("customer_id\n"), "400 the CSV header: there is no column event");
  EXPECT_EQ(import("event\n"), "400 the CSV header: there is no column customer_id");
  EXPECT_EQ(import("age\n", kCustomersCsv), "400 the CSV header: there is no column customer_id");
  EXPECT_EQ(import("event,\"customer_id\n"), "400 the CSV header: a quote is not closed");
  EXPECT_EQ(import("event,customer_id,\xff\n"), "400 the CSV header: byte 19 is not UTF-8");
  EXPECT_THAT(import(std::string(300, 'x') + ",a\n"),
              StartsWith("400 the CSV header: a name is too long"));
  EXPECT_THAT(import(std::string(2 * kImportLineBytesMax, 'x')),
              StartsWith("400 the CSV header is longer"));
}

TEST(ImportCsv, TheContentTypeSaysCsvToo) {
  Collecting collecting;
  EXPECT_THAT(collecting.import("event,customer_id\nE,u1\n", kEvents, 0,
                                {{"content-type", "text/csv; charset=utf-8"}}),
              HasSubstr("\"accepted\":1"));
}

}  // namespace
}  // namespace grapevine

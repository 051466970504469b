// Imports in the charsets of Korean spreadsheets. The bytes are those of Python's codec cp949.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ingest/charset.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// 김 is in EUC-KR; 뷁 and 똠 are in CP949 alone, and the second byte of 똠 is the letter c.
const std::string kKim = "\xb1\xe8";
const std::string kBwelk = "\x94\xee";
const std::string kTtom = "\x8c\x63";
// 고객번호: customer number.
const std::string kCustomerNumber = "\xb0\xed\xb0\xb4\xb9\xf8\xc8\xa3";

const Fields kCustomers{{"table", "customers"},
                        {"format", "csv"},
                        {"import_id", "i1"},
                        {"charset", "cp949"},
                        {"map", "고객번호=customer_id"}};

std::string sheet() {
  return kCustomerNumber + ",name,note\r\n" +                                               //
         "u1," + kKim + ",\"" + kBwelk + ", \"\"" + kTtom + "\"\"\r\n" + kKim + "\"\r\n" +  //
         "u2," + kTtom + ",x\r\n";
}

TEST(ImportCharset, ReadsKoreanSpreadsheetsWhereverTheyAreCut) {
  const std::string input = sheet();
  for (const char* name : {"cp949", "CP949", "euc-kr", "EUC-KR", "windows-949"}) {
    Fields query = kCustomers;
    query[3].second = name;
    for (std::size_t piece_bytes = 0; piece_bytes <= input.size(); ++piece_bytes) {
      Collecting collecting;
      EXPECT_THAT(collecting.import(input, query, piece_bytes),
                  StartsWith(R"(200 {"accepted":2,"rejected":0,"duplicates":0,"resume_at":)" +
                             std::to_string(input.size()) + ","));
      const auto customers = collecting.customers();
      ASSERT_EQ(customers.size(), 2u);
      EXPECT_EQ(customers.at("u1").at("name"), "김");
      EXPECT_EQ(customers.at("u1").at("note"), "뷁, \"똠\"\r\n김");
      EXPECT_EQ(customers.at("u2").at("name"), "똠");
    }
  }
}

TEST(ImportCharset, RejectsWhatIsNoCharacterByLineAndByte) {
  Collecting collecting;
  const std::string input =
      "customer_id,name\n"
      "u1,\xff\n"  // Never the first byte of any.
      "u2," +
      kKim + "\x81\n" +  // Half a character ends the line.
      "u3,\"" + kKim + "\n" + kKim + "\x80\"\n" + "u4," + kKim + "\n" +
      "u5,\xc9";  // And the input.
  EXPECT_THAT(
      collecting.import(
          input,
          {{"table", "customers"}, {"format", "csv"}, {"import_id", "i1"}, {"charset", "cp949"}}),
      testing::AllOf(
          StartsWith(R"(200 {"accepted":1,"rejected":4,)"),
          HasSubstr(R"({"line":2,"detail":"byte 4 is no character of the charset"})"),
          HasSubstr(R"({"line":3,"detail":"byte 6 is no character of the charset"})"),
          HasSubstr(
              R"({"line":4,"detail":"byte 3 of line 2 of the record is no character of the charset"})"),
          HasSubstr(R"({"line":7,"detail":"byte 4 is no character of the charset"})")));
  EXPECT_EQ(collecting.customers().at("u4").at("name"), "김");
}

TEST(ImportCharset, ReadsLinesOfJsonToo) {
  Collecting collecting;
  const auto call = [](const std::string& name) {
    return R"({"type":"identify","userId":"u1","traits":{"name":")" + name + "\"}}\n";
  };
  EXPECT_THAT(collecting.import(call(kTtom) + call("\x80"),
                                {{"table", "customers"}, {"charset", "cp949"}, {"import_id", "i"}}),
              testing::AllOf(StartsWith(R"(200 {"accepted":1,"rejected":1,)"),
                             HasSubstr(R"({"line":2,"detail":"byte 52 is no character)")));
  EXPECT_EQ(collecting.customers().at("u1").at("name"), "똠");
}

// Offsets are those of the bytes as they were sent, not of the text that they become.
TEST(ImportCharset, ResumesAtTheBytesThatWereSent) {
  Collecting collecting;
  const std::string input = sheet();
  const std::size_t first = input.find("u2,");
  EXPECT_THAT(collecting.import(input.substr(0, first), kCustomers),
              HasSubstr("\"resume_at\":" + std::to_string(first) + ","));
  Fields rest = kCustomers;
  rest.emplace_back("offset", std::to_string(first));
  rest.emplace_back("columns", "고객번호,name,note");
  EXPECT_THAT(collecting.import(input.substr(first), rest),
              HasSubstr("\"accepted\":1,\"rejected\":0,\"duplicates\":0,\"resume_at\":" +
                        std::to_string(input.size()) + ","));
  EXPECT_EQ(collecting.customers().at("u2").at("name"), "똠");
  EXPECT_THAT(collecting.import(input, kCustomers), HasSubstr("\"accepted\":0,"));
}

TEST(ImportMap, ReadsColumnsUnderOtherNames) {
  Collecting collecting;
  const Fields query{{"table", "events"},
                     {"format", "csv"},
                     {"import_id", "i1"},
                     {"map", "Customer No=customer_id"},
                     {"map", "a=b=event"},
                     {"map", "When=ts"},
                     {"map", "Sum=properties.revenue"}};
  EXPECT_THAT(
      collecting.import("Customer No,a=b,When,Sum\nu1,Order Completed,2024-01-10,9.5\n", query),
      StartsWith(R"(200 {"accepted":1,"rejected":0,)"));
  EXPECT_EQ(collecting.events()[0].at("customer_id"), "u1");
  EXPECT_EQ(collecting.events()[0].at("value"), "9.5");
}

TEST(ImportMap, NamesWhatIsWrong) {
  Collecting collecting;
  const auto import = [&](const std::string& map, const std::string& format) {
    return collecting.import("Customer No,event\nu1,E\n",
                             {{"table", "events"}, {"format", format}, {"map", map}});
  };
  EXPECT_EQ(import("Customer=customer_id", "csv"),
            "422 ?map no such column: Customer (did you mean Customer No?)");
  EXPECT_EQ(import("Telephone=customer_id", "csv"), "422 ?map no such column: Telephone");
  EXPECT_EQ(import("Customer No=event", "csv"),
            "400 the CSV header: two columns mean the same: event");
  for (const char* wrong : {"", "x", "=x", "x="}) {
    EXPECT_EQ(import(wrong, "csv"), "422 ?map is not of the form NAME=COLUMN") << wrong;
  }
  EXPECT_EQ(import("Customer No=customer_id", "ndjson"), "422 ?map is for CSV only");
  EXPECT_EQ(collecting.import(
                "", {{"table", "events"}, {"format", "csv"}, {"map", "a=b"}, {"map", "a=c"}}),
            "422 ?map names a column twice: a");
}

}  // namespace
}  // namespace grapevine

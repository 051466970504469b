#include "api/ingest/csv_reader.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "api/ingest/record_scan.hpp"

namespace grapevine {
namespace {

using Records = std::vector<std::vector<std::string>>;

Records records_of(std::string_view csv) {
  Records records;
  CsvReader reader(csv);
  while (reader.next()) {
    EXPECT_EQ(reader.fault(), "") << csv;
    records.emplace_back(reader.fields().begin(), reader.fields().end());
  }
  return records;
}

TEST(CsvReader, ReadsWhatRfc4180Allows) {
  struct Case {
    const char* csv;
    Records expected;
  };
  const Case cases[] = {
      {"", {}},
      {"\n\r\n\n", {}},
      {"a", {{"a"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {",\n", {{"", ""}}},
      {"\"\"\n", {{""}}},
      {"\"a,b\",\"c\nd\",\"e\r\nf\"\n", {{"a,b", "c\nd", "e\r\nf"}}},
      {"\"a \"\"b\"\" c\",\"\"\"\"\n", {{"a \"b\" c", "\""}}},
      {"a\rb,c\n", {{"a\rb", "c"}}},
      {"a\"b,c\"\n", {{"a\"b", "c\""}}},  // A quote counts only where a field begins.
      {" \"a\",b\n", {{" \"a\"", "b"}}},
      {"a,\"b\"", {{"a", "b"}}},
      {"a,\"b\"\r", {{"a", "b"}}},
  };
  for (const Case& c : cases) EXPECT_EQ(records_of(c.csv), c.expected) << c.csv;
}

TEST(CsvReader, NamesWhatIsWrongAndGoesOn) {
  CsvReader reader("a,\"b\"x,c\nd\ne,\"f\n");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.fault(), "something follows a closing quote");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.line(), 1u);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.fault(), "a quote is not closed");
  EXPECT_EQ(reader.line(), 2u);
  EXPECT_FALSE(reader.next());
}

TEST(CsvReader, CountsLines) {
  CsvReader reader("a\n\n\"b\nc\"\nd");
  std::vector<std::size_t> lines;
  while (reader.next()) lines.push_back(reader.line());
  EXPECT_THAT(lines, testing::ElementsAre(0, 2, 4));
  EXPECT_EQ(reader.lines(), 5u);
}

// The scan that cuts the input must see records end where the reader does, whatever the bytes and
// wherever a piece ends.
TEST(RecordScan, AgreesWithTheReaderOnEveryShortText) {
  constexpr std::string_view kAlphabet = "a\",\n\r";
  for (std::size_t number = 0; number < 5 * 5 * 5 * 5 * 5 * 5 * 5; ++number) {
    std::string text;
    for (std::size_t rest = number, i = 0; i < 7; ++i, rest /= 5) text += kAlphabet[rest % 5];
    std::vector<std::size_t> expected;
    std::size_t end = 0;
    CsvReader reader(text);
    while (reader.next()) {
      end = static_cast<std::size_t>(reader.raw().data() - text.data()) + reader.raw().size();
      if (reader.raw().ends_with('\n') && reader.fault() != "a quote is not closed") {
        expected.push_back(end);
      }
    }
    std::vector<std::size_t> found;
    RecordScan scan(ImportFormat::Csv);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = scan.first_end(std::string_view(text).substr(at));
      if (length == RecordScan::kNone) break;
      at += length;
      const std::string_view record = std::string_view(text).substr(at - length, length);
      if (record != "\n" && record != "\r\n") found.push_back(at);
    }
    ASSERT_EQ(found, expected) << testing::PrintToString(text);
    const std::size_t split = number % 8;
    RecordScan pieces(ImportFormat::Csv);
    const std::size_t first = pieces.last_end(std::string_view(text).substr(0, split));
    const std::size_t second = pieces.last_end(std::string_view(text).substr(split));
    RecordScan whole(ImportFormat::Csv);
    const std::size_t last = whole.last_end(text);
    ASSERT_EQ(second == RecordScan::kNone ? first : split + second, last)
        << testing::PrintToString(text);
  }
}

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Each CSV of csv-spectrum has its meaning beside it: an array of objects of texts.
TEST(CsvReader, ReadsCsvSpectrum) {
  const std::filesystem::path folder = GRAPEVINE_SOURCE_DIR "/../shared/data/csv-spectrum";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "csv-spectrum is not there";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "csvs")) {
    const std::string stem = entry.path().stem().string();
    const std::string csv = contents_of(entry.path());
    Records records = records_of(csv);
    ASSERT_FALSE(records.empty()) << stem;
    ++files;
    if (stem == "location_coordinates") {  // Its meaning file has another phone number.
      EXPECT_EQ(records[1].size(), 4u);
      EXPECT_THAT(records[1][1], testing::HasSubstr("37.8\"N"));
      continue;
    }
    simdjson::dom::parser parser;
    auto meaning = parser.load((folder / "json" / (stem + ".json")).string()).get_array();
    std::size_t row = 0;
    for (const auto object : meaning.value()) {
      ++row;
      ASSERT_LT(row, records.size()) << stem;
      for (std::size_t column = 0; column < records[0].size(); ++column) {
        const std::string_view expected = object[records[0][column]].get_string().value();
        EXPECT_EQ(records[row][column], expected) << stem;
      }
    }
    EXPECT_EQ(row + 1, records.size()) << stem;
  }
  EXPECT_EQ(files, 12u);
}

}  // namespace
}  // namespace grapevine

// What we write, byte for byte against what ClickHouse's engine wrote: golden/*.json were made by
// chdb 26.7 (its engine's version is in each). A case has its rows as Native, which a reader of the
// test's own turns into columns.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "native_block.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "api/encode/formats/format_writer.hpp"

namespace grapevine::sql {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

struct GoldenFile {
  std::string name;
  std::string text;
};

std::vector<GoldenFile> golden_files() {
  std::vector<GoldenFile> files;
  const std::filesystem::path folder =
      std::string(GRAPEVINE_SOURCE_DIR) + "/tests/api/encode/formats/golden";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    files.push_back({entry.path().stem().string(), text.str()});
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

std::string_view text_of(element value) { return std::string_view(value); }

// "48656c": bytes that JSON cannot hold.
std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

struct Case {
  std::vector<ResultColumn> columns;
  FormatSettings settings;
  FormatStatistics statistics;
  std::string rows;
  std::string totals;
  bool has_totals = false;
};

Case read_case(object golden) {
  Case read;
  for (const element column : golden["columns"].get_array()) {
    const auto type = parse_type(text_of(column.at(1)));
    EXPECT_TRUE(type.ok()) << type.status();
    read.columns.push_back({from_hex(text_of(column.at(0))), *type});
  }
  Fields settings;
  for (const auto& [name, value] : golden["settings"].get_object()) {
    settings.emplace_back(name, text_of(value));
  }
  read.settings = format_settings(SessionFacts(), settings).value();
  read.statistics.elapsed_s = 0.25;
  read.statistics.rows_read = 7;
  read.statistics.bytes_read = 11;
  if (std::uint64_t rows = 0; golden["rows_before_limit"].get(rows) == simdjson::SUCCESS) {
    read.statistics.rows_before_limit = rows;
  }
  read.rows = from_hex(text_of(golden["native"]));
  std::string_view totals;
  read.has_totals = golden["totals"].get(totals) == simdjson::SUCCESS;
  read.totals = from_hex(totals);
  return read;
}

enum class Cut { Whole, Rows, Constants };

std::string write(const Case& written, std::string_view format, bool pooled, Cut cut) {
  std::vector<DataType> types;
  for (const ResultColumn& column : written.columns) types.push_back(column.type);
  const Block block = read_native(written.rows, types, pooled);
  auto writer = make_writer(format, written.columns, written.settings);
  EXPECT_TRUE(writer.ok()) << writer.status();
  std::string text;
  (*writer)->begin();
  if (cut == Cut::Whole) {
    if (block.rows != 0) (*writer)->write(block);
  } else {
    for (std::size_t row = 0; row < block.rows; ++row) {
      Block one{.rows = 1, .columns = {}};
      for (const ColumnPtr& column : block.columns) {
        one.columns.push_back(cut == Cut::Rows ? slice(column, row, row + 1)
                                               : value_at(column, row));
      }
      (*writer)->write(one);
      EXPECT_GE((*writer)->pending(), 0u);
      text += (*writer)->take();
    }
  }
  if (written.has_totals) (*writer)->write_totals(read_native(written.totals, types, pooled));
  (*writer)->end(written.statistics);
  const std::size_t pending = (*writer)->pending();
  const std::string rest = (*writer)->take();
  EXPECT_EQ(rest.size(), pending);
  return text + rest;
}

TEST(Golden, SameBytesAsClickHouse) {
  const auto files = golden_files();
  ASSERT_GE(files.size(), 10u);
  for (const GoldenFile& file : files) {
    SCOPED_TRACE(file.name);
    simdjson::dom::parser parser;
    const object golden = parser.parse(file.text);
    const Case written = read_case(golden);
    for (const auto& [format, hex_or_text] : golden["formats"].get_object()) {
      SCOPED_TRACE(format);
      std::string_view text;
      const std::string wanted = hex_or_text.get(text) == simdjson::SUCCESS
                                     ? std::string(text)
                                     : from_hex(text_of(hex_or_text.at(0)));
      EXPECT_EQ(write(written, format, false, Cut::Whole), wanted);
      EXPECT_EQ(write(written, format, true, Cut::Whole), wanted);
      // Other cuts of the rows into blocks are other bytes of what shows the blocks.
      if (format == "Native" || format == "ArrowStream") continue;
      EXPECT_EQ(write(written, format, true, Cut::Rows), wanted);
      EXPECT_EQ(write(written, format, false, Cut::Constants), wanted);
    }
  }
}

}  // namespace
}  // namespace grapevine::sql

#include "golden_case.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "native_block.hpp"
#include <simdjson.h>

namespace grapevine::sql {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

std::string_view text_of(element value) { return std::string_view(value); }

// "48656c": bytes that JSON cannot hold.
std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

GoldenCase read_case(std::string name, object golden) {
  GoldenCase read{.name = std::move(name),
                  .columns = {},
                  .settings = {},
                  .statistics = {},
                  .rows = from_hex(text_of(golden["native"])),
                  .totals = {},
                  .answers = {}};
  for (const element column : golden["columns"].get_array()) {
    read.columns.push_back(
        {from_hex(text_of(column.at(0))), parse_type(text_of(column.at(1))).value()});
  }
  Fields settings;
  for (const auto& [setting, value] : golden["settings"].get_object()) {
    settings.emplace_back(setting, text_of(value));
  }
  read.settings = format_settings(SessionFacts(), settings).value();
  // What cannot be the same twice was set to these when the answers were written down.
  read.statistics.elapsed_s = 0.25;
  read.statistics.rows_read = 7;
  read.statistics.bytes_read = 11;
  if (std::uint64_t rows = 0; golden["rows_before_limit"].get(rows) == simdjson::SUCCESS) {
    read.statistics.rows_before_limit = rows;
  }
  if (std::string_view totals; golden["totals"].get(totals) == simdjson::SUCCESS) {
    read.has_totals = true;
    read.totals = from_hex(totals);
  }
  for (const auto& [format, answer] : golden["formats"].get_object()) {
    std::string_view text;
    const bool is_text = answer.get(text) == simdjson::SUCCESS;
    read.answers.emplace_back(format,
                              is_text ? std::string(text) : from_hex(text_of(answer.at(0))));
  }
  return read;
}

std::vector<DataType> types_of(const std::vector<ResultColumn>& columns) {
  std::vector<DataType> types;
  for (const ResultColumn& column : columns) types.push_back(column.type);
  return types;
}

}  // namespace

Block GoldenCase::block(bool pooled) const { return read_native(rows, types_of(columns), pooled); }

Block GoldenCase::totals_block(bool pooled) const {
  return read_native(totals, types_of(columns), pooled);
}

std::vector<GoldenCase> golden_cases() {
  std::vector<GoldenCase> cases;
  const std::filesystem::path folder =
      std::string(GRAPEVINE_SOURCE_DIR) + "/tests/api/encode/formats/golden";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    simdjson::dom::parser parser;
    cases.push_back(read_case(entry.path().stem().string(), parser.parse(text.str())));
  }
  std::sort(cases.begin(), cases.end(),
            [](const GoldenCase& a, const GoldenCase& b) { return a.name < b.name; });
  return cases;
}

}  // namespace grapevine::sql

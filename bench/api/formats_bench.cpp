// How fast rows of a query become bytes: times of a zone, names and ids of pools, prices, counts, some
// of them NULL.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "api/encode/formats/format_writer.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kBlocks = 16;
constexpr std::int64_t kFirstMs = 1'700'000'000'123;

// A row's values, without a look at any column.
std::uint64_t quantity_of(std::size_t row) { return row * 7919 % 1000; }
double price_of(std::size_t row) { return static_cast<double>(row * 104'729 % 1'000'000) / 100; }
bool is_returned(std::size_t row) { return row % 10 == 3; }

ColumnPtr pooled_column(const std::vector<std::string>& texts, std::size_t step) {
  std::vector<std::string_view> views(texts.begin(), texts.end());
  MadePool made = make_pool(views);
  Column column{.type = plain(TypeId::String), .rows = kBlockRows, .values = {}, .nulls = {}};
  PooledValues values{.codes = {}, .pool = std::move(made.pool)};
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    values.codes.push_back(made.codes[row * step % texts.size()]);
  }
  column.values = std::move(values);
  return std::make_shared<Column>(std::move(column));
}

const std::vector<ResultColumn> kColumns = {
    {"ts", {.id = TypeId::DateTime64, .scale = 3, .timezone = "Europe/Berlin"}},
    {"day", {.id = TypeId::Date}},
    {"event", {.id = TypeId::String}},
    {"customer_id", {.id = TypeId::String}},
    {"quantity", {.id = TypeId::UInt64}},
    {"price", {.id = TypeId::Float64}},
    {"returned", {.id = TypeId::Bool, .nullable = true}}};

Block make_block() {
  Block block;
  block.rows = kBlockRows;
  auto ts = new_fixed(kColumns[0].type, kBlockRows);
  auto day = new_fixed(kColumns[1].type, kBlockRows);
  auto quantity = new_fixed(kColumns[4].type, kBlockRows);
  auto price = new_fixed(kColumns[5].type, kBlockRows);
  auto returned = new_fixed(kColumns[6].type, kBlockRows);
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    ts->fixed<std::int64_t>()[row] = kFirstMs + static_cast<std::int64_t>(row) * 1777;
    day->fixed<std::uint16_t>()[row] = static_cast<std::uint16_t>(19'000 + row / 100);
    quantity->fixed<std::uint64_t>()[row] = quantity_of(row);
    price->fixed<double>()[row] = price_of(row);
    returned->fixed<std::uint8_t>()[row] = 1;
    returned->nulls.push_back(is_returned(row) ? 0 : 1);
  }
  std::vector<std::string> customers;
  for (std::size_t i = 0; i < 20'000; ++i) customers.push_back("customer-" + std::to_string(i));
  block.columns = {ts,
                   day,
                   pooled_column({"Order Completed", "Product Viewed", "Page Viewed"}, 1),
                   pooled_column(customers, 7919),
                   quantity,
                   price,
                   returned};
  return block;
}

std::string write_all(std::string_view format, const Block& block, std::size_t blocks) {
  auto writer = make_writer(format, kColumns, {}).value();
  std::string text;
  writer->begin();
  for (std::size_t i = 0; i < blocks; ++i) {
    writer->write(block);
    text += writer->take();
  }
  writer->end({});
  return text + writer->take();
}

// Whether the lines have the quantities and prices that the rows have, read by `read_line`.
template <typename ReadLine>
bool has_all_rows(std::string_view text, const ReadLine& read_line) {
  std::size_t row = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !read_line(text.substr(0, end), row++)) return false;
    text.remove_prefix(end + 1);
  }
  return row == kBlockRows;
}

bool is_right_json(std::string_view text) {
  simdjson::dom::parser parser;
  return has_all_rows(text, [&](std::string_view line, std::size_t row) {
    simdjson::dom::element read;
    if (parser.parse(simdjson::padded_string(line)).get(read) != simdjson::SUCCESS) return false;
    return std::uint64_t{read["quantity"]} == quantity_of(row) &&
           double{read["price"]} == price_of(row) && read["returned"].is_null() != is_returned(row);
  });
}

bool is_right_csv(std::string_view text) {
  return has_all_rows(text, [](std::string_view line, std::size_t row) {
    std::size_t at = 0;
    for (int i = 0; i < 4; ++i) at = line.find(',', at) + 1;  // No text of ours has a comma.
    std::size_t size = 0;
    const std::string rest(line.substr(at));
    if (std::stoull(rest, &size) != quantity_of(row)) return false;
    return std::stod(rest.substr(size + 1)) == price_of(row);
  });
}

// Blocks of columns have the bytes of a column as they stand.
bool has_columns(std::string_view bytes, const Block& block) {
  for (const std::size_t column : {std::size_t{4}, std::size_t{5}}) {
    const auto values = block.columns[column]->fixed<std::uint64_t>();
    const std::string_view wanted(reinterpret_cast<const char*>(values.data()),
                                  values.size_bytes());
    if (bytes.find(wanted) == std::string_view::npos) return false;
  }
  return true;
}

// "bytes" are those that come out.
void BM_WriteFormat(benchmark::State& state, std::string_view format) {
  const Block block = make_block();
  const std::string once = write_all(format, block, 1);
  const bool right = format == "CSV"                                 ? is_right_csv(once)
                     : format == "JSONEachRow"                       ? is_right_json(once)
                     : format == "Native" || format == "ArrowStream" ? has_columns(once, block)
                                                                     : once.size() > kBlockRows;
  if (!right) return state.SkipWithError("the rows are not what they were");
  std::size_t bytes = 0;
  for (auto _ : state) {
    auto writer = make_writer(format, kColumns, {}).value();
    writer->begin();
    for (std::size_t i = 0; i < kBlocks; ++i) {
      writer->write(block);
      const std::string piece = writer->take();
      bytes += piece.size();
      benchmark::DoNotOptimize(piece.data());
    }
    writer->end({});
    bytes += writer->take().size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kBlocks * kBlockRows));
}
BENCHMARK_CAPTURE(BM_WriteFormat, ArrowStream, "ArrowStream");
BENCHMARK_CAPTURE(BM_WriteFormat, Native, "Native");
BENCHMARK_CAPTURE(BM_WriteFormat, RowBinary, "RowBinary");
BENCHMARK_CAPTURE(BM_WriteFormat, CSV, "CSV");
BENCHMARK_CAPTURE(BM_WriteFormat, TabSeparated, "TabSeparated");
BENCHMARK_CAPTURE(BM_WriteFormat, JSONEachRow, "JSONEachRow");
BENCHMARK_CAPTURE(BM_WriteFormat, JSONCompactEachRow, "JSONCompactEachRow");
BENCHMARK_CAPTURE(BM_WriteFormat, JSON, "JSON");

}  // namespace
}  // namespace grapevine::sql

// How fast columns become an Arrow stream.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "api/encode/arrow/arrow_rows.hpp"
#include "api/encode/arrow/arrow_stream.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRows = ArrowRows::kBatchRows;
constexpr std::size_t kBatches = 16;

const std::vector<ArrowField> kFields{{"customer_id", ArrowType::Utf8, false},
                                      {"region", ArrowType::Dictionary},
                                      {"spend", ArrowType::Float64},
                                      {"orders", ArrowType::Int64},
                                      {"vip", ArrowType::Bool},
                                      {"born", ArrowType::Timestamp}};

void fill(std::size_t row, std::vector<ArrowCells>& cells) {
  cells[0].add_text("c" + std::to_string(1'000'000 + row));
  for (std::size_t i = 1; i < cells.size(); ++i) {
    if ((row + i) % 10 == 0) {
      cells[i].add_null();
    } else if (kFields[i].type == ArrowType::Dictionary) {
      cells[i].add_code(static_cast<std::int32_t>(row % 2));
    } else if (kFields[i].type == ArrowType::Bool) {
      cells[i].add_bool(row % 3 == 0);
    } else if (kFields[i].type == ArrowType::Float64) {
      cells[i].add_double(static_cast<double>(row));
    } else {
      cells[i].add_int(static_cast<std::int64_t>(row));
    }
  }
}

std::vector<ArrowCells> empty_cells() {
  std::vector<ArrowCells> cells;
  for (const ArrowField& field : kFields) cells.emplace_back(field.type);
  return cells;
}

void add_regions(ArrowStream& stream) {
  ArrowCells regions(ArrowType::Utf8);
  regions.add_text("Seoul");
  regions.add_text("Busan");
  stream.add_texts(1, regions.rows(), regions.column());
}

// Columns that are there already, as a query's are: a copy of each buffer. Each batch is taken and
// thrown away, as if it were sent.
void BM_ArrowFromColumns(benchmark::State& state) {
  std::vector<ArrowCells> cells = empty_cells();
  for (std::size_t row = 0; row < kRows; ++row) fill(row, cells);
  std::vector<ArrowColumn> columns;
  for (const ArrowCells& column : cells) columns.push_back(column.column());
  std::int64_t bytes = 0;
  for (auto _ : state) {
    ArrowStream stream(kFields);
    add_regions(stream);
    for (std::size_t i = 0; i < kBatches; ++i) {
      stream.add_batch(kRows, columns);
      const std::string sent = stream.take();
      benchmark::DoNotOptimize(sent.data());
      bytes += static_cast<std::int64_t>(sent.size());
    }
  }
  // 9 offsets and texts, 4 codes, 3 × 8 numbers, bits: see kFields.
  if (bytes < static_cast<std::int64_t>(kRows * kBatches * 40)) state.SkipWithError("wrong bytes");
  state.SetBytesProcessed(bytes);
}
BENCHMARK(BM_ArrowFromColumns)->Unit(benchmark::kMillisecond);

// Rows that are gathered cell by cell, as lists of people are; the whole stream in one piece.
void BM_ArrowFromCells(benchmark::State& state) {
  std::int64_t bytes = 0;
  const std::string id = "c1234567";
  for (auto _ : state) {
    ArrowRows rows(kFields, kRows * kBatches);
    rows.set_texts(1, {"Seoul", "Busan"});
    for (std::size_t row = 0; row < kRows * kBatches; ++row) {
      rows.cells(0).add_text(id);
      rows.cells(1).add_code(static_cast<std::int32_t>(row % 2));
      rows.cells(2).add_double(static_cast<double>(row));
      rows.cells(3).add_int(static_cast<std::int64_t>(row));
      rows.cells(4).add_bool(row % 3 == 0);
      if (row % 10 == 0) {
        rows.cells(5).add_null();
      } else {
        rows.cells(5).add_int(static_cast<std::int64_t>(row));
      }
      if (row % ArrowRows::kRowsBetween == 0) rows.rows_are_added();
    }
    const std::string stream = std::move(rows).finish();
    benchmark::DoNotOptimize(stream.data());
    bytes += static_cast<std::int64_t>(stream.size());
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(BM_ArrowFromCells)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

// How fast collected text becomes rows, before the store sees them.
#include <cstdio>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

#include "api/ingest/chunk.hpp"
#include "api/ingest/chunk_splitter.hpp"
#include "api/ingest/csv_chunk.hpp"
#include "api/ingest/import_pipeline.hpp"
#include "api/ingest/ndjson_chunk.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kReceived = 1'795'305'600'000;  // 2026-11-22T00:00:00Z
constexpr std::size_t kEvents = 9000;            // About as many as a chunk of an import has.

Chunk chunk_of(std::string text) {
  Chunk chunk;
  chunk.begin = 1;
  chunk.end = 1 + text.size();
  chunk.text = std::move(text);
  chunk.text.reserve(chunk.text.size() + kChunkPadding);
  return chunk;
}

template <typename... Values>
std::string line(const char* format, Values... values) {
  char text[512];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, values...))};
}

Chunk ndjson_events() {
  std::string text;
  for (std::size_t i = 0; i < kEvents; ++i) {
    text += line(
        R"({"type":"track","event":"Product Viewed","userId":"c%06zu","timestamp":"2026-10-01T10:11:%02zu.123Z","properties":{"product_id":"p%05zu","category":"tents","brand":"own_a","channel":"web"}})"
        "\n",
        i * 7919 % 100'000, i % 60, i * 31 % 5000);
  }
  return chunk_of(std::move(text));
}

Chunk csv_events() {
  std::string text;
  for (std::size_t i = 0; i < kEvents; ++i) {
    text += line("2026-10-01T10:11:%02zu.123Z,Product Viewed,c%06zu,web,p%05zu,tents,own_a,%zu\n",
                 i % 60, i * 7919 % 100'000, i * 31 % 5000, i % 100);
  }
  return chunk_of(std::move(text));
}

void report(benchmark::State& state, const Chunk& chunk) {
  const auto per_iteration = benchmark::Counter::kIsIterationInvariantRate;
  state.counters["events/s"] = benchmark::Counter(kEvents, per_iteration);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(chunk.text.size()));
}

bool is_right(const ParsedChunk& parsed) {
  return parsed.accepted == kEvents && parsed.rejected == 0 &&
         parsed.batch.events.size() == kEvents &&
         parsed.batch.strings.at(parsed.batch.events[1].customer) == "c007919";
}

// One chunk of NDJSON into a batch, on one thread.
void BM_ParseNdjson(benchmark::State& state) {
  const Chunk chunk = ndjson_events();
  if (!is_right(parse_ndjson_chunk(chunk, kReceived))) return state.SkipWithError("wrong rows");
  for (auto _ : state) benchmark::DoNotOptimize(parse_ndjson_chunk(chunk, kReceived));
  report(state, chunk);
}
BENCHMARK(BM_ParseNdjson)->Unit(benchmark::kMillisecond);

// One chunk of CSV into a batch, on one thread.
void BM_ParseCsv(benchmark::State& state) {
  const Chunk chunk = csv_events();
  const auto columns = read_csv_header(
      {"ts", "event", "customer_id", "channel", "product_id", "category", "brand", "position"},
      ImportTable::Events, {});
  const auto parse = [&] {
    return parse_csv_chunk(chunk, ImportTable::Events, *columns, kReceived);
  };
  if (!is_right(parse())) return state.SkipWithError("wrong rows");
  for (auto _ : state) benchmark::DoNotOptimize(parse());
  report(state, chunk);
}
BENCHMARK(BM_ParseCsv)->Unit(benchmark::kMillisecond);

// A million events through splitter, parsers and a store in memory: all of an import but HTTP, the
// log and the disk.
void BM_ImportIntoMemory(benchmark::State& state) {
  constexpr std::size_t kPieces = 111;
  const std::string piece = ndjson_events().text;
  const auto import = [&] {
    auto store = Store::open({}).value();
    ImportPlan plan;
    plan.import_id = "bench";
    plan.received = kReceived;
    plan.parse = [](const Chunk& chunk) { return parse_ndjson_chunk(chunk, kReceived); };
    ImportPipeline pipeline(*store, std::move(plan));
    ChunkSplitter splitter(ImportFormat::Ndjson, 0);
    for (std::size_t i = 0; i < kPieces; ++i) {
      for (Chunk& chunk : splitter.add(piece)) (void)pipeline.add(std::move(chunk));
    }
    for (Chunk& chunk : splitter.finish()) (void)pipeline.add(std::move(chunk));
    const auto totals = pipeline.finish();
    return totals.ok() && totals->accepted == kPieces * kEvents &&
           store->snapshot()->rows() == kPieces * kEvents;
  };
  if (!import()) return state.SkipWithError("wrong rows");
  for (auto _ : state) benchmark::DoNotOptimize(import());
  state.counters["events/s"] =
      benchmark::Counter(kPieces * kEvents, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ImportIntoMemory)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace grapevine

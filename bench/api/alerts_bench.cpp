// What it costs to watch many series while mentions come.
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>

#include "api/live/alerts/alert_keeper.hpp"
#include "storage/batch.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kBegin = 1'700'000'000'000;
constexpr TimeMs kRound = 100;

// Complaints about products, each of another one than the last.
Batch complaints(TimeMs ts, std::size_t count, std::size_t series, std::size_t& next) {
  Batch batch;
  batch.received = ts;
  const StringRef event = batch.strings.intern("Post Created");
  const StringRef product = batch.strings.intern("product_id");
  const StringRef channel = batch.strings.intern("channel"), web = batch.strings.intern("web");
  const StringRef sentiment = batch.strings.intern("sentiment");
  for (std::size_t i = 0; i < count; ++i, next = (next + 1) % series) {
    EventRow row;
    row.ts = ts;
    row.event = event;
    row.customer = batch.strings.intern("c" + std::to_string(next % 1000));
    row.source = static_cast<std::uint32_t>(i);
    row.cells_begin = static_cast<std::uint32_t>(batch.cells.size());
    row.cells_count = 3;
    batch.events.push_back(row);
    batch.add_string(product, batch.strings.intern("p" + std::to_string(next)));
    batch.add_string(channel, web);
    batch.add(sentiment, -0.5);
  }
  return batch;
}

// Each iteration is a round of a tenth of a second, in which so many mentions came; each counts in
// two series. "core" is the share of one that the rounds take.
void BM_WatchMentions(benchmark::State& state) {
  const auto series = static_cast<std::size_t>(state.range(0));
  const auto a_round = static_cast<std::size_t>(state.range(1));
  const auto store = Store::open({}).value();
  TimeMs now = kBegin;
  AlertKeeper keeper(*store, [&now] { return now; });
  std::size_t next = 0;
  if (!store->append(complaints(now, series, series, next)).ok() || !keeper.advance().ok() ||
      keeper.facts().series != 2 * series) {
    return state.SkipWithError("does not watch each series");
  }
  double seconds = 0.0;
  for (auto _ : state) {
    now += kRound;
    static_cast<void>(store->append(complaints(now, a_round, series, next)));
    const auto begun = std::chrono::steady_clock::now();
    static_cast<void>(keeper.advance());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    state.SetIterationTime(took.count());
    seconds += took.count();
  }
  state.counters["core"] =
      seconds / (static_cast<double>(state.iterations()) * static_cast<double>(kRound) / 1000.0);
}
BENCHMARK(BM_WatchMentions)
    ->ArgNames({"products", "mentions"})
    ->Args({50'000, 10})
    ->Args({50'000, 100})
    ->Args({50'000, 1'000})
    ->UseManualTime();

}  // namespace
}  // namespace grapevine

// What durability costs: one small batch at a time beside a bare loop of write and fdatasync on the
// same disk, and how many batches share a sync when many clients wait at once.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include "storage/disk/file.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

using Clock = std::chrono::steady_clock;

// One event with three properties, as a call of `track` makes it.
Batch small_batch(std::uint64_t number) {
  Batch batch;
  batch.received = 1'795'305'600'000;
  EventRow row;
  row.ts = batch.received;
  row.event = batch.strings.intern("Product Viewed");
  row.customer = batch.strings.intern("c" + std::to_string(number % 1000));
  batch.add(batch.strings.intern("value"), 12.5);
  batch.add(batch.strings.intern("quantity"), std::int64_t{2});
  batch.add_string(batch.strings.intern("category"), batch.strings.intern("camping"));
  row.cells_count = 3;
  batch.events.push_back(row);
  return batch;
}

// A store in a folder of its own, removed with it.
class FreshStore {
 public:
  FreshStore()
      : folder_(std::filesystem::temp_directory_path() /
                ("grapevine-bench-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    reopen();
  }
  ~FreshStore() {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void reopen() {
    store_.reset();
    StoreOptions options;
    options.folder = folder_.string();
    store_ = Store::open(options).value();
  }
  Store& store() { return *store_; }
  std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

double median_us(std::vector<Clock::duration> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return std::chrono::duration<double, std::micro>(*middle).count();
}

// Time of an iteration: one acknowledged batch and one bare write with fdatasync of as many bytes,
// in turns, so that the disk's mood is the same for both. Judged: what was acknowledged is there.
void BM_AcknowledgeOneBatch(benchmark::State& state) {
  FreshStore fresh;
  const std::size_t before = fresh.store().facts().log_bytes;
  if (!fresh.store().append(small_batch(0)).ok()) return state.SkipWithError("not acknowledged");
  const std::string record(fresh.store().facts().log_bytes - before, 'x');
  auto bare = File::open(system_disk(), fresh.path("bare"), O_WRONLY | O_CREAT | O_APPEND);
  std::vector<Clock::duration> acknowledged, synced;
  for (auto _ : state) {
    const auto begin = Clock::now();
    const bool stored = fresh.store().append(small_batch(acknowledged.size() + 1)).ok();
    const auto middle = Clock::now();
    const bool written = bare->write(record).ok() && bare->sync().ok();
    const auto end = Clock::now();
    if (!stored || !written) return state.SkipWithError("not acknowledged");
    acknowledged.push_back(middle - begin);
    synced.push_back(end - middle);
  }
  fresh.reopen();
  if (fresh.store().snapshot()->rows() != acknowledged.size() + 1) {
    return state.SkipWithError("an acknowledged batch is lost");
  }
  state.counters["ack_p50_us"] = median_us(acknowledged);
  state.counters["fdatasync_p50_us"] = median_us(synced);
  state.counters["ratio"] = median_us(acknowledged) / median_us(synced);
}
BENCHMARK(BM_AcknowledgeOneBatch)->Iterations(2000)->UseRealTime()->Unit(benchmark::kMicrosecond);

// Clients that each wait for their batch before they send the next. "items/s" counts batches.
void BM_AcknowledgeClientsAtOnce(benchmark::State& state) {
  constexpr std::uint64_t kBatches = 100;  // A client.
  const auto clients = static_cast<std::size_t>(state.range(0));
  std::size_t batches = 0;
  std::size_t syncs = 0;
  for (auto _ : state) {
    state.PauseTiming();
    FreshStore fresh;
    const std::size_t before = fresh.store().facts().log_syncs;
    state.ResumeTiming();
    std::vector<std::thread> threads;
    for (std::size_t client = 0; client < clients; ++client) {
      threads.emplace_back([&] {
        for (std::uint64_t i = 0; i < kBatches; ++i) {
          benchmark::DoNotOptimize(fresh.store().append(small_batch(i)).ok());
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    state.PauseTiming();
    syncs += fresh.store().facts().log_syncs - before;
    batches += clients * kBatches;
    if (fresh.store().snapshot()->rows() != clients * kBatches) {
      return state.SkipWithError("not every batch was stored");
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(batches));
  state.counters["batches_per_sync"] = static_cast<double>(batches) / static_cast<double>(syncs);
}
BENCHMARK(BM_AcknowledgeClientsAtOnce)
    ->ArgName("clients")
    ->Arg(1)
    ->Arg(8)
    ->Arg(64)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

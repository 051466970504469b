// Checkpoints: how fast they are written, how fast they are loaded beside reading the same bytes,
// and what they do to those who wait for an acknowledgement.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
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
constexpr std::uint64_t kEvents = 5'000'000;
constexpr std::uint64_t kCustomers = 500'000;
constexpr std::uint64_t kBatch = 10'000;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::uint64_t scrambled(std::uint64_t n) {
  n = (n ^ (n >> 31)) * 0x9E37'79B9'7F4A'7C15;
  return n ^ (n >> 29);
}

Batch events(std::uint64_t begin, std::uint64_t count) {
  Batch batch;
  batch.received = 1'795'000'000'000;
  const StringRef names[] = {batch.strings.intern("Product Viewed"),
                             batch.strings.intern("Order Completed"),
                             batch.strings.intern("Post Shared")};
  const StringRef category = batch.strings.intern("category");
  const StringRef value = batch.strings.intern("value");
  const StringRef content = batch.strings.intern("content_id");
  for (std::uint64_t i = begin; i < begin + count; ++i) {
    const std::uint64_t draw = scrambled(i);
    EventRow row;
    row.ts = 1'790'000'000'000 + static_cast<TimeMs>(i * 100);
    row.event = names[draw % 3];
    row.customer = batch.strings.intern("c" + std::to_string(draw % kCustomers));
    row.source = static_cast<std::uint32_t>(i - begin);
    row.cells_begin = static_cast<std::uint32_t>(batch.cells.size());
    batch.add_string(category, batch.strings.intern("category " + std::to_string(draw % 40)));
    if (draw % 3 == 1) batch.add(value, static_cast<double>(draw % 100'000) / 100);
    if (draw % 3 == 2) batch.add_string(content, batch.strings.intern("p" + std::to_string(i / 8)));
    row.cells_count = static_cast<std::uint32_t>(batch.cells.size()) - row.cells_begin;
    batch.events.push_back(row);
    if (i % 10 != 0) continue;
    TraitRow traits;
    traits.ts = row.ts;
    traits.customer = row.customer;
    traits.cells_begin = static_cast<std::uint32_t>(batch.cells.size());
    batch.add(batch.strings.intern("age"), static_cast<std::int64_t>(draw % 90));
    batch.add_string(batch.strings.intern("city"),
                     batch.strings.intern("city " + std::to_string(draw % 500)));
    traits.cells_count = 2;
    batch.traits.push_back(traits);
  }
  return batch;
}

// A store of kEvents in a folder, filled once; no checkpoint is due by itself.
class Filled {
 public:
  static Filled& get() {
    static Filled filled;
    return filled;
  }
  ~Filled() {
    store.reset();
    std::filesystem::remove_all(options.folder);
  }
  void reopen() { store = Store::open(options).value(); }

  // The newest generation's files.
  std::vector<std::string> files() const {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(options.folder)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("part-") || name.starts_with("state-")) paths.push_back(entry.path());
    }
    return paths;
  }

  StoreOptions options;
  std::unique_ptr<Store> store;

 private:
  Filled() {
    options.folder = (std::filesystem::temp_directory_path() /
                      ("grapevine-checkpoint-bench-" + std::to_string(::getpid())))
                         .string();
    std::filesystem::remove_all(options.folder);
    options.checkpoint_log_bytes = SIZE_MAX / 2;
    reopen();
    for (std::uint64_t i = 0; i < kEvents; i += kBatch) {
      store->append(events(i, kBatch)).IgnoreError();
    }
  }
};

void forget_cached(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const auto file = File::open(system_disk(), path, O_RDONLY);
    if (file.ok()) file->forget_cached();
  }
}

// What `cat` does, from the disk.
double cold_read_seconds(const std::vector<std::string>& paths) {
  forget_cached(paths);
  const Clock::time_point begin = Clock::now();
  std::string buffer(128u << 10, '\0');
  for (const std::string& path : paths) {
    const File file = File::open(system_disk(), path, O_RDONLY).value();
    const std::uint64_t size = file.size().value();
    for (std::uint64_t at = 0; at < size; at += buffer.size()) {
      const auto count =
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at));
      file.read_at(at, buffer.data(), count).IgnoreError();
    }
  }
  return seconds_since(begin);
}

// A first checkpoint of all parts. "bytes/s" are of its files, written, synced and read back.
void BM_WriteCheckpoint(benchmark::State& state) {
  Filled& filled = Filled::get();
  for (auto _ : state) {
    if (!filled.store->checkpoint().ok()) return state.SkipWithError("not written");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(filled.store->facts().checkpoint_bytes));
}
BENCHMARK(BM_WriteCheckpoint)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);

// "over_cold_read": the time to open the store, over that of reading the same files.
void BM_LoadCheckpoint(benchmark::State& state) {
  Filled& filled = Filled::get();
  // Twice, so that both generations are one and the log behind them is short.
  if (!filled.store->checkpoint().ok() || !filled.store->checkpoint().ok()) {
    return state.SkipWithError("not written");
  }
  const std::size_t rows = filled.store->snapshot()->rows();
  filled.store.reset();
  std::vector<std::string> files = filled.files();
  const auto is_older_state = [&](const std::string& path) {
    return path.find("/state-") != std::string::npos &&
           path != *std::max_element(files.begin(), files.end());
  };
  std::sort(files.begin(), files.end());
  files.erase(std::remove_if(files.begin(), files.end(), is_older_state), files.end());
  double reading = 0;
  double loading = 0;
  for (auto _ : state) {
    reading += cold_read_seconds(files);
    forget_cached(files);
    const Clock::time_point begin = Clock::now();
    filled.reopen();
    const double seconds = seconds_since(begin);
    loading += seconds;
    state.SetIterationTime(seconds);
    if (filled.store->snapshot()->rows() != rows) return state.SkipWithError("other rows");
    filled.store.reset();
  }
  filled.reopen();
  state.counters["over_cold_read"] = loading / reading;
  state.counters["bytes"] = static_cast<double>(filled.store->facts().checkpoint_bytes);
  state.counters["replayed"] = static_cast<double>(filled.store->recovery().records);
}
BENCHMARK(BM_LoadCheckpoint)->Iterations(3)->UseManualTime()->Unit(benchmark::kMillisecond);

// How long a small batch waits, in ms: the 99th of 100, while batches of 1,000 come beside it.
double p99_of_acknowledgements(Store& store, const std::atomic<bool>& goes_on) {
  static std::uint64_t next = kEvents;
  std::vector<double> waited;
  for (std::size_t i = 0; i < 600 || goes_on; ++i, next += 1000) {
    store.append(events(next, 1000), [](const absl::StatusOr<Appended>&) {});
    const Clock::time_point begin = Clock::now();
    store.append(events(next, 1)).IgnoreError();
    waited.push_back(1e3 * seconds_since(begin));
  }
  std::sort(waited.begin(), waited.end());
  return waited[waited.size() * 99 / 100];
}

void BM_AcknowledgementsBesideCheckpoints(benchmark::State& state) {
  Filled& filled = Filled::get();
  double alone = 0;
  double beside = 0;
  std::size_t written = 0;
  for (auto _ : state) {
    std::atomic<bool> goes_on{false};
    alone = p99_of_acknowledgements(*filled.store, goes_on);
    goes_on = true;
    std::thread writing([&] {
      for (int i = 0; i < 3; ++i) written += filled.store->checkpoint().ok() ? 1 : 0;
      goes_on = false;
    });
    beside = p99_of_acknowledgements(*filled.store, goes_on);
    writing.join();
  }
  if (written != 3) return state.SkipWithError("not written");
  state.counters["p99_ms_alone"] = alone;
  state.counters["p99_ms_beside"] = beside;
}
BENCHMARK(BM_AcknowledgementsBesideCheckpoints)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine

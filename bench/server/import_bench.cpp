// How fast history comes in over HTTP on loopback, with the log on: what `grapevine import` sees.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "api/live/graph_view.hpp"
#include "api/result_cache.hpp"
#include "server/cli/http_client.hpp"
#include "server/demo/generate.hpp"
#include "server/http/server.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::uint64_t kEvents = 1'000'000;
constexpr std::int64_t kUntil = 1'795'305'600'000;  // 2026-11-22T00:00:00Z

// The generated world, a piece of a megabyte or so an element.
const std::vector<std::string>& world() {
  static const std::vector<std::string> pieces = [] {
    std::vector<std::string> made;
    const WorldSink keep = [&](std::string_view lines) {
      made.emplace_back(lines);
      return absl::OkStatus();
    };
    WorldOptions options;
    options.customers = 100'000;
    options.events = kEvents;
    options.until_ms = kUntil;
    generate_world(options, keep, nullptr, nullptr).IgnoreError();
    return made;
  }();
  return pieces;
}

// A server with an empty data folder of its own.
class FreshServer {
 public:
  FreshServer()
      : folder_(std::filesystem::temp_directory_path() /
                ("grapevine-bench-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    StoreOptions options;
    options.folder = folder_.string();
    store_ = Store::open(options).value();
    ServerOptions serving;
    serving.listen.port = 0;
    serving.log = [](std::string_view) {};
    server_ = std::make_unique<Server>(std::move(serving), RouteTable{routes(), find_route},
                                       Services{*store_, graph_, results_});
    server_->start().IgnoreError();
  }
  ~FreshServer() {
    server_->stop();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] ServerUrl url() const { return {"127.0.0.1", std::to_string(server_->port()), ""}; }
  [[nodiscard]] std::size_t rows() const { return store_->snapshot()->rows(); }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
  GraphView graph_;
  ResultCache results_;
  std::unique_ptr<Server> server_;
};

// From the first byte sent to the answer, which comes when all of it is durable and in the next answer.
void BM_ImportNdjsonOverHttp(benchmark::State& state) {
  const std::vector<std::string>& pieces = world();
  std::size_t bytes = 0;
  for (const std::string& piece : pieces) bytes += piece.size();
  for (auto _ : state) {
    state.PauseTiming();
    auto server = std::make_unique<FreshServer>();
    state.ResumeTiming();
    auto post = StreamingPost::open(server->url(), "/v1/import?table=events",
                                    {{"Content-Type", "application/x-ndjson"}});
    bool sent = post.ok();
    for (const std::string& piece : pieces) sent = sent && (*post)->send(piece).ok();
    const auto answer = sent ? (*post)->finish() : absl::UnavailableError("not sent");
    state.PauseTiming();
    if (!answer.ok() || answer->status != 200 || server->rows() < kEvents) {
      state.SkipWithError("not every event was stored");
    }
    server.reset();
    state.ResumeTiming();
  }
  state.counters["events/s"] =
      benchmark::Counter(double(kEvents), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["bytes/s"] =
      benchmark::Counter(double(bytes), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ImportNdjsonOverHttp)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Iterations(5);

}  // namespace
}  // namespace grapevine

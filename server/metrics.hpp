#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/routes.hpp"

namespace grapevine {

/// A number that another layer shows at /metrics. `read` is called at each scrape, from any thread.
struct Gauge {
  std::string name;  ///< "grapevine_events".
  std::string help;
  std::function<double()> read;
};

/// Counters and latencies of the server, read at /metrics in Prometheus' text format. Thread-safe.
class Metrics {
 public:
  /// `operations` are the ids that requests are counted by; any other counts as "unmatched".
  Metrics(const std::vector<std::string_view>& operations, std::vector<Gauge> gauges);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  struct Exchange {
    std::string_view operation;
    int status = 0;
    double seconds = 0.0;  ///< Until the answer was sent, or the head of one that goes on.
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
  };
  void request_done(const Exchange& exchange);
  void rejected(WorkKind kind);

  [[nodiscard]] std::string text() const;

  std::atomic<std::int64_t> in_flight{0};
  std::atomic<std::int64_t> connections{0};
  std::atomic<std::int64_t> streams{0};

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine

#include "server/metrics.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <unordered_map>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

namespace grapevine {
namespace {

// 100 us to 60 s: from an acknowledged event to the compute deadline.
const prometheus::Histogram::BucketBoundaries kSeconds = {1e-4, 2.5e-4, 1e-3, 2.5e-3, 1e-2, 2.5e-2,
                                                          0.1,  0.25,   1.0,  2.5,    10.0, 60.0};

constexpr std::string_view kUnmatched = "unmatched";

struct OperationMetrics {
  std::array<prometheus::Counter*, 6> by_class{};  // 1xx to 5xx; [0] stays unused.
  prometheus::Histogram* seconds = nullptr;
};

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void append_gauge(std::vector<prometheus::MetricFamily>& families, const Gauge& gauge) {
  prometheus::MetricFamily family;
  family.name = gauge.name;
  family.help = gauge.help;
  family.type = prometheus::MetricType::Gauge;
  family.metric.resize(1);
  family.metric.front().gauge.value = gauge.read();
  families.push_back(std::move(family));
}

}  // namespace

struct Metrics::Impl {
  explicit Impl(const std::vector<std::string_view>& names) {
    auto& requests = prometheus::BuildCounter()
                         .Name("grapevine_requests_total")
                         .Help("Requests answered, by operation and class of status.")
                         .Register(registry);
    auto& seconds =
        prometheus::BuildHistogram()
            .Name("grapevine_request_seconds")
            .Help(
                "From the first byte of a request to the last of its answer, or the first of a "
                "stream.")
            .Register(registry);
    auto& refused = prometheus::BuildCounter()
                        .Name("grapevine_rejected_total")
                        .Help("Requests that admission turned away, by kind of work.")
                        .Register(registry);
    auto& bytes = prometheus::BuildCounter()
                      .Name("grapevine_http_bytes_total")
                      .Help("Bytes of requests and answers, heads included.")
                      .Register(registry);
    const auto add = [&](std::string_view name) {
      const std::string operation(name);
      OperationMetrics metrics;
      for (std::size_t digit = 1; digit < metrics.by_class.size(); ++digit) {
        metrics.by_class[digit] =
            &requests.Add({{"operation", operation}, {"status", std::to_string(digit) + "xx"}});
      }
      metrics.seconds = &seconds.Add({{"operation", operation}}, kSeconds);
      operations.emplace(operation, metrics);
    };
    for (const std::string_view name : names) add(name);
    add(kUnmatched);
    rejected = {&refused.Add({{"work", "light"}}), &refused.Add({{"work", "collect"}}),
                &refused.Add({{"work", "query"}}), &refused.Add({{"work", "follow"}})};
    bytes_in = &bytes.Add({{"direction", "in"}});
    bytes_out = &bytes.Add({{"direction", "out"}});
  }

  const OperationMetrics& of(std::string_view operation) const {
    const auto found = operations.find(std::string(operation));
    return found != operations.end() ? found->second
                                     : operations.find(std::string(kUnmatched))->second;
  }

  prometheus::Registry registry;
  std::unordered_map<std::string, OperationMetrics> operations;
  std::array<prometheus::Counter*, 4> rejected{};
  prometheus::Counter* bytes_in = nullptr;
  prometheus::Counter* bytes_out = nullptr;
  std::vector<Gauge> gauges;
};

Metrics::Metrics(const std::vector<std::string_view>& operations, std::vector<Gauge> gauges)
    : impl_(std::make_unique<Impl>(operations)) {
  impl_->gauges = std::move(gauges);
  const auto own = [this](const char* name, const char* help, std::function<double()> read) {
    impl_->gauges.push_back({name, help, std::move(read)});
  };
  own("grapevine_requests_in_flight", "Requests read and not yet answered.",
      [this] { return static_cast<double>(in_flight.load()); });
  own("grapevine_connections", "Sockets open.",
      [this] { return static_cast<double>(connections.load()); });
  own("grapevine_streams", "Answers that go on while something happens.",
      [this] { return static_cast<double>(streams.load()); });
  own("process_resident_memory_bytes", "Memory resident.", resident_bytes);
  own("process_start_time_seconds", "When the server was made, since 1970.",
      [started = seconds_since_1970()] { return started; });
}

Metrics::~Metrics() = default;

void Metrics::request_done(const Exchange& exchange) {
  const OperationMetrics& metrics = impl_->of(exchange.operation);
  const auto digit = static_cast<std::size_t>(exchange.status / 100);
  if (digit >= 1 && digit < metrics.by_class.size()) metrics.by_class[digit]->Increment();
  metrics.seconds->Observe(exchange.seconds);
  impl_->bytes_in->Increment(static_cast<double>(exchange.bytes_in));
  impl_->bytes_out->Increment(static_cast<double>(exchange.bytes_out));
}

void Metrics::rejected(WorkKind kind) {
  impl_->rejected[static_cast<std::size_t>(kind)]->Increment();
}

std::string Metrics::text() const {
  std::vector<prometheus::MetricFamily> families = impl_->registry.Collect();
  for (const Gauge& gauge : impl_->gauges) append_gauge(families, gauge);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace grapevine

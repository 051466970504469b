#include "server/log.hpp"

#include <chrono>
#include <cstdio>
#include <utility>

#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kQueuedLinesMax = 8192;  // About 2 MB: seconds of a burst.

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Lines come whole: the writer made them, so no pattern is applied. They are gathered while more wait in
// the queue, so that a burst costs a write(2) for many. Used by the pool's one thread.
class LineSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  LineSink(ServerLog::Write write, spdlog::details::thread_pool& pool)
      : write_(std::move(write)), pool_(pool) {}
  ~LineSink() override { write_lines(); }  // What came last: behind it stood the word to end.
  LineSink(const LineSink&) = delete;
  LineSink& operator=(const LineSink&) = delete;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines_.append(message.payload.data(), message.payload.size());
    if (lines_.size() >= kWriteBytes || pool_.queue_size() == 0) write_lines();
  }
  void flush_() override {}

 private:
  static constexpr std::size_t kWriteBytes = 64 * 1024;

  void write_lines() {
    if (lines_.empty()) return;
    if (write_) {
      write_(lines_);
    } else {
      std::fwrite(lines_.data(), 1, lines_.size(), stderr);
    }
    lines_.clear();
  }

  ServerLog::Write write_;
  spdlog::details::thread_pool& pool_;
  std::string lines_;
};

JsonWriter begin_line(std::string_view level, std::string_view event) {
  std::string buffer;
  buffer.reserve(256);
  JsonWriter json(std::move(buffer));
  json.begin_object();
  json.time_member("time", now_ms());
  json.member("level", level);
  json.member("event", event);
  return json;
}

}  // namespace

struct ServerLog::Impl {
  explicit Impl(Write write) {
    pool = std::make_shared<spdlog::details::thread_pool>(kQueuedLinesMax, 1);
    logger = std::make_shared<spdlog::async_logger>(
        "grapevine", std::make_shared<LineSink>(std::move(write), *pool), pool,
        spdlog::async_overflow_policy::overrun_oldest);
  }

  void put(spdlog::level::level_enum level, JsonWriter json) {
    json.end_object();
    std::string line = std::move(json).take();
    line += '\n';
    logger->log(level, spdlog::string_view_t(line.data(), line.size()));
  }

  std::shared_ptr<spdlog::async_logger> logger;
  // Ends first, once it has written what is queued.
  std::shared_ptr<spdlog::details::thread_pool> pool;
};

ServerLog::ServerLog(Write write) : impl_(std::make_unique<Impl>(std::move(write))) {}
ServerLog::~ServerLog() = default;

void ServerLog::request(const RequestLine& line) {
  JsonWriter json = begin_line("info", "request");
  json.member("method", line.method);
  json.member("operation", line.operation);
  json.member("status", line.status);
  json.member("bytes_in", line.bytes_in);
  json.member("bytes_out", line.bytes_out);
  json.member("elapsed_ms",
              static_cast<double>(static_cast<std::int64_t>(line.elapsed_ms * 1e3)) / 1e3);
  json.member("request_id", line.request_id);
  if (line.hung_up) json.member("hung_up", true);
  impl_->put(spdlog::level::info, std::move(json));
}

void ServerLog::event(std::string_view name, const Fields& fields) {
  JsonWriter json = begin_line("info", name);
  for (const auto& [key, value] : fields) json.member(key, value);
  impl_->put(spdlog::level::info, std::move(json));
}

void ServerLog::error(std::string_view name, std::string_view detail, std::string_view request_id) {
  JsonWriter json = begin_line("error", name);
  json.member("detail", detail);
  if (!request_id.empty()) json.member("request_id", request_id);
  impl_->put(spdlog::level::err, std::move(json));
}

std::size_t ServerLog::lines_dropped() const { return impl_->pool->overrun_counter(); }

}  // namespace grapevine

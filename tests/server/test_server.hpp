#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/error.hpp"
#include "server/http/server.hpp"

namespace grapevine {

/// A door that handlers wait at until a test opens it, and that counts who came. Thread-safe.
class Gate {
 public:
  /// Waits until the gate is open or `stop` has fired; true when open.
  bool pass(const Stop& stop) {
    std::unique_lock lock(mutex_);
    ++came_;
    changed_.notify_all();
    while (!open_ && !stop.requested()) changed_.wait_for(lock, std::chrono::milliseconds(1));
    return open_;
  }
  void wait_for(std::size_t visitors) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return came_ >= visitors; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t came_ = 0;
  bool open_ = false;
};

/// What the handlers below see and leave behind. One test at a time.
struct TestState {
  Gate gate;
  Gate stopped;  ///< Visited by a handler whose Stop fired.
  std::atomic<std::size_t> upload_bytes{0};
  std::atomic<std::size_t> largest_piece{0};
  std::atomic<bool> upload_destroyed{false};

  /// What a stream says next, and whether it then ends or fails.
  std::mutex stream_mutex;
  std::deque<std::string> stream_says;
  bool stream_ends = false;
  bool stream_fails = false;
  Gate streams_waiting;  ///< Visited by a source that has nothing to say.
  Gate streams_gone;     ///< Visited by a source that is destroyed.

  void say(std::string text) {
    const std::lock_guard lock(stream_mutex);
    stream_says.push_back(std::move(text));
  }
  void end_stream(bool whole) {
    const std::lock_guard lock(stream_mutex);
    (whole ? stream_ends : stream_fails) = true;
  }
};

inline TestState* test_state = nullptr;

namespace test_handlers {

inline Response text(std::string body) { return {200, "text/plain", {}, std::move(body)}; }

inline absl::StatusOr<Response> hello(const Request&, const Context&) { return text("hello"); }

inline absl::StatusOr<Response> echo(const Request& request, const Context&) {
  return text(request.body);
}

// Path and parameters as handlers see them: "/path a=1 b=2".
inline absl::StatusOr<Response> show(const Request& request, const Context&) {
  std::string shown = request.path;
  for (const auto& [name, value] : request.query) shown += " " + name + "=" + value;
  return text(shown);
}

inline absl::StatusOr<Response> big(const Request& request, const Context&) {
  const std::string* bytes = find_field(request.query, "bytes");
  std::string body;
  while (body.size() < std::stoul(*bytes)) body += "row " + std::to_string(body.size()) + "\n";
  return text(body);
}

inline absl::StatusOr<Response> slow(const Request&, const Context& context) {
  if (test_state->gate.pass(context.stop)) return text("slow");
  Stop seen;
  seen.request();
  test_state->stopped.pass(seen);
  return absl::CancelledError("stopped");
}

inline absl::StatusOr<Response> fail(const Request&, const Context&) {
  throw std::runtime_error("secret");
}

inline absl::StatusOr<Response> inject(const Request&, const Context&) {
  return Response{200, "text/plain", {{"X-Name", "a\r\nX-Evil: b"}}, ""};
}

class CountingReader final : public BodyReader {
 public:
  explicit CountingReader(const Context& context, std::string mode)
      : stop_(context.stop), mode_(std::move(mode)) {}
  ~CountingReader() override { test_state->upload_destroyed = true; }
  CountingReader(const CountingReader&) = delete;
  CountingReader& operator=(const CountingReader&) = delete;

  absl::Status consume(std::span<const char> piece) override {
    if (mode_ == "gate") test_state->gate.pass(stop_);
    if (mode_ == "fail") return problem(ErrorCode::Unprocessable, "not like this");
    test_state->upload_bytes += piece.size();
    if (piece.size() > test_state->largest_piece) test_state->largest_piece = piece.size();
    return absl::OkStatus();
  }
  absl::StatusOr<Response> finish() override {
    return text(std::to_string(test_state->upload_bytes));
  }

 private:
  const Stop& stop_;
  std::string mode_;
};

inline absl::StatusOr<std::unique_ptr<BodyReader>> upload(const Request& request,
                                                          const Context& context) {
  const std::string* mode = find_field(request.query, "mode");
  return std::make_unique<CountingReader>(context, mode == nullptr ? "" : *mode);
}

class TestSource final : public BodySource {
 public:
  ~TestSource() override { visit(test_state->streams_gone); }

  absl::StatusOr<Piece> next() override {
    const std::lock_guard lock(test_state->stream_mutex);
    if (test_state->stream_fails) return absl::InternalError("the source broke");
    std::string said;
    if (!test_state->stream_says.empty()) {
      said = std::move(test_state->stream_says.front());
      test_state->stream_says.pop_front();
    }
    if (!test_state->stream_says.empty()) return Piece{std::move(said), Then::GoOn};
    if (test_state->stream_ends) return Piece{std::move(said), Then::End};
    visit(test_state->streams_waiting);
    return Piece{std::move(said), Then::Wait};
  }
  bool ready() override {
    const std::lock_guard lock(test_state->stream_mutex);
    return !test_state->stream_says.empty() || test_state->stream_ends || test_state->stream_fails;
  }

 private:
  static void visit(Gate& gate) {
    Stop stopped;
    stopped.request();
    gate.pass(stopped);
  }
};

inline absl::StatusOr<Response> stream(const Request&, const Context&) {
  Response response = text("first ");
  response.rest = std::make_shared<TestSource>();
  return response;
}

// The same, but one that may be compressed while it comes.
inline absl::StatusOr<Response> rows(const Request& request, const Context& context) {
  absl::StatusOr<Response> response = stream(request, context);
  response->coding = find_field(request.query, "always") != nullptr ? Response::Coding::Always
                                                                    : Response::Coding::RestToo;
  return response;
}

inline constexpr Route kRoutes[] = {
    {"GET", "/hello", "hello", WorkKind::Query, hello, nullptr},
    {"POST", "/echo", "echo", WorkKind::Query, echo, nullptr},
    {"POST", "/v1/track", "track", WorkKind::Collect, echo, nullptr},
    {"GET", "/show/{}", "show", WorkKind::Query, show, nullptr},
    {"GET", "/big", "big", WorkKind::Query, big, nullptr},
    {"GET", "/slow", "slow", WorkKind::Query, slow, nullptr},
    {"POST", "/slow", "slowCollect", WorkKind::Collect, slow, nullptr},
    {"GET", "/stream", "stream", WorkKind::Query, stream, nullptr},
    {"GET", "/rows", "rows", WorkKind::Query, rows, nullptr},
    {"POST", "/rows", "takeRows", WorkKind::Query, echo, nullptr, true},
    {"GET", "/fail", "fail", WorkKind::Query, fail, nullptr},
    {"GET", "/inject", "inject", WorkKind::Light, inject, nullptr},
    {"POST", "/upload", "upload", WorkKind::Collect, nullptr, upload},
};

inline absl::StatusOr<const Route*> find(Request& request) {
  bool path_known = false;
  for (const Route& route : kRoutes) {
    const bool matches =
        route.path == "/show/{}" ? request.path.starts_with("/show/") : request.path == route.path;
    path_known = path_known || matches;
    const bool head = request.method == "HEAD" && route.method == "GET";
    if (matches && (head || request.method == route.method)) return &route;
  }
  return path_known ? problem(ErrorCode::MethodNotAllowed, "no such method")
                    : problem(ErrorCode::NotFound, "no such path");
}

}  // namespace test_handlers

/// A server with the operations above on a port of its own, and its log.
class TestServer : public testing::Test {
 protected:
  TestServer() { test_state = &state_; }
  ~TestServer() override {
    state_.gate.open();
    server_.reset();
    test_state = nullptr;
  }

  void start(const Limits& limits = {}) {
    ServerOptions options;
    options.listen.port = 0;
    options.limits = limits;
    options.limits.sweep_interval = std::chrono::milliseconds(5);
    options.log = [this](std::string_view line) {
      const std::lock_guard lock(log_mutex_);
      log_ += line;
    };
    const RouteTable table{test_handlers::kRoutes, test_handlers::find};
    server_ = std::make_unique<Server>(std::move(options), table, services());
    const absl::Status started = server_->start();
    ASSERT_TRUE(started.ok()) << started;
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

  std::string log() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }

  // The handlers here look at none of these.
  Services services() {
    return {reinterpret_cast<Store&>(nothing_), reinterpret_cast<GraphView&>(nothing_),
            reinterpret_cast<ResultCache&>(nothing_)};
  }

  TestState state_;
  std::mutex log_mutex_;
  std::string log_;
  std::max_align_t nothing_{};
  std::unique_ptr<Server> server_;
};

}  // namespace grapevine

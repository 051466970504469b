#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/message.hpp"

namespace grapevine {

/// What is written about one request. It names the operation, never the path or the query, which
/// may hold names of people.
struct RequestLine {
  std::string_view method;
  std::string_view operation;
  int status = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  double elapsed_ms = 0.0;
  std::string_view request_id;
  bool hung_up = false;  ///< The client left before the answer.
};

/// Structured log: a JSON object a line, written by a thread of its own so that no request waits
/// for a terminal or a pipe. When lines come faster than they can be written the oldest are dropped
/// and counted. Thread-safe.
class ServerLog {
 public:
  using Write = std::function<void(std::string_view line)>;

  /// Writes to stderr, or to `write` where one is given.
  explicit ServerLog(Write write = {});
  /// Writes what is queued.
  ~ServerLog();
  ServerLog(const ServerLog&) = delete;
  ServerLog& operator=(const ServerLog&) = delete;

  void request(const RequestLine& line);
  /// Something of the server's own life: "started", "stopping".
  void event(std::string_view name, const Fields& fields = {});
  /// A failure that only we can cause; `detail` does not leave the server otherwise.
  void error(std::string_view name, std::string_view detail, std::string_view request_id = {});

  [[nodiscard]] std::size_t lines_dropped() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "server/http/dispatch.hpp"
#include "server/http/translate.hpp"

namespace grapevine {

/// One request from its first byte to the last of its answer. Lives on the loop's thread; a worker
/// uses request, route and stop while the connection waits for it.
struct Exchange {
  explicit Exchange(Serving& serving);

  RequestParser parser;
  Stop stop;
  Routed routed;
  std::string request_id;
  Lease body_lease;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  bool hung_up = false;
};

/// Counts and logs an exchange that was answered with `status`.
void record(Serving& serving, const Exchange& exchange, int status);

/// Whether a client sends an upload fast enough, not counting the time in which it waits for us.
/// Not thread-safe.
class UploadPace {
 public:
  explicit UploadPace(const Limits& limits) : limits_(limits) {}

  void pause() { paused_ = Clock::now(); }
  void resume() { waited_ += Clock::now() - paused_; }
  [[nodiscard]] bool drips(std::uint64_t bytes) const;

 private:
  using Clock = std::chrono::steady_clock;

  const Limits& limits_;
  const Clock::time_point started_ = Clock::now();
  Clock::time_point paused_;
  Clock::duration waited_{};
};

// What a connection says where no operation had a say.
Response too_large(const Limits& limits);
Response too_slow();
Response cut_off();
Response busy(WorkKind work);

}  // namespace grapevine

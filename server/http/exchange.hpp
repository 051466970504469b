#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "server/http/dispatch.hpp"
#include "server/http/translate.hpp"

namespace grapevine {

/// What a connection waits for, which says what its deadline does.
enum class Phase : std::uint8_t {
  Idle,       ///< The first byte of a request. The deadline closes.
  Reading,    ///< The rest of it. The deadline ends the reading, and the client is told.
  Running,    ///< A worker. The deadline fires the Stop.
  Writing,    ///< The client, to take the answer. The deadline closes.
  Following,  ///< The source of an answer that goes on, to have more of it.
};

/// A phase and how long it may last. Not thread-safe.
class Waiting {
 public:
  using Clock = std::chrono::steady_clock;

  /// `timeout` may be the largest duration: for ever.
  void enter(Phase phase, Clock::duration timeout);
  /// True once, when the deadline has passed at `now`.
  bool check(Clock::time_point now);

  [[nodiscard]] Phase phase() const { return phase_; }
  /// Whether the deadline of this phase has passed.
  [[nodiscard]] bool expired() const { return expired_; }

 private:
  Phase phase_ = Phase::Idle;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool expired_ = false;
};

/// One request from its first byte to the last of its answer. Lives on the loop's thread; a worker
/// uses request, route and stop while the connection waits for it.
struct Exchange {
  explicit Exchange(Serving& serving);

  /// Gives the parser bytes, up to the end of the head or the body; how many it took.
  std::size_t feed(std::span<const char> bytes);
  /// Whether the connection can be used for another one: nobody knows where the next request begins
  /// where this one was not read to its end.
  [[nodiscard]] bool may_go_on() const;

  RequestParser parser;
  Stop stop;
  Routed routed;
  std::string request_id;
  Lease body_lease;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  /// When an answer that goes on began.
  std::optional<std::chrono::steady_clock::time_point> streaming_since;
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
Response too_large(std::size_t bytes_max);
Response too_slow();
Response cut_off();
Response busy(WorkKind work);
Response too_many_streams(std::size_t open);

}  // namespace grapevine

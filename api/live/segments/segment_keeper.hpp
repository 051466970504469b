#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <absl/status/status.h>

#include "api/live/segments/live_segments.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// Keeps the live segments of a store current while somebody runs it, and notes their changes in the
/// store, from where they are told. Thread-safe, but that one thread runs it.
class SegmentKeeper {
 public:
  /// Milliseconds since 1970.
  using Clock = std::function<TimeMs()>;
  /// `store` and `graph` outlive it. `zone`: IANA, of definitions that name none.
  SegmentKeeper(Store& store, GraphView& graph, std::string_view zone, Clock clock);

  /// Follows the store until `stop` fires. A failure of the disk is waited out: nothing is told
  /// that was not noted.
  void run(const Stop& stop);

  /// Asks for a stream of those members of a segment who granted a consent, and waits for it.
  /// Errors  NotFound: there is no such segment. ResourceExhausted: it has kConsentsMax already.
  ///         FailedPrecondition: its definition cannot be evaluated. DeadlineExceeded: it took longer
  ///         than `timeout`.
  absl::Status follow(const MembershipKey& key, std::chrono::milliseconds timeout);
  static constexpr std::size_t kConsentsMax = 16;  ///< Streams for consents, of one segment.

  /// By segment, as of the last round.
  [[nodiscard]] std::map<std::string, LiveSegments::State> states() const;
  [[nodiscard]] LiveSegments::Facts facts() const;

 private:
  // How long writes gather before they are looked at: members are right within that and the time
  // that a round takes.
  static constexpr std::chrono::milliseconds kRound{100};

  void advance(const Stop& stop);
  void run_pass(const Stop& stop);
  void pause(std::chrono::milliseconds time);

  Store& store_;
  const Clock clock_;
  LiveSegments live_;    // The running thread's.
  std::thread passing_;  // Runs a pass of it; the same thread's.

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<MembershipKey> asked_;
  std::map<std::string, LiveSegments::State> states_;
  LiveSegments::Facts facts_;
  std::uint64_t rounds_ = 0;
};

}  // namespace grapevine

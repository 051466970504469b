#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Long work that goes on after it was answered: one after the other, on the thread that calls `run`. What
/// came of it is kept for an hour. Thread-safe.
class JobBoard {
 public:
  static constexpr std::size_t kJobsMax = 64;  ///< Kept: waiting, running and ended ones.
  static constexpr TimeMs kKeepMs = TimeMs{3600} * 1000;

  enum class State : std::uint8_t { Queued, Running, Succeeded, Failed, Cancelled };
  struct Job {
    std::uint64_t number = 0;
    std::string operation;  ///< As in api/openapi.yaml.
    State state = State::Queued;
    double progress = 0.0;
    std::string answer;  ///< Of Succeeded its result, of Failed the problem: JSON.
  };
  using Work = std::function<absl::StatusOr<Response>(const Stop& stop)>;
  using Clock = TimeMs (*)();

  /// Numbers begin at the clock's, so that a restarted server gives none again.
  explicit JobBoard(Clock clock)
      : clock_(clock), last_number_(static_cast<std::uint64_t>(clock())) {}

  /// Does what is waiting, and waits for more, until `stop` was called.
  void run();
  /// Tells the one that runs to end, and lets none begin any more.
  void stop();

  /// Puts work behind what is waiting; its number. What it refers to outlives the board.
  /// Errors  TooManyRequests: there are as many as there can be.
  absl::StatusOr<std::uint64_t> add(std::string operation, Work work);

  /// nullopt: there is none of that number, or it ended more than an hour ago.
  std::optional<Job> find(std::uint64_t number);
  /// Those whose number is above `after`, at most so many, ascending.
  std::vector<Job> list(std::uint64_t after, std::size_t limit);
  /// Ends it if it has not ended, else forgets it; false: there is none of that number.
  bool cancel(std::uint64_t number);

 private:
  struct Entry {
    Job job;
    Work work;
    std::shared_ptr<Stop> stop = std::make_shared<Stop>();
    TimeMs ended_ms = 0;
  };
  void forget_old();
  static Job shown(const Entry& entry);

  Clock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t last_number_;
  bool stopped_ = false;
};

}  // namespace grapevine

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/checkpoint/checkpoint_files.hpp"

namespace grapevine {

/// How far checkpoints came, for metrics.
struct CheckpointFacts {
  std::uint64_t written = 0;     ///< Since the store was opened.
  std::uint64_t generation = 0;  ///< The newest one; 0: there is none.
  std::uint64_t sequence = 0;    ///< That it covers.
  std::uint64_t bytes = 0;       ///< Of its files.
  absl::Status last;             ///< Why the last attempt failed, if it did.
};

/// Writes checkpoints on a thread of its own while the store is written: when enough of the log has
/// come since the last one, when one is old, and when asked.
///
/// Thread safety: every member may be called from any thread.
class Checkpointer {
 public:
  struct Options {
    std::uint64_t log_bytes = 256u << 20;         ///< So much new log makes one due,
    std::chrono::milliseconds interval{600'000};  ///< and so much time, with anything new.
  };
  /// What it needs of the store. Each may be called until the Checkpointer is gone, from its thread
  /// and from that of `finish`.
  struct Source {
    std::function<absl::StatusOr<Moment>()> freeze;
    CopyMessageIds copy_message_ids;
    /// Cuts the log behind a sequence that two generations cover.
    std::function<absl::Status(std::uint64_t sequence)> cut_log;
  };

  Checkpointer(Options options, CheckpointFiles files, Source source, std::uint64_t log_bytes);
  ~Checkpointer();

  /// So many bytes were added to the log. Does not wait.
  void logged(std::uint64_t bytes);

  /// Writes one that covers all that is stored now; the log before the previous one is cut.
  /// Twice in a row leaves nothing of what was deleted before the first.
  absl::Status checkpoint();

  /// Ends the thread when the one under way is written.
  void stop();
  /// Writes a last one if reading the log again would take long. Precondition: `stop`.
  void finish();

  [[nodiscard]] CheckpointFacts facts() const;

 private:
  void run();
  [[nodiscard]] bool is_due() const;
  absl::Status write();

  const Options options_;
  const Source source_;

  std::mutex writing_mutex_;  // Held while one is written.
  CheckpointFiles files_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t new_log_bytes_;  // Since the newest generation.
  std::uint64_t tried_at_ = 0;   // new_log_bytes_ when the last attempt failed.
  bool stopping_ = false;
  CheckpointFacts facts_;

  std::thread thread_;
};

}  // namespace grapevine

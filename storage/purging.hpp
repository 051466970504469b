#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include <absl/status/status.h>

#include "storage/part_merging.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

/// Makes erasures complete, on a thread of its own, several at a time: rewrites the parts that have
/// dead rows, forgets the strings that are nobody's any more, and has the folder written anew.
/// Readers and writers go on meanwhile.
class Purging {
 public:
  struct Source {
    StoreState& state;
    std::mutex& state_mutex;
    PartMerging& merging;
    /// Called with state_mutex held, after parts were exchanged.
    std::function<void()> publish;
    /// Writes a checkpoint. After two of them the folder has nothing of what was not in memory when
    /// the first began.
    std::function<absl::Status()> checkpoint;
  };

  explicit Purging(Source source);
  /// Ends when the step under way is done; what is not purged is purged when the store is opened
  /// again.
  ~Purging();

  /// An erasure may have come.
  void notify();

  /// Erasures up to that sequence are complete.
  [[nodiscard]] std::uint64_t complete() const { return complete_; }

 private:
  void run();
  [[nodiscard]] std::uint64_t last_erasure();
  void rewrite_parts();
  void forget_strings();
  absl::Status rewrite_folder(std::uint64_t last);
  [[nodiscard]] bool is_stopping();

  Source source_;
  std::atomic<std::uint64_t> complete_ = 0;
  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool notified_ = true;  // There may be some from before.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace grapevine

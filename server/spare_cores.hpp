#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <sched.h>

#include "api/core_share.hpp"

namespace grapevine {

/// Leaves some cores to short queries while many of them come beside long ones.
///
/// A scheduler that shares out time in turns of some milliseconds lets a query of a tenth of a
/// millisecond wait for several turns where every core computes. So while short queries end at least as
/// often as `Options` say and a long one runs, threads of short work (`AttentiveThread`) have an eighth of
/// the cores, one at least, and those that say nothing have the rest: those of long queries, TBB's workers,
/// and whatever the process does besides. Nothing changes where the process has one core.
///
/// Cost    Some 50 ns a query; while cores are kept, a look at the process's threads every 20 ms.
/// Thread-safe.
class SpareCores final : private CoreShare {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    Clock::duration short_max{std::chrono::milliseconds(20)};  ///< What takes longer is long.
    /// So many short ones in a row within `often_within` are many.
    std::size_t often = 16;
    Clock::duration often_within{std::chrono::milliseconds(500)};
    Clock::duration look_every{std::chrono::milliseconds(20)};
  };

  explicit SpareCores(Options options);
  SpareCores() : SpareCores(Options()) {}
  /// Lets all threads use all cores again. All work has ended.
  ~SpareCores() override;

  /// A query of the calling thread, from here to its end. The thread is attentive.
  class Query {
   public:
    explicit Query(SpareCores& cores);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

   private:
    SpareCores& cores_;
    CoreShare::Given share_;
  };

  /// Whether threads that compute leave cores free now.
  [[nodiscard]] bool are_kept() const { return are_kept_; }

 private:
  enum class Place { Spare, Others, Anywhere };
  struct Running {
    pid_t thread;
    Clock::time_point begun;
  };

  [[nodiscard]] bool is_own() const override { return are_kept_; }
  void leave() override { go_to(Place::Others); }
  void begin();
  void end();
  [[nodiscard]] bool is_often(Clock::time_point now) const;
  [[nodiscard]] bool is_long(const Running& query, Clock::time_point now) const;
  [[nodiscard]] bool runs_long(Clock::time_point now) const;
  void watch();
  void place_threads(Clock::time_point now);
  void place(pid_t thread, Place place);
  void go_to(Place place);
  [[nodiscard]] const cpu_set_t& cores_of(Place place) const;
  void release();

  const Options options_;
  cpu_set_t all_{}, spare_{}, others_{};  // Cores of the process; those kept, and the rest of them.
  bool is_possible_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Running> running_;
  std::vector<Clock::time_point> short_ends_;  // A ring of the last `often`.
  std::size_t next_end_ = 0;
  std::map<pid_t, Place> places_;      // Of threads, while cores are kept.
  std::atomic<bool> are_kept_{false};  // Written with the mutex held.
  bool closing_ = false;
  std::thread watching_;  // Made when cores are kept for the first time.
};

/// Says that the calling thread answers, as long as this is there.
class AttentiveThread {
 public:
  enum class Work {
    Short,    ///< It is kept cores for, but for long queries.
    Unknown,  ///< Such as batches of events: it may be anywhere.
  };
  explicit AttentiveThread(Work work = Work::Short);
  ~AttentiveThread();
  AttentiveThread(const AttentiveThread&) = delete;
  AttentiveThread& operator=(const AttentiveThread&) = delete;
};

}  // namespace grapevine

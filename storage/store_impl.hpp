#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "storage/checkpoint/checkpointer.hpp"
#include "storage/log/batch_codec.hpp"
#include "storage/message_ids.hpp"
#include "storage/open_folder.hpp"
#include "storage/part_merging.hpp"
#include "storage/pending.hpp"
#include "storage/purging.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"
#include "storage/store_state.hpp"
#include "storage/work_queue.hpp"

namespace grapevine {

/// The writer's thread: takes what waits, logs all of it with one sync, applies it, publishes,
/// answers.
class Store::Impl {
 public:
  explicit Impl(const StoreOptions& options) : options_(options), queue_(options.queue_bytes_max) {}

  ~Impl() {
    if (checkpointer_ != nullptr) checkpointer_->stop();
    purging_.reset();  // It may wait for the writer.
    queue_.stop();
    if (writer_.joinable()) writer_.join();
    merging_.reset();
    if (checkpointer_ != nullptr) checkpointer_->finish();
  }

  absl::Status start() {
    if (options_.folder.empty()) {
      state_ = std::make_unique<StoreState>(options_, ErasedIds::new_key());
    } else {
      GRAPEVINE_RETURN_IF_ERROR(take_folder());
    }
    {
      const std::lock_guard lock(state_mutex_);
      set_view(state_->publish());
    }
    merging_ = std::make_unique<PartMerging>(*state_, state_mutex_,
                                             [this] { set_view(state_->publish()); });
    if (checkpoint_files_) start_checkpoints();
    writer_ = std::thread([this] { run(); });
    if (options_.purge_erased) start_purging();
    return absl::OkStatus();
  }

  absl::Status checkpoint() {
    if (checkpointer_ == nullptr) {
      return absl::FailedPreconditionError("the store has no folder");
    }
    return checkpointer_->checkpoint();
  }

  const Recovery& recovery() const { return recovery_; }

  std::shared_ptr<const Snapshot> view() const {
    const std::lock_guard lock(view_mutex_);
    return view_;
  }

  void push(Pending work) { queue_.push(std::move(work)); }

  // Decides, logs and applies a change, and waits for it.
  absl::StatusOr<Appended> change(Decision decide, std::size_t bytes = sizeof(Pending)) {
    // Shared, because the writer may still be leaving set_value when this returns.
    const auto promise = std::make_shared<std::promise<absl::StatusOr<Appended>>>();
    Pending work;
    work.decide = std::move(decide);
    work.bytes = bytes;
    work.done = [promise](absl::StatusOr<Appended> result) {
      promise->set_value(std::move(result));
    };
    push(std::move(work));
    return promise->get_future().get();
  }

  // The same of a change of which there is nothing to decide.
  absl::StatusOr<Appended> change_as_it_is(Change what, std::size_t bytes) {
    return change(
        [what = std::move(what)](const StoreState&) { return absl::StatusOr<Change>(what); },
        bytes);
  }

  Written take_written() {
    const std::lock_guard lock(state_mutex_);
    if (!std::exchange(followed_, true)) state_->touches().follow();
    return {view(), state_->touches().take()};
  }

  bool wait_past(std::uint64_t number, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(view_mutex_);
    return viewed_.wait_for(lock, timeout, [&] { return view_->number() > number; });
  }

  // What `question` says of the state, between two changes of it.
  template <typename Question>
  auto ask(const Question& question) const {
    const std::lock_guard lock(state_mutex_);
    return question(*state_);
  }

  void purge() {
    if (purging_ != nullptr) purging_->notify();
  }

  std::vector<std::pair<std::uint64_t, ErasureRecord>> erasures(std::uint64_t after,
                                                                std::size_t count) const {
    const std::lock_guard lock(state_mutex_);
    const auto& all = state_->erasures();
    std::vector<std::pair<std::uint64_t, ErasureRecord>> found;
    for (auto at = all.upper_bound(after); at != all.end() && found.size() < count; ++at) {
      const bool purged = purging_ != nullptr && at->first <= purging_->complete();
      found.emplace_back(at->first, ErasureRecord{at->second.when, purged});
    }
    return found;
  }

  absl::Status status() const { return queue_.status(); }

  std::vector<std::string> salvage_losses() const {
    std::vector<std::string> lines;
    if (log_ == nullptr) return lines;
    for (const LogLoss& loss : log_->recovery().losses) lines.push_back(to_line(loss));
    return lines;
  }

  StoreFacts facts() const {
    StoreFacts facts;
    const std::lock_guard lock(state_mutex_);
    facts.batches = sequence_;
    if (log_) {
      facts.log_bytes = log_->bytes();
      facts.log_syncs = log_->syncs();
      facts.torn_bytes = log_->recovery().torn_bytes;
    }
    state_->add_facts(facts);
    if (checkpointer_) {
      const CheckpointFacts checkpoints = checkpointer_->facts();
      facts.checkpoints = checkpoints.written;
      facts.checkpoint_sequence = checkpoints.sequence;
      facts.checkpoint_bytes = checkpoints.bytes;
      facts.checkpoint_failing = checkpoints.last.ok() ? 0 : 1;
      facts.checkpoint_status = checkpoints.last;
    }
    return facts;
  }

 private:
  absl::Status take_folder() {
    GRAPEVINE_ASSIGN_OR_RETURN(OpenedFolder opened, open_folder(options_));
    lock_ = std::move(opened.lock);
    state_ = std::move(opened.state);
    log_ = std::move(opened.log);
    sequence_ = log_->last_sequence();
    recovery_ = std::move(opened.recovery);
    replayed_bytes_ = opened.replayed_bytes;
    checkpoint_files_ = std::move(opened.checkpoints);
    return absl::OkStatus();
  }

  void start_checkpoints() {
    Checkpointer::Options due;
    due.log_bytes = options_.checkpoint_log_bytes;
    due.interval = options_.checkpoint_interval;
    Checkpointer::Source source;
    source.freeze = [this] { return queue_.between_batches([this] { return freeze(); }); };
    source.copy_message_ids = [this](std::size_t& shard) {
      return queue_.between_batches([&]() -> absl::StatusOr<std::vector<MessageIds::OfDay>> {
        const std::lock_guard lock(state_mutex_);
        return state_->message_ids().copy(shard);
      });
    };
    source.cut_log = [this](std::uint64_t sequence) { return log_->cut(sequence); };
    checkpointer_ = std::make_unique<Checkpointer>(due, *std::move(checkpoint_files_),
                                                   std::move(source), replayed_bytes_);
    checkpoint_files_.reset();
  }

  void start_purging() {
    purging_ = std::make_unique<Purging>(Purging::Source{
        .state = *state_,
        .state_mutex = state_mutex_,
        .merging = *merging_,
        .publish = [this] { set_view(state_->publish()); },
        .checkpoint = [this]() -> absl::Status {
          return checkpointer_ == nullptr ? absl::OkStatus() : checkpointer_->checkpoint();
        }});
  }

  // The log behind a checkpoint begins with a file, so that a start reads no more of it.
  absl::StatusOr<Moment> freeze() {
    GRAPEVINE_RETURN_IF_ERROR(log_->begin_next_file());
    const std::lock_guard lock(state_mutex_);
    return Moment{state_->publish(), state_->freeze()};
  }

  void run() {
    while (auto together = queue_.take(next_trim_)) {
      if (!together->empty()) store(*together);
      queue_.run_errands();
      if (Clock::now() >= next_trim_) trim();
      queue_.release(*together);
    }
  }

  // Drops what is older than what is retained, and says when to look again.
  void trim() {
    next_trim_ = Clock::now() + kTrimInterval;
    if (options_.retain_ms == 0) return;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const TimeMs horizon =
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count() - options_.retain_ms;
    const std::lock_guard lock(state_mutex_);
    if (state_->trim(horizon) > 0) set_view(state_->publish());
  }

  void store(std::vector<Pending>& together) {
    std::uint64_t published = 0;
    if (absl::Status logged = log_all(together); !logged.ok()) return refuse(together, logged);
    {
      const std::lock_guard lock(state_mutex_);
      for (Pending& work : together) {
        if (work.sequence == 0) continue;
        if (work.change) {
          work.admitted.removed = state_->apply(*work.change, work.sequence);
        } else {
          state_->apply(work.batch, work.sequence);
        }
      }
      set_view(state_->publish());
      published = sequence_;
    }
    merging_->notify();
    for (Pending& work : together) {
      if (!work.refused.ok()) {
        work.done(work.refused);
        continue;
      }
      work.admitted.snapshot = published;
      work.done(std::move(work.admitted));
    }
  }

  absl::Status log_all(std::vector<Pending>& together) {
    bool any = false;
    std::uint64_t logged = 0;
    std::string payload;
    for (Pending& work : together) {
      if (!admit(work)) continue;
      work.sequence = ++sequence_;
      any = true;
      if (log_ == nullptr) continue;
      payload.clear();
      if (work.change) {
        encode_change(*work.change, payload);
      } else {
        encode_batch(work.batch, payload);
      }
      logged += payload.size();
      log_->add(work.change ? record_type(*work.change) : RecordType::Batch, work.sequence,
                payload);
    }
    if (log_ == nullptr || !any) return absl::OkStatus();
    GRAPEVINE_RETURN_IF_ERROR(log_->commit());
    checkpointer_->logged(logged);
    return absl::OkStatus();
  }

  // Decides what of the work is stored. Returns whether there is any.
  bool admit(Pending& work) {
    const std::lock_guard lock(state_mutex_);
    if (work.decide) {
      absl::StatusOr<Change> change = work.decide(*state_);
      if (change.ok()) {
        work.change = *std::move(change);
      } else {
        work.refused = change.status();
      }
      return work.change.has_value();
    }
    work.admitted = state_->admit(work.batch);
    return !work.batch.empty();
  }

  // What the disk holds is not known any more: from here on nothing is acknowledged.
  void refuse(std::vector<Pending>& together, const absl::Status& why) {
    std::deque<Pending> waiting = queue_.fail(why);
    for (Pending& work : together) work.done(why);
    for (Pending& work : waiting) work.done(why);
  }

  void set_view(std::shared_ptr<const Snapshot> view) {
    {
      const std::lock_guard lock(view_mutex_);
      view_.swap(view);
    }
    viewed_.notify_all();
  }

  using Clock = WorkQueue::Clock;
  static constexpr auto kTrimInterval = std::chrono::minutes(10);

  const StoreOptions options_;
  File lock_;
  std::unique_ptr<Log> log_;    // nullptr: memory only.
  std::uint64_t sequence_ = 0;  // Of the last record. The writer's.

  mutable std::mutex state_mutex_;
  std::unique_ptr<StoreState> state_;
  bool followed_ = false;  // Whether somebody takes what was written.

  mutable std::mutex view_mutex_;  // Held only to copy the pointer.
  mutable std::condition_variable viewed_;
  std::shared_ptr<const Snapshot> view_;

  WorkQueue queue_;
  Clock::time_point next_trim_ = Clock::now();  // The writer's.
  std::unique_ptr<PartMerging> merging_;
  std::unique_ptr<Purging> purging_;
  Recovery recovery_;
  std::uint64_t replayed_bytes_ = 0;
  std::optional<CheckpointFiles> checkpoint_files_;  // Until the Checkpointer has them.
  std::unique_ptr<Checkpointer> checkpointer_;       // nullptr: memory only.
  std::thread writer_;
};

}  // namespace grapevine

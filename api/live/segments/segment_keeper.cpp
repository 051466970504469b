#include "api/live/segments/segment_keeper.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "api/plan/segment_document.hpp"

namespace grapevine {
namespace {

std::size_t consents_of(const Snapshot& snapshot, const std::string& segment) {
  const MembershipStreams& streams = snapshot.memberships();
  std::size_t count = 0;
  for (auto at = streams.upper_bound({segment, ""});
       at != streams.end() && at->first.segment == segment; ++at) {
    ++count;
  }
  return count;
}

}  // namespace

SegmentKeeper::SegmentKeeper(Store& store, GraphView& graph, std::string_view zone, Clock clock)
    : store_(store), clock_(std::move(clock)), live_(graph, zone) {}

void SegmentKeeper::run(const Stop& stop) {
  // Who defines no segment pays nothing for what follows writes.
  while (!stop.requested() && segment_names(*store_.snapshot()).empty()) {
    (void)store_.wait_past(store_.snapshot()->number(), kRound);
  }
  while (!stop.requested()) {
    advance(stop);
    pause(kRound);
  }
  if (passing_.joinable()) passing_.join();
}

// The one before has ended.
void SegmentKeeper::run_pass(const Stop& stop) {
  std::shared_ptr<LivePass> pass = live_.take_pass();
  if (pass == nullptr) return;
  if (passing_.joinable()) passing_.join();
  try {
    passing_ = std::thread([pass, &stop] { pass->run(stop); });
  } catch (const std::system_error&) {
    pass->run(stop);  // The machine has no thread to give.
  }
}

void SegmentKeeper::advance(const Stop& stop) {
  {
    const std::lock_guard lock(mutex_);
    for (MembershipKey& key : asked_) live_.follow(std::move(key));
    asked_.clear();
  }
  absl::StatusOr<MembershipUpdates> updates =
      live_.advance(store_.take_written(), clock_(), true, stop);
  run_pass(stop);
  if (!updates.ok()) return;
  if (!updates->streams.empty()) {
    const absl::Status noted = store_.note_memberships(*std::move(updates)).status();
    // Streams that ended meanwhile are met in the next round.
    if (!noted.ok() && !absl::IsNotFound(noted)) {
      live_.forget();
      return pause(10 * kRound);
    }
  }
  {
    const std::lock_guard lock(mutex_);
    states_ = live_.states();
    facts_ = live_.facts();
    ++rounds_;
  }
  changed_.notify_all();
}

void SegmentKeeper::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return !asked_.empty(); });
}

absl::Status SegmentKeeper::follow(const MembershipKey& key, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  bool is_asked = false;
  for (;;) {
    const auto snapshot = store_.snapshot();
    if (!has_segment(*snapshot, key.segment)) {
      return absl::NotFoundError(no_such_segment(*snapshot, key.segment));
    }
    if (snapshot->memberships().contains(key)) return absl::OkStatus();
    std::unique_lock lock(mutex_);
    if (!is_asked) {
      if (!key.consent.empty() && consents_of(*snapshot, key.segment) >= kConsentsMax) {
        return absl::ResourceExhaustedError("segment " + key.segment + " is followed with " +
                                            std::to_string(kConsentsMax) + " consents already");
      }
      asked_.push_back(key);
      is_asked = true;
      changed_.notify_all();
    }
    const std::uint64_t seen = rounds_;
    if (!changed_.wait_until(lock, deadline, [&] { return rounds_ != seen; })) {
      return absl::DeadlineExceededError("segment " + key.segment + " is not filled yet");
    }
    const auto state = states_.find(key.segment);
    if (state != states_.end() && !state->second.problem.empty()) {
      return absl::FailedPreconditionError(state->second.problem);
    }
  }
}

std::map<std::string, LiveSegments::State> SegmentKeeper::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

LiveSegments::Facts SegmentKeeper::facts() const {
  const std::lock_guard lock(mutex_);
  return facts_;
}

}  // namespace grapevine

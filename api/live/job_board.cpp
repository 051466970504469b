#include "api/live/job_board.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "api/error.hpp"

namespace grapevine {
namespace {

bool has_ended(JobBoard::State state) {
  return state != JobBoard::State::Queued && state != JobBoard::State::Running;
}

// Layers below do not throw by design; memory may still run out, and that ends one job only.
absl::StatusOr<Response> do_work(const JobBoard::Work& work, const Stop& stop) {
  try {
    return work(stop);
  } catch (const std::exception& thrown) {
    return absl::InternalError(thrown.what());
  }
}

}  // namespace

void JobBoard::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto next = std::find_if(entries_.begin(), entries_.end(), [](const auto& entry) {
      return entry.second.job.state == State::Queued;
    });
    if (stopped_) return;
    if (next == entries_.end()) {
      changed_.wait(lock);
      continue;
    }
    const std::uint64_t number = next->first;
    next->second.job.state = State::Running;
    const Work work = std::move(next->second.work);
    const std::shared_ptr<Stop> stop = next->second.stop;
    lock.unlock();
    absl::StatusOr<Response> answered = do_work(work, *stop);
    lock.lock();
    const auto done = entries_.find(number);
    // Perhaps it was cancelled, and even forgotten, in the meantime.
    if (done == entries_.end() || done->second.job.state != State::Running) continue;
    Entry& entry = done->second;
    entry.ended_ms = clock_();
    if (answered.ok()) {
      entry.job.state = State::Succeeded;
      entry.job.answer = std::move(answered->body);
    } else {
      entry.job.state = State::Failed;
      entry.job.answer = to_response(answered.status()).body;
    }
  }
}

void JobBoard::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (auto& [number, entry] : entries_) entry.stop->request();
  changed_.notify_all();
}

absl::StatusOr<std::uint64_t> JobBoard::add(std::string operation, Work work) {
  const std::lock_guard lock(mutex_);
  forget_old();
  if (entries_.size() >= kJobsMax) {
    return problem(ErrorCode::TooManyRequests,
                   "there are as many jobs as there can be: 64; DELETE one that has ended");
  }
  const std::uint64_t number = ++last_number_;
  Entry& entry = entries_[number];
  entry.job.number = number;
  entry.job.operation = std::move(operation);
  entry.work = std::move(work);
  changed_.notify_all();
  return number;
}

std::optional<JobBoard::Job> JobBoard::find(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  forget_old();
  const auto found = entries_.find(number);
  return found == entries_.end() ? std::nullopt : std::optional(shown(found->second));
}

std::vector<JobBoard::Job> JobBoard::list(std::uint64_t after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  forget_old();
  std::vector<Job> jobs;
  for (auto at = entries_.upper_bound(after); at != entries_.end() && jobs.size() < limit; ++at) {
    jobs.push_back(shown(at->second));
  }
  return jobs;
}

bool JobBoard::cancel(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  forget_old();
  const auto found = entries_.find(number);
  if (found == entries_.end()) return false;
  Entry& entry = found->second;
  entry.stop->request();
  if (has_ended(entry.job.state)) {
    entries_.erase(found);
  } else {
    // It is shown as what it is; whoever runs it finds that nobody waits for it.
    entry.job.state = State::Cancelled;
    entry.ended_ms = clock_();
    entry.work = nullptr;
  }
  return true;
}

void JobBoard::forget_old() {
  const TimeMs now = clock_();
  std::erase_if(entries_, [&](const auto& entry) {
    return has_ended(entry.second.job.state) && now - entry.second.ended_ms > kKeepMs;
  });
}

JobBoard::Job JobBoard::shown(const Entry& entry) {
  Job job = entry.job;
  job.progress = job.state == State::Succeeded ? 1.0 : std::min(entry.stop->progress(), 1.0);
  return job;
}

}  // namespace grapevine

#include "server/spare_cores.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

namespace grapevine {
namespace {

constexpr int kCoresForEachSpare = 8;

// Threads of the process that answer, and whether their work may also be large.
struct Attentive {
  std::mutex mutex;
  std::map<pid_t, AttentiveThread::Work> threads;

  static Attentive& all() {
    static auto* const attentive = new Attentive();  // Threads may end after everything else.
    return *attentive;
  }
};

pid_t this_thread() {
  thread_local const pid_t id = ::gettid();
  return id;
}

std::vector<pid_t> threads_of_process() {
  std::vector<pid_t> threads;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", failed)) {
    const std::string name = entry.path().filename().string();
    pid_t thread = 0;
    std::from_chars(name.data(), name.data() + name.size(), thread);
    if (thread > 0) threads.push_back(thread);
  }
  return threads;
}

// A thread that has ended meanwhile is no error.
void run_on(pid_t thread, const cpu_set_t& cores) {
  ::sched_setaffinity(thread, sizeof cores, &cores);
}

}  // namespace

AttentiveThread::AttentiveThread(Work work) {
  Attentive& all = Attentive::all();
  const std::lock_guard lock(all.mutex);
  all.threads[this_thread()] = work;
}

AttentiveThread::~AttentiveThread() {
  Attentive& all = Attentive::all();
  const std::lock_guard lock(all.mutex);
  all.threads.erase(this_thread());
}

SpareCores::SpareCores(Options options) : options_(options) {
  if (::sched_getaffinity(0, sizeof all_, &all_) != 0 || CPU_COUNT(&all_) < 2) return;
  others_ = all_;
  CPU_ZERO(&spare_);
  const int count = (CPU_COUNT(&all_) + kCoresForEachSpare - 1) / kCoresForEachSpare;
  for (int core = CPU_SETSIZE - 1; CPU_COUNT(&spare_) < count; --core) {
    if (!CPU_ISSET(core, &all_)) continue;
    CPU_CLR(core, &others_);
    CPU_SET(core, &spare_);
  }
  is_possible_ = true;
}

SpareCores::~SpareCores() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  if (watching_.joinable()) watching_.join();
}

SpareCores::Query::Query(SpareCores& cores) : cores_(cores), share_(cores) { cores_.begin(); }

SpareCores::Query::~Query() {
  cores_.end();
  if (cores_.are_kept_) cores_.go_to(Place::Spare);
}

// Without the mutex while the thread changes cores: it may wait for the new one for a while.
void SpareCores::go_to(Place place) {
  const pid_t self = this_thread();
  {
    const std::lock_guard lock(mutex_);
    const auto placed = places_.find(self);
    if (!are_kept_ || (placed != places_.end() && placed->second == place)) return;
    places_[self] = place;
  }
  run_on(self, cores_of(place));
  bool was_released = false;
  {
    const std::lock_guard lock(mutex_);
    was_released = !are_kept_;
  }
  if (was_released) run_on(self, all_);
}

void SpareCores::begin() {
  const std::lock_guard lock(mutex_);
  running_.push_back({this_thread(), Clock::now()});
}

void SpareCores::end() {
  const std::lock_guard lock(mutex_);
  const auto query = std::find_if(running_.begin(), running_.end(), [](const Running& other) {
    return other.thread == this_thread();
  });
  const auto now = Clock::now();
  const bool was_long = is_long(*query, now);
  running_.erase(query);
  if (was_long) return;
  if (short_ends_.size() < options_.often) {
    short_ends_.push_back(now);
  } else {
    short_ends_[next_end_] = now;
    next_end_ = (next_end_ + 1) % options_.often;
  }
  if (!is_possible_ || are_kept_ || !is_often(now) || !runs_long(now)) return;
  are_kept_ = true;
  if (!watching_.joinable()) {
    try {
      watching_ = std::thread([this] { watch(); });
    } catch (const std::system_error&) {
      are_kept_ = false;  // The machine has no thread to give now.
      return;
    }
  }
  wake_.notify_all();
}

bool SpareCores::is_often(Clock::time_point now) const {
  return short_ends_.size() == options_.often &&
         now - short_ends_[next_end_] <= options_.often_within;
}

bool SpareCores::is_long(const Running& query, Clock::time_point now) const {
  return now - query.begun > options_.short_max;
}

bool SpareCores::runs_long(Clock::time_point now) const {
  return std::any_of(running_.begin(), running_.end(),
                     [&](const Running& query) { return is_long(query, now); });
}

void SpareCores::watch() {
  const AttentiveThread attentive;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || are_kept_; });
    auto last_long = Clock::now();
    for (auto now = last_long; !closing_ && is_often(now); now = Clock::now()) {
      if (runs_long(now)) last_long = now;
      if (now - last_long > options_.often_within) break;
      place_threads(now);
      wake_.wait_for(lock, options_.look_every, [this] { return closing_; });
    }
    release();
    if (closing_) return;
  }
}

// With the mutex held: a query that ends meanwhile waits until its thread may be placed.
void SpareCores::place_threads(Clock::time_point now) {
  std::map<pid_t, Place> wanted;
  for (const pid_t thread : threads_of_process()) wanted[thread] = Place::Others;
  {
    Attentive& all = Attentive::all();
    const std::lock_guard lock(all.mutex);
    for (const auto& [thread, work] : all.threads) {
      wanted[thread] = work == AttentiveThread::Work::Short ? Place::Spare : Place::Anywhere;
    }
  }
  for (const Running& query : running_) {
    const auto placed = places_.find(query.thread);
    const bool has_left = placed != places_.end() && placed->second == Place::Others;
    if (has_left || is_long(query, now)) wanted[query.thread] = Place::Others;
  }
  std::erase_if(places_, [&](const auto& placed) { return !wanted.contains(placed.first); });
  for (const auto& [thread, place] : wanted) this->place(thread, place);
}

void SpareCores::place(pid_t thread, Place place) {
  const auto [known, is_new] = places_.try_emplace(thread, place);
  if (!is_new && known->second == place) return;
  known->second = place;
  run_on(thread, cores_of(place));
}

// Threads that were made meanwhile have the cores of those that made them.
void SpareCores::release() {
  for (const pid_t thread : threads_of_process()) run_on(thread, all_);
  places_.clear();
  are_kept_ = false;
}

const cpu_set_t& SpareCores::cores_of(Place place) const {
  switch (place) {
    case Place::Spare: return spare_;
    case Place::Others: return others_;
    case Place::Anywhere: return all_;
  }
  std::abort();
}

}  // namespace grapevine

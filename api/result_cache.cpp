#include "api/result_cache.hpp"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "api/error.hpp"

namespace grapevine {
namespace {

std::uint64_t random_number() {
  std::random_device device;
  return (std::uint64_t{device()} << 32 | device()) >> 2 | 1;  // Fits an int64.
}

}  // namespace

ResultCache::ResultCache(ResultCacheOptions options) : options_(options) {
  if (options_.process == 0) options_.process = random_number();
}

absl::Status ResultCache::pin(std::shared_ptr<const Snapshot> snapshot, TimeMs now_ms) {
  std::vector<Pin> dropped;  // Destroyed after the lock is given back: a snapshot may be large.
  const std::lock_guard lock(mutex_);
  for (auto pin = pins_.begin(); pin != pins_.end();) {
    const bool over = now_ms - pin->second.given_ms > options_.keep_ms;
    if (over) dropped.push_back(std::move(pin->second));
    pin = over ? pins_.erase(pin) : std::next(pin);
  }
  const std::uint64_t number = snapshot->number();
  if (const auto pinned = pins_.find(number); pinned != pins_.end()) {
    pinned->second.given_ms = std::max(pinned->second.given_ms, now_ms);
    return absl::OkStatus();
  }
  if (pins_.size() >= options_.snapshots_max) {
    return problem(ErrorCode::TooManyRequests,
                   "too many lists are being paged through; each is kept for ten minutes");
  }
  pins_.emplace(number, Pin{std::move(snapshot), now_ms});
  return absl::OkStatus();
}

std::shared_ptr<const Snapshot> ResultCache::pinned(std::uint64_t number, TimeMs now_ms) {
  std::shared_ptr<const Snapshot> dropped;
  const std::lock_guard lock(mutex_);
  const auto pin = pins_.find(number);
  if (pin == pins_.end()) return nullptr;
  if (now_ms - pin->second.given_ms <= options_.keep_ms) return pin->second.snapshot;
  dropped = std::move(pin->second.snapshot);
  pins_.erase(pin);
  return nullptr;
}

std::shared_ptr<CachedList> ResultCache::list(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  lists_.splice(lists_.begin(), lists_, found->second);
  return found->second->list;
}

void ResultCache::keep_list(const std::string& key, std::shared_ptr<CachedList> list) {
  std::list<List> dropped;  // Destroyed after the lock is given back.
  const std::lock_guard lock(mutex_);
  const auto drop = [&](std::list<List>::iterator at) {
    list_bytes_ -= at->bytes;
    by_key_.erase(at->key);
    dropped.splice(dropped.begin(), lists_, at);
  };
  if (const auto old = by_key_.find(key); old != by_key_.end()) drop(old->second);
  const std::size_t bytes = list->bytes();
  if (bytes > options_.list_bytes_max) return;
  while (list_bytes_ + bytes > options_.list_bytes_max) drop(std::prev(lists_.end()));
  lists_.push_front({key, std::move(list), bytes});
  by_key_[key] = lists_.begin();
  list_bytes_ += bytes;
}

}  // namespace grapevine

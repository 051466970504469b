#include "api/result_cache.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "api/error.hpp"

namespace grapevine {
namespace {

std::uint64_t random_number() {
  std::random_device device;
  return (std::uint64_t{device()} << 32 | device()) >> 2 | 1;  // Fits an int64.
}

// Roughly the bytes of one snapshot that another one does not hold too: chunks and parts that were
// written between them.
std::size_t bytes_not_shared(const Snapshot& snapshot, const Snapshot& other) {
  std::size_t bytes = sizeof(Snapshot);
  const auto& columns = snapshot.customers().attributes();
  const auto& others = other.customers().attributes();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i < others.size() && columns[i] == others[i]) continue;
    bytes += columns[i]->chunks.size() * sizeof(columns[i]->chunks.front());
    for (std::size_t c = 0; c < columns[i]->chunks.size(); ++c) {
      const bool shared = i < others.size() && c < others[i]->chunks.size() &&
                          columns[i]->chunks[c] == others[i]->chunks[c];
      if (!shared) bytes += AttributeChunk::kCustomers * sizeof(std::uint64_t);
    }
  }
  std::set<const Part*> parts;
  for (const auto& part : other.parts()) parts.insert(part.get());
  for (const auto& part : snapshot.parts()) {
    if (!parts.contains(part.get())) bytes += part->bytes();
  }
  return bytes;
}

}  // namespace

ResultCache::ResultCache(ResultCacheOptions options) : options_(options) {
  if (options_.process == 0) options_.process = random_number();
}

ResultCache::Pins::iterator ResultCache::drop(Pins::iterator pin, std::vector<Pin>& dropped) {
  pinned_bytes_ -= pin->second.bytes;
  dropped.push_back(std::move(pin->second));
  return pins_.erase(pin);
}

// Drops what is over, and of what was only remembered the oldest, until the rest fits.
void ResultCache::make_room(TimeMs now_ms, std::vector<Pin>& dropped) {
  for (auto pin = pins_.begin(); pin != pins_.end();) {
    const bool is_over = now_ms - pin->second.given_ms > options_.keep_ms;
    pin = is_over ? drop(pin, dropped) : std::next(pin);
  }
  for (auto pin = pins_.begin(); is_full() && pin != pins_.end();) {
    pin = pin->second.promised ? std::next(pin) : drop(pin, dropped);
  }
}

ResultCache::Pin& ResultCache::keep(const std::shared_ptr<const Snapshot>& snapshot, TimeMs now_ms,
                                    std::vector<Pin>& dropped) {
  const std::uint64_t number = snapshot->number();
  auto pin = pins_.find(number);
  if (pin == pins_.end()) {
    const std::size_t bytes =
        pins_.empty() ? 0 : bytes_not_shared(*snapshot, *std::prev(pins_.end())->second.snapshot);
    pin = pins_.emplace(number, Pin{snapshot, now_ms, bytes, false}).first;
    pinned_bytes_ += bytes;
  }
  pin->second.given_ms = std::max(pin->second.given_ms, now_ms);
  Pin& kept = pin->second;
  const bool was_promised = std::exchange(kept.promised, true);  // Not to be dropped for itself.
  make_room(now_ms, dropped);
  kept.promised = was_promised;
  return kept;
}

absl::Status ResultCache::pin(const std::shared_ptr<const Snapshot>& snapshot, TimeMs now_ms) {
  static_cast<void>(snapshot->parts());  // Sorts what came last before others wait for the lock.
  std::vector<Pin> dropped;  // Destroyed after the lock is given back: a snapshot may be large.
  const std::lock_guard lock(mutex_);
  Pin& kept = keep(snapshot, now_ms, dropped);
  if (is_full() && !kept.promised) {
    drop(pins_.find(snapshot->number()), dropped);
    return problem(ErrorCode::Unavailable,
                   "too many lists are being paged through; each is kept for ten minutes");
  }
  kept.promised = true;
  return absl::OkStatus();
}

void ResultCache::remember(const std::shared_ptr<const Snapshot>& snapshot, TimeMs now_ms) {
  static_cast<void>(snapshot->parts());  // As above.
  std::vector<Pin> dropped;
  const std::lock_guard lock(mutex_);
  const bool promised = keep(snapshot, now_ms, dropped).promised;
  if (is_full() && !promised) drop(pins_.find(snapshot->number()), dropped);
}

std::shared_ptr<const Snapshot> ResultCache::pinned(std::uint64_t number, TimeMs now_ms) {
  const std::lock_guard lock(mutex_);
  const auto pin = pins_.find(number);
  if (pin == pins_.end() || now_ms - pin->second.given_ms > options_.keep_ms) return nullptr;
  return pin->second.snapshot;
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

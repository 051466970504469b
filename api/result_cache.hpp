#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <absl/status/statusor.h>

#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Limits of a ResultCache.
struct ResultCacheOptions {
  std::size_t snapshots_max = 1000;         ///< Pinned at a time.
  std::size_t list_bytes_max = 256u << 20;  ///< Of ordered lists that can be made again.
  TimeMs keep_ms = TimeMs{10} * 60 * 1000;  ///< How long a pinned snapshot stays at least.
  std::uint64_t process = 0;  ///< Told apart from earlier processes by cursors; 0: drawn at random.
};

/// A list in the order of an answer, kept for its next pages.
class CachedList {
 public:
  virtual ~CachedList() = default;
  [[nodiscard]] virtual std::size_t bytes() const = 0;
};

/// What cursors page through. A cursor says everything that its answer was made from, but for the
/// data: that is a snapshot, pinned here. So a page can always be made again, and the list that it
/// is cut from is kept only to be faster.
///
/// Thread safety: any thread may call any member.
class ResultCache {
 public:
  explicit ResultCache(ResultCacheOptions options = {});

  /// The number that this process's cursors carry.
  [[nodiscard]] std::uint64_t process() const { return options_.process; }

  /// Keeps a snapshot for `keep_ms` from now on, and drops those whose time is over. Errors
  /// TooManyRequests: there is no room, because all that are kept are young.
  absl::Status pin(std::shared_ptr<const Snapshot> snapshot, TimeMs now_ms);
  /// The pinned snapshot of that number; nullptr: it is gone.
  std::shared_ptr<const Snapshot> pinned(std::uint64_t number, TimeMs now_ms);

  /// The list kept under a key; nullptr: make it again.
  std::shared_ptr<CachedList> list(const std::string& key);
  /// Keeps a list, which replaces one of the same key; those that were not used for longest go.
  void keep_list(const std::string& key, std::shared_ptr<CachedList> list);

 private:
  struct Pin {
    std::shared_ptr<const Snapshot> snapshot;
    TimeMs given_ms = 0;
  };
  struct List {
    std::string key;
    std::shared_ptr<CachedList> list;
    std::size_t bytes = 0;
  };

  ResultCacheOptions options_;
  std::mutex mutex_;
  std::map<std::uint64_t, Pin> pins_;
  std::list<List> lists_;  // The one used last comes first.
  std::map<std::string, std::list<List>::iterator, std::less<>> by_key_;
  std::size_t list_bytes_ = 0;
};

}  // namespace grapevine

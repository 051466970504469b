#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Limits of a ResultCache.
struct ResultCacheOptions {
  std::size_t snapshots_max = 1000;             ///< Kept at a time.
  std::size_t snapshot_bytes_max = 512u << 20;  ///< Of what they hold and newer ones do not.
  std::size_t list_bytes_max = 256u << 20;      ///< Of ordered lists that can be made again.
  TimeMs keep_ms = TimeMs{10} * 60 * 1000;      ///< How long a promised snapshot is kept.
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

  /// Promises a snapshot to a cursor: keeps it for `keep_ms` from now on. Remembered ones make
  /// room. Errors  Unavailable (503, try again): all the room is taken by promised ones.
  absl::Status pin(const std::shared_ptr<const Snapshot>& snapshot, TimeMs now_ms);
  /// Keeps a snapshot, whose number an answer gave, for as long as there is room.
  void remember(const std::shared_ptr<const Snapshot>& snapshot, TimeMs now_ms);
  /// The kept snapshot of that number; nullptr: it is gone.
  std::shared_ptr<const Snapshot> pinned(std::uint64_t number, TimeMs now_ms);

  /// The list kept under a key; nullptr: make it again.
  std::shared_ptr<CachedList> list(const std::string& key);
  /// Keeps a list, which replaces one of the same key; those that were not used for longest go.
  void keep_list(const std::string& key, std::shared_ptr<CachedList> list);

 private:
  struct Pin {
    std::shared_ptr<const Snapshot> snapshot;
    TimeMs given_ms = 0;
    std::size_t bytes = 0;
    bool promised = false;
  };
  using Pins = std::map<std::uint64_t, Pin>;
  struct List {
    std::string key;
    std::shared_ptr<CachedList> list;
    std::size_t bytes = 0;
  };

  Pin& keep(const std::shared_ptr<const Snapshot>& snapshot, TimeMs now_ms,
            std::vector<Pin>& dropped);
  void make_room(TimeMs now_ms, std::vector<Pin>& dropped);
  Pins::iterator drop(Pins::iterator pin, std::vector<Pin>& dropped);
  [[nodiscard]] bool is_full() const {
    return pins_.size() > options_.snapshots_max || pinned_bytes_ > options_.snapshot_bytes_max;
  }

  ResultCacheOptions options_;
  std::mutex mutex_;
  Pins pins_;
  std::size_t pinned_bytes_ = 0;
  std::list<List> lists_;  // The one used last comes first.
  std::map<std::string, std::list<List>::iterator, std::less<>> by_key_;
  std::size_t list_bytes_ = 0;
};

}  // namespace grapevine

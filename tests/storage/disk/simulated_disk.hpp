#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/disk/disk.hpp"

namespace grapevine::testing {

enum class DiskCall {
  Open,
  Close,
  Read,
  Write,
  SyncFile,
  SyncFolder,
  WriteOut,
  Truncate,
  Lock,
  Size,
  MakeFolder,
  Rename,
  Link,
  Unlink,
  List
};

/// What befalls a call. `error` 0 and `bytes_max` unset: nothing.
struct Fault {
  int error = 0;  ///< An errno: the call fails and does nothing.
  std::size_t bytes_max = static_cast<std::size_t>(-1);  ///< A read or write does no more.
};

/// A disk in memory that can fail, and that loses what was not synced when its power is cut.
///
/// A file's bytes are durable by fdatasync, a folder's names by fsync of the folder, neither by
/// the other; sync_file_range makes nothing durable. A cut keeps of what came since a subset:
/// sectors of 512 bytes each by itself, names each by itself (a rename as one), any size between
/// the two; a sector that was never written but that the size covers holds zeros, or what stood
/// there before a truncation. After a sync (or sync_file_range) that failed, what it should have
/// written is never written, though later ones succeed: so does Linux.
///
/// Thread-safe. Folders are named from "/".
class SimulatedDisk final : public Disk {
 public:
  static constexpr std::size_t kSector = 512;

  SimulatedDisk();
  ~SimulatedDisk() override;

  /// Asked before each call, with the number of calls before it.
  std::function<Fault(DiskCall, std::size_t number)> fault;
  /// False: syncs of files, or of folders, do nothing and say that they did.
  bool syncs_files = true;
  bool syncs_folders = true;

  [[nodiscard]] std::size_t calls() const;
  /// Every call from the one of that number on fails, until `restart`.
  void cut_power_at(std::size_t number);
  /// What the disk holds after the cut, drawn from `random`; descriptors and locks are gone.
  void restart(std::mt19937_64& random);
  /// The bytes of a file that exists, to be read or damaged.
  std::string& bytes(const std::string& path);
  /// Makes a file, synced.
  void put(const std::string& path, std::string bytes);
  [[nodiscard]] std::vector<std::string> names(const std::string& folder);

  int open(const std::string& path, int flags) override;
  int close(int file) override;
  ssize_t pread(int file, char* to, std::size_t count, std::uint64_t offset) override;
  ssize_t write(int file, const char* from, std::size_t count) override;
  ssize_t pwrite(int file, const char* from, std::size_t count, std::uint64_t offset) override;
  int fdatasync(int file) override;
  int fsync(int file) override;
  int sync_file_range(int file, std::uint64_t offset, std::uint64_t bytes) override;
  int ftruncate(int file, std::uint64_t bytes) override;
  int flock(int file) override;
  std::int64_t size(int file) override;
  void forget_cached(int file) override;
  int mkdir(const std::string& path) override;
  int rename(const std::string& from, const std::string& to) override;
  int link(const std::string& from, const std::string& to) override;
  int unlink(const std::string& path) override;
  int list(const std::string& folder, std::vector<std::string>& names) override;

 private:
  struct Node;
  struct Open;
  using NodePointer = std::shared_ptr<Node>;

  // Decides what befalls the next call; its error is in errno.
  bool fails(DiskCall call, std::size_t* count = nullptr);
  NodePointer find(const std::string& path) const;
  // The folder that holds `path`, and the last part of the name; nullptr and errno: there is none.
  std::pair<NodePointer, std::string> place(const std::string& path) const;
  Open* opened(int file);
  ssize_t put_bytes(Open& open, const char* from, std::size_t count, std::uint64_t offset);
  int sync(int file, DiskCall call);
  void lose_unsynced(Node& node, std::mt19937_64& random);

  mutable std::mutex mutex_;
  NodePointer root_;
  std::map<int, Open> open_;
  int next_file_ = 3;
  std::size_t calls_ = 0;
  std::size_t power_ends_ = static_cast<std::size_t>(-1);  // At this call.
};

}  // namespace grapevine::testing

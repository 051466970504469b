#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace grapevine {

/// The system calls that storage makes, and all that it makes: what is above this seam can be run
/// on a disk that fails at any call, or that forgets what was not synced.
///
/// Each member does what the call of its name does, once: -1 (and `errno`) says that it failed,
/// EINTR and short counts are for the caller. Thread-safe, as the calls are.
class Disk {
 public:
  virtual ~Disk() = default;

  /// A file descriptor, closed on exec. A file that O_CREAT makes has mode 0600.
  virtual int open(const std::string& path, int flags) = 0;
  virtual int close(int file) = 0;
  virtual ssize_t pread(int file, char* to, std::size_t count, std::uint64_t offset) = 0;
  virtual ssize_t write(int file, const char* from, std::size_t count) = 0;
  virtual ssize_t pwrite(int file, const char* from, std::size_t count, std::uint64_t offset) = 0;
  virtual int fdatasync(int file) = 0;
  virtual int fsync(int file) = 0;
  /// With WAIT_BEFORE, WRITE and WAIT_AFTER: the range is written, but is not durable by that.
  virtual int sync_file_range(int file, std::uint64_t offset, std::uint64_t bytes) = 0;
  virtual int ftruncate(int file, std::uint64_t bytes) = 0;
  /// LOCK_EX without waiting.
  virtual int flock(int file) = 0;
  /// The size of the file in bytes, as fstat says it.
  virtual std::int64_t size(int file) = 0;

  /// Lets the system forget what it keeps of a file in memory, if that is on the disk: what is read
  /// next comes from there. A hint, as posix_fadvise is.
  virtual void forget_cached(int /*file*/) {}

  virtual int mkdir(const std::string& path) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int link(const std::string& from, const std::string& to) = 0;
  virtual int unlink(const std::string& path) = 0;
  /// Appends the names in a folder, without "." and "..", in any order.
  virtual int list(const std::string& folder, std::vector<std::string>& names) = 0;
};

/// The machine's own file systems.
Disk& system_disk();

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/disk/disk.hpp"

namespace grapevine {

/// A file descriptor with an owner. Calls go on after EINTR and short counts; what fails is
/// Unavailable, and says the call, the path and why. Not thread-safe.
class File {
 public:
  File() = default;
  ~File();
  File(File&& other) noexcept
      : disk_(other.disk_),
        descriptor_(std::exchange(other.descriptor_, -1)),
        path_(std::move(other.path_)) {}
  File& operator=(File&& other) noexcept;

  /// `flags` as in open(2); made with mode 0600 where O_CREAT says so. `disk` outlives the file.
  static absl::StatusOr<File> open(Disk& disk, const std::string& path, int flags);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] absl::StatusOr<std::uint64_t> size() const;

  /// Reads `count` bytes; a file that ends before them is an error.
  absl::Status read_at(std::uint64_t offset, char* to, std::size_t count) const;
  /// What is read next comes from the disk, as far as the system heeds a hint.
  void forget_cached() const { disk_->forget_cached(descriptor_); }
  /// Writes all of it where the descriptor stands (at the end, with O_APPEND).
  absl::Status write(std::string_view bytes);
  absl::Status write_at(std::uint64_t offset, std::string_view bytes);
  absl::Status truncate(std::uint64_t bytes);

  /// fdatasync, once: what failed to reach the disk is not tried again, not even after EINTR,
  /// because the kernel may have dropped it and then reports success.
  absl::Status sync() const;
  /// Writes what is in memory of a range, so that less is left for a sync; durable only by that.
  /// Where the system has no such call, that is no error. Once, because a failure that it reports
  /// is not reported to `sync` again.
  absl::Status write_out(std::uint64_t offset, std::uint64_t bytes) const;
  /// fsync, once: the same for what was opened as a folder, and its names.
  absl::Status sync_folder() const;

  /// An exclusive lock for the life of the descriptor. Errors  FailedPrecondition: another process
  /// has it.
  absl::Status lock();

 private:
  Disk* disk_ = nullptr;
  int descriptor_ = -1;
  std::string path_;
};

/// A whole file, read into memory. Not mapped: a page that cannot be read would end the process.
class FileBytes {
 public:
  /// Errors  Unavailable: the file system said no.
  static absl::StatusOr<FileBytes> read(Disk& disk, const std::string& path);
  [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
};

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace grapevine {

/// A file descriptor with an owner; file calls with the name of what failed. Not thread-safe.
class File {
 public:
  File() = default;
  ~File();
  File(File&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  File& operator=(File&& other) noexcept;

  /// `flags` as in open(2); made with mode 0600 where O_CREAT says so.
  static absl::StatusOr<File> open(const std::string& path, int flags);

  /// Writes all of it, going on after EINTR and short writes.
  absl::Status write(std::string_view bytes);
  /// fdatasync, once.
  absl::Status sync();
  absl::Status truncate(std::uint64_t bytes);
  /// An exclusive lock for the life of the descriptor; FailedPrecondition: another process has it.
  absl::Status lock();

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  int descriptor_ = -1;
  std::string path_;
};

/// Makes the names in a folder durable: after a file was made, renamed or removed in it.
absl::Status sync_folder(const std::string& folder);

/// A whole file, mapped for reading.
class MappedFile {
 public:
  static absl::StatusOr<MappedFile> open(const std::string& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&&) = delete;
  [[nodiscard]] std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
  const char* data_;
  std::size_t size_;
};

}  // namespace grapevine

#include "storage/disk/file.hpp"

#include <cerrno>

#include <fcntl.h>

#include "storage/disk/call_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Calls until no signal interrupts.
template <typename Call>
auto uninterrupted(const Call& call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) disk_->close(descriptor_);
}

File& File::operator=(File&& other) noexcept {
  std::swap(disk_, other.disk_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

absl::StatusOr<File> File::open(Disk& disk, const std::string& path, int flags) {
  File file;
  file.disk_ = &disk;
  file.path_ = path;
  file.descriptor_ = uninterrupted([&] { return disk.open(path, flags); });
  if (file.descriptor_ < 0) return call_error("open", path);
  return file;
}

absl::StatusOr<std::uint64_t> File::size() const {
  const std::int64_t size = disk_->size(descriptor_);
  if (size < 0) return call_error("fstat", path_);
  return static_cast<std::uint64_t>(size);
}

absl::Status File::read_at(std::uint64_t offset, char* to, std::size_t count) const {
  while (count > 0) {
    const ssize_t got = uninterrupted([&] { return disk_->pread(descriptor_, to, count, offset); });
    if (got < 0) return call_error("pread", path_);
    if (got == 0) return absl::UnavailableError("the file ends too early: " + path_);
    to += got;
    offset += static_cast<std::uint64_t>(got);
    count -= static_cast<std::size_t>(got);
  }
  return absl::OkStatus();
}

absl::Status File::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        uninterrupted([&] { return disk_->write(descriptor_, bytes.data(), bytes.size()); });
    if (written < 0) return call_error("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status File::write_at(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted(
        [&] { return disk_->pwrite(descriptor_, bytes.data(), bytes.size(), offset); });
    if (written < 0) return call_error("pwrite", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return absl::OkStatus();
}

absl::Status File::truncate(std::uint64_t bytes) {
  const int result = uninterrupted([&] { return disk_->ftruncate(descriptor_, bytes); });
  return result == 0 ? absl::OkStatus() : call_error("ftruncate", path_);
}

absl::Status File::sync() const {
  return disk_->fdatasync(descriptor_) == 0 ? absl::OkStatus() : call_error("fdatasync", path_);
}

absl::Status File::write_out(std::uint64_t offset, std::uint64_t bytes) const {
  if (disk_->sync_file_range(descriptor_, offset, bytes) == 0) return absl::OkStatus();
  // A kernel without it, a file system without it, or sizes of pages that it does not do.
  const bool unknown = errno == ENOSYS || errno == ESPIPE || errno == EINVAL;
  return unknown ? absl::OkStatus() : call_error("sync_file_range", path_);
}

absl::Status File::sync_folder() const {
  return disk_->fsync(descriptor_) == 0 ? absl::OkStatus() : call_error("fsync", path_);
}

absl::Status File::lock() {
  if (uninterrupted([&] { return disk_->flock(descriptor_); }) == 0) return absl::OkStatus();
  if (errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError("another server uses this folder: " + path_);
  }
  return call_error("flock", path_);
}

absl::StatusOr<FileBytes> FileBytes::read(Disk& disk, const std::string& path) {
  GRAPEVINE_ASSIGN_OR_RETURN(const File file, File::open(disk, path, O_RDONLY));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t size, file.size());
  FileBytes bytes;
  bytes.data_ = std::make_unique_for_overwrite<char[]>(size);
  bytes.size_ = size;
  GRAPEVINE_RETURN_IF_ERROR(file.read_at(0, bytes.data_.get(), size));
  return bytes;
}

}  // namespace grapevine

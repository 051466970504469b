#include "storage/log/file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace grapevine {
namespace {

absl::Status failed(const char* call, const std::string& path) {
  const int error = errno;
  return absl::UnavailableError(std::string(call) + " failed: " + path + ": " +
                                std::strerror(error));
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

absl::StatusOr<File> File::open(const std::string& path, int flags) {
  File file;
  file.path_ = path;
  file.descriptor_ = ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file.descriptor_ < 0) return failed("open", path);
  return file;
}

absl::Status File::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status File::sync() {
  return ::fdatasync(descriptor_) == 0 ? absl::OkStatus() : failed("fdatasync", path_);
}

absl::Status File::truncate(std::uint64_t bytes) {
  return ::ftruncate(descriptor_, static_cast<off_t>(bytes)) == 0 ? absl::OkStatus()
                                                                  : failed("ftruncate", path_);
}

absl::Status File::lock() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError("another server uses this folder: " + path_);
  }
  return failed("flock", path_);
}

absl::Status sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failed("open", folder);
  const bool synced = ::fsync(descriptor) == 0;
  const absl::Status status = synced ? absl::OkStatus() : failed("fsync", folder);
  ::close(descriptor);
  return status;
}

absl::StatusOr<MappedFile> MappedFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed("open", path);
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0) {
    const absl::Status status = failed("fstat", path);
    ::close(descriptor);
    return status;
  }
  const auto size = static_cast<std::size_t>(facts.st_size);
  void* data = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const absl::Status status = data == MAP_FAILED ? failed("mmap", path) : absl::OkStatus();
  ::close(descriptor);
  if (!status.ok()) return status;
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace grapevine

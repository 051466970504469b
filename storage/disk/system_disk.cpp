#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/disk/disk.hpp"

namespace grapevine {
namespace {

class SystemDisk final : public Disk {
 public:
  int open(const std::string& path, int flags) override {
    return ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
  }
  int close(int file) override { return ::close(file); }
  ssize_t pread(int file, char* to, std::size_t count, std::uint64_t offset) override {
    return ::pread(file, to, count, static_cast<off_t>(offset));
  }
  ssize_t write(int file, const char* from, std::size_t count) override {
    return ::write(file, from, count);
  }
  ssize_t pwrite(int file, const char* from, std::size_t count, std::uint64_t offset) override {
    return ::pwrite(file, from, count, static_cast<off_t>(offset));
  }
  int fdatasync(int file) override { return ::fdatasync(file); }
  int fsync(int file) override { return ::fsync(file); }
  int sync_file_range(int file, std::uint64_t offset, std::uint64_t bytes) override {
    return ::sync_file_range(
        file, static_cast<off64_t>(offset), static_cast<off64_t>(bytes),
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  }
  int ftruncate(int file, std::uint64_t bytes) override {
    return ::ftruncate(file, static_cast<off_t>(bytes));
  }
  int flock(int file) override { return ::flock(file, LOCK_EX | LOCK_NB); }
  std::int64_t size(int file) override {
    struct stat facts {};
    return ::fstat(file, &facts) == 0 ? facts.st_size : -1;
  }
  void forget_cached(int file) override { ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED); }

  int mkdir(const std::string& path) override { return ::mkdir(path.c_str(), 0777); }
  int rename(const std::string& from, const std::string& to) override {
    return ::rename(from.c_str(), to.c_str());
  }
  int link(const std::string& from, const std::string& to) override {
    return ::link(from.c_str(), to.c_str());
  }
  int unlink(const std::string& path) override { return ::unlink(path.c_str()); }

  int list(const std::string& folder, std::vector<std::string>& names) override {
    DIR* entries = ::opendir(folder.c_str());
    if (entries == nullptr) return -1;
    errno = 0;
    while (const dirent* entry = ::readdir(entries)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    const int error = errno;  // The end of the folder leaves it 0.
    ::closedir(entries);
    errno = error;
    return error == 0 ? 0 : -1;
  }
};

}  // namespace

Disk& system_disk() {
  static SystemDisk disk;
  return disk;
}

}  // namespace grapevine

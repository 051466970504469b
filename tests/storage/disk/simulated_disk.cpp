#include "tests/storage/disk/simulated_disk.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

namespace grapevine::testing {

struct SimulatedDisk::Node {
  bool is_folder = false;
  bool locked = false;

  std::string bytes;            // As a reader sees them.
  std::string medium;           // As the disk has them; it never forgets what a truncation cut.
  std::size_t synced_size = 0;  // How much of it is the file.
  std::set<std::size_t> dirty;  // Sectors that are not on the medium yet.

  using Names = std::map<std::string, NodePointer>;
  using Change = std::vector<std::pair<std::string, NodePointer>>;  // nullptr: the name goes.
  Names names;
  Names synced_names;
  std::vector<Change> unsynced;

  void change(const Change& change) {
    apply(change, names);
    unsynced.push_back(change);
  }
  static void apply(const Change& change, Names& names) {
    for (const auto& [name, node] : change) {
      if (node == nullptr) {
        names.erase(name);
      } else {
        names[name] = node;
      }
    }
  }
  void touch(std::size_t begin, std::size_t end) {
    for (std::size_t s = begin / kSector; s * kSector < end; ++s) dirty.insert(s);
  }
  void resize(std::size_t size) {
    touch(std::min(size, bytes.size()), std::max(size, bytes.size()));
    bytes.resize(size);
  }
  void write_sector(std::size_t sector) {
    const std::size_t begin = sector * kSector;
    const std::size_t end = std::min(begin + kSector, bytes.size());
    if (begin < end) medium.replace(begin, end - begin, bytes, begin, end - begin);
  }
  void sync() {
    synced_size = bytes.size();
    medium.resize(std::max(medium.size(), synced_size));
    for (const std::size_t sector : dirty) write_sector(sector);
    dirty.clear();
    for (const Change& change : unsynced) apply(change, synced_names);
    unsynced.clear();
  }
  // Sectors that count as written are read from the medium, whether or not they reached it.
  void forget_clean() {
    for (std::size_t begin = 0; begin < std::min(bytes.size(), medium.size()); begin += kSector) {
      if (dirty.contains(begin / kSector)) continue;
      const std::size_t end = std::min({begin + kSector, bytes.size(), medium.size()});
      bytes.replace(begin, end - begin, medium, begin, end - begin);
    }
  }
  // Writes some of the dirty sectors and some size.
  void lose_sectors(std::mt19937_64& random) {
    const std::size_t least = std::min(synced_size, bytes.size());
    const std::size_t most = std::max(synced_size, bytes.size());
    const std::size_t sizes[] = {synced_size, bytes.size(), least + random() % (most - least + 1)};
    const std::size_t size = sizes[random() % 3];
    const bool zeros = random() % 2 == 0;  // Else what the medium held before.
    medium.resize(std::max(medium.size(), most));
    for (const std::size_t sector : dirty) {
      const std::size_t begin = std::max(sector * kSector, synced_size);
      const std::size_t end = std::min((sector + 1) * kSector, medium.size());
      if (zeros && begin < end) medium.replace(begin, end - begin, end - begin, '\0');
      if (random() % 2 == 0) write_sector(sector);
    }
    synced_size = size;
    dirty.clear();
  }
};

struct SimulatedDisk::Open {
  NodePointer node;
  bool append = false;
  bool locks = false;
  std::size_t position = 0;
};

SimulatedDisk::SimulatedDisk() : root_(std::make_shared<Node>()) { root_->is_folder = true; }
SimulatedDisk::~SimulatedDisk() = default;

std::size_t SimulatedDisk::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

void SimulatedDisk::cut_power_at(std::size_t number) {
  const std::lock_guard lock(mutex_);
  power_ends_ = number;
}

void SimulatedDisk::restart(std::mt19937_64& random) {
  const std::lock_guard lock(mutex_);
  open_.clear();
  lose_unsynced(*root_, random);
  power_ends_ = static_cast<std::size_t>(-1);
}

void SimulatedDisk::lose_unsynced(Node& node, std::mt19937_64& random) {
  node.locked = false;
  for (const Node::Change& change : node.unsynced) {
    if (random() % 2 == 0) Node::apply(change, node.synced_names);
  }
  node.unsynced.clear();
  node.names = node.synced_names;
  if (!node.dirty.empty()) node.lose_sectors(random);
  node.bytes = node.medium.substr(0, node.synced_size);
  for (const auto& [name, child] : node.names) lose_unsynced(*child, random);
}

std::string& SimulatedDisk::bytes(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return find(path)->bytes;
}

void SimulatedDisk::put(const std::string& path, std::string bytes) {
  const std::lock_guard lock(mutex_);
  const auto [folder, name] = place(path);
  const auto node = std::make_shared<Node>();
  node->bytes = node->medium = std::move(bytes);
  node->synced_size = node->bytes.size();
  folder->names[name] = folder->synced_names[name] = node;
}

std::vector<std::string> SimulatedDisk::names(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, node] : find(folder)->names) names.push_back(name);
  return names;
}

bool SimulatedDisk::fails(DiskCall call, std::size_t* count) {
  const std::size_t number = calls_++;
  if (number >= power_ends_) {
    errno = EIO;
    return true;
  }
  if (!fault) return false;
  const Fault what = fault(call, number);
  if (count != nullptr) *count = std::min(*count, what.bytes_max);
  errno = what.error;
  return what.error != 0;
}

SimulatedDisk::NodePointer SimulatedDisk::find(const std::string& path) const {
  NodePointer node = root_;
  for (std::size_t begin = 1; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const auto found = node->names.find(path.substr(begin, end - begin));
    if (found == node->names.end()) {
      errno = ENOENT;
      return nullptr;
    }
    node = found->second;
    begin = end + 1;
  }
  return node;
}

std::pair<SimulatedDisk::NodePointer, std::string> SimulatedDisk::place(
    const std::string& path) const {
  const std::size_t slash = path.rfind('/');
  return {find(path.substr(0, slash)), path.substr(slash + 1)};
}

SimulatedDisk::Open* SimulatedDisk::opened(int file) {
  const auto found = open_.find(file);
  if (found != open_.end()) return &found->second;
  errno = EBADF;
  return nullptr;
}

int SimulatedDisk::open(const std::string& path, int flags) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Open)) return -1;
  NodePointer node = find(path);
  if (node != nullptr && (flags & O_EXCL) != 0) {
    errno = EEXIST;
    return -1;
  }
  if (node == nullptr) {
    const auto [folder, name] = place(path);
    if (folder == nullptr || (flags & O_CREAT) == 0) {
      errno = ENOENT;
      return -1;
    }
    node = std::make_shared<Node>();
    folder->change({{name, node}});
  }
  if ((flags & O_DIRECTORY) != 0 && !node->is_folder) {
    errno = ENOTDIR;
    return -1;
  }
  if ((flags & O_TRUNC) != 0) node->resize(0);
  open_[next_file_] = {node, (flags & O_APPEND) != 0};
  return next_file_++;
}

int SimulatedDisk::close(int file) {
  const std::lock_guard lock(mutex_);
  const bool failed = fails(DiskCall::Close);
  Open* open = opened(file);
  if (open == nullptr) return -1;
  if (open->locks) open->node->locked = false;
  open_.erase(file);  // Also where it fails, as on Linux.
  if (failed) errno = EIO;
  return failed ? -1 : 0;
}

ssize_t SimulatedDisk::pread(int file, char* to, std::size_t count, std::uint64_t offset) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Read, &count)) return -1;
  const Open* open = opened(file);
  if (open == nullptr) return -1;
  if (offset >= open->node->bytes.size()) return 0;
  return static_cast<ssize_t>(open->node->bytes.copy(to, count, offset));
}

ssize_t SimulatedDisk::put_bytes(Open& open, const char* from, std::size_t count,
                                 std::uint64_t offset) {
  if (open.node->bytes.size() < offset + count) open.node->resize(offset + count);
  open.node->bytes.replace(offset, count, from, count);
  open.node->touch(offset, offset + count);
  return static_cast<ssize_t>(count);
}

ssize_t SimulatedDisk::write(int file, const char* from, std::size_t count) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Write, &count)) return -1;
  Open* open = opened(file);
  if (open == nullptr) return -1;
  if (open->append) open->position = open->node->bytes.size();
  const ssize_t written = put_bytes(*open, from, count, open->position);
  open->position += count;
  return written;
}

ssize_t SimulatedDisk::pwrite(int file, const char* from, std::size_t count, std::uint64_t offset) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Write, &count)) return -1;
  Open* open = opened(file);
  return open == nullptr ? -1 : put_bytes(*open, from, count, offset);
}

int SimulatedDisk::sync(int file, DiskCall call) {
  const bool failed = fails(call);
  const int error = errno;
  Open* open = opened(file);
  if (open == nullptr) return -1;
  Node& node = *open->node;
  if (failed) {
    if (calls_ <= power_ends_) node.dirty.clear();  // Never written, and not known to be missing.
    errno = error;
    return -1;
  }
  if (call == DiskCall::SyncFile ? syncs_files : syncs_folders) node.sync();
  return 0;
}

int SimulatedDisk::fdatasync(int file) {
  const std::lock_guard lock(mutex_);
  return sync(file, DiskCall::SyncFile);
}

int SimulatedDisk::fsync(int file) {
  const std::lock_guard lock(mutex_);
  return sync(file, DiskCall::SyncFolder);
}

int SimulatedDisk::sync_file_range(int file, std::uint64_t offset, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  const bool failed = fails(DiskCall::WriteOut);
  const int error = errno;
  Open* open = opened(file);
  if (open == nullptr) return -1;
  if (!failed) return 0;
  const bool tried = error == EIO || error == ENOSPC;
  if (tried && calls_ <= power_ends_) {  // As after a sync that failed.
    std::erase_if(open->node->dirty, [&](std::size_t sector) {
      return sector * kSector < offset + bytes && (sector + 1) * kSector > offset;
    });
  }
  errno = error;
  return -1;
}

int SimulatedDisk::ftruncate(int file, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Truncate)) return -1;
  Open* open = opened(file);
  if (open == nullptr) return -1;
  open->node->resize(bytes);
  return 0;
}

int SimulatedDisk::flock(int file) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Lock)) return -1;
  Open* open = opened(file);
  if (open == nullptr) return -1;
  if (open->node->locked && !open->locks) {
    errno = EWOULDBLOCK;
    return -1;
  }
  open->node->locked = open->locks = true;
  return 0;
}

std::int64_t SimulatedDisk::size(int file) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Size)) return -1;
  const Open* open = opened(file);
  return open == nullptr ? -1 : static_cast<std::int64_t>(open->node->bytes.size());
}

void SimulatedDisk::forget_cached(int file) {
  const std::lock_guard lock(mutex_);
  const Open* open = opened(file);
  if (open != nullptr) open->node->forget_clean();
}

int SimulatedDisk::mkdir(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::MakeFolder)) return -1;
  const auto [folder, name] = place(path);
  if (folder == nullptr) return -1;
  if (name.empty() || folder->names.contains(name)) {
    errno = EEXIST;
    return -1;
  }
  const auto node = std::make_shared<Node>();
  node->is_folder = true;
  folder->change({{name, node}});
  return 0;
}

int SimulatedDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Rename)) return -1;
  const auto [folder, name] = place(from);
  const auto [to_folder, to_name] = place(to);
  if (folder == nullptr || to_folder != folder) {
    errno = folder == nullptr ? ENOENT : EXDEV;  // Between folders nobody needs it.
    return -1;
  }
  const auto found = folder->names.find(name);
  if (found == folder->names.end()) {
    errno = ENOENT;
    return -1;
  }
  folder->change({{to_name, found->second}, {name, nullptr}});
  return 0;
}

int SimulatedDisk::link(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Link)) return -1;
  const NodePointer node = find(from);
  const auto [folder, name] = place(to);
  if (node == nullptr || folder == nullptr) return -1;
  if (folder->names.contains(name)) {
    errno = EEXIST;
    return -1;
  }
  folder->change({{name, node}});
  return 0;
}

int SimulatedDisk::unlink(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::Unlink)) return -1;
  const auto [folder, name] = place(path);
  if (folder == nullptr) return -1;
  if (!folder->names.contains(name)) {
    errno = ENOENT;
    return -1;
  }
  folder->change({{name, nullptr}});
  return 0;
}

int SimulatedDisk::list(const std::string& folder, std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  if (fails(DiskCall::List)) return -1;
  const NodePointer node = find(folder);
  if (node == nullptr) return -1;
  for (const auto& [name, child] : node->names) names.push_back(name);
  return 0;
}

}  // namespace grapevine::testing

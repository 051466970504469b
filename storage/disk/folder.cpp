#include "storage/disk/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>

#include "storage/disk/call_error.hpp"
#include "storage/disk/file.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::string parent_of(const std::string& folder) {
  std::filesystem::path path(folder);
  if (!path.has_filename()) path = path.parent_path();  // It ended with a slash.
  return path.has_parent_path() ? path.parent_path().string() : ".";
}

}  // namespace

absl::Status make_folder(Disk& disk, const std::string& folder) {
  const std::string parent = parent_of(folder);
  if (parent != folder) GRAPEVINE_RETURN_IF_ERROR(make_folder(disk, parent));
  const bool made = disk.mkdir(folder) == 0;
  if (!made && errno != EEXIST) return call_error("mkdir", folder);
  // Also where it exists, because whoever made it may have ended before this; but a parent that may
  // not be opened was not made here.
  const absl::Status synced = sync_folder(disk, parent);
  return made ? synced : absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> list_folder(Disk& disk, const std::string& folder) {
  std::vector<std::string> names;
  if (disk.list(folder, names) != 0) return call_error("readdir", folder);
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status sync_folder(Disk& disk, const std::string& folder) {
  GRAPEVINE_ASSIGN_OR_RETURN(const File opened, File::open(disk, folder, O_RDONLY | O_DIRECTORY));
  return opened.sync_folder();
}

absl::Status rename_file(Disk& disk, const std::string& from, const std::string& to) {
  return disk.rename(from, to) == 0 ? absl::OkStatus() : call_error("rename", from);
}

absl::Status link_file(Disk& disk, const std::string& from, const std::string& to) {
  return disk.link(from, to) == 0 ? absl::OkStatus() : call_error("link", to);
}

absl::Status remove_file(Disk& disk, const std::string& path) {
  return disk.unlink(path) == 0 ? absl::OkStatus() : call_error("unlink", path);
}

}  // namespace grapevine

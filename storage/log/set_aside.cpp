#include "storage/log/set_aside.hpp"

#include <algorithm>
#include <vector>

#include <absl/status/statusor.h>
#include <fcntl.h>

#include "storage/disk/file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

absl::StatusOr<std::string> free_name(Disk& disk, const std::string& path) {
  const std::string folder = folder_of(path);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk, folder));
  std::string name = path + ".damaged";
  const auto taken = [&] {
    return std::binary_search(names.begin(), names.end(), name.substr(folder.size() + 1));
  };
  for (int number = 2; taken(); ++number) name = path + ".damaged-" + std::to_string(number);
  return name;
}

}  // namespace

absl::Status set_aside(Disk& disk, const std::string& path) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string kept, free_name(disk, path));
  GRAPEVINE_RETURN_IF_ERROR(rename_file(disk, path, kept));
  return sync_folder(disk, folder_of(path));
}

absl::Status replace_damaged(Disk& disk, const std::string& path, std::string_view bytes) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string kept, free_name(disk, path));
  GRAPEVINE_RETURN_IF_ERROR(link_file(disk, path, kept));
  // The second name is there before the first one means another file.
  GRAPEVINE_RETURN_IF_ERROR(sync_folder(disk, folder_of(path)));
  return put_file(disk, path, bytes);
}

absl::Status put_file(Disk& disk, const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  GRAPEVINE_ASSIGN_OR_RETURN(File file, File::open(disk, fresh, O_WRONLY | O_CREAT | O_TRUNC));
  GRAPEVINE_RETURN_IF_ERROR(file.write_at(0, bytes));
  GRAPEVINE_RETURN_IF_ERROR(file.sync());
  GRAPEVINE_RETURN_IF_ERROR(rename_file(disk, fresh, path));
  return sync_folder(disk, folder_of(path));
}

}  // namespace grapevine

#include "storage/erasure_key.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>

#include "storage/disk/file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/log/bytes.hpp"
#include "storage/log/format.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kChecksum = sizeof(std::uint32_t);

// What the file holds: a changed key would deny every proof that was made with it.
std::string with_checksum(std::string_view key) {
  std::string bytes(key);
  ByteWriter(bytes).fixed(crc32c(0, key));
  return bytes;
}

// Whether a store was in the folder before: what a salvage set aside, and a manifest that was never
// finished, say so as well.
absl::StatusOr<bool> has_store(Disk& disk, const std::string& folder,
                               const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name.starts_with("manifest-")) return true;
    if (!name.starts_with("log-")) continue;
    GRAPEVINE_ASSIGN_OR_RETURN(const File log, File::open(disk, folder + "/" + name, O_RDONLY));
    GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t bytes, log.size());
    if (bytes > LogFileHeader::kBytes) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<ErasedIds::Key> erasure_key(Disk& disk, const std::string& folder, bool salvage) {
  const std::string name(kErasureKeyFile);
  const std::string path = folder + "/" + name;
  ErasedIds::Key key;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk, folder));
  if (std::binary_search(names.begin(), names.end(), name)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const FileBytes kept, FileBytes::read(disk, path));
    const std::string_view bytes = kept.view();
    if (bytes.size() != key.size() + kChecksum ||
        with_checksum(bytes.substr(0, key.size())) != bytes) {
      return absl::DataLossError(path + ": offset 0: not a key and its checksum");
    }
    std::memcpy(key.data(), bytes.data(), key.size());
    return key;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const bool lost, has_store(disk, folder, names));
  if (lost && !salvage) {
    return absl::DataLossError(
        path +
        ": the key is missing, without which nobody is known as erased; bring it back from a "
        "backup, or start with --salvage for a new one");
  }
  key = ErasedIds::new_key();
  const std::string fresh = path + ".new";
  GRAPEVINE_ASSIGN_OR_RETURN(File file, File::open(disk, fresh, O_WRONLY | O_CREAT | O_TRUNC));
  GRAPEVINE_RETURN_IF_ERROR(file.write(
      with_checksum(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()))));
  GRAPEVINE_RETURN_IF_ERROR(file.sync());
  GRAPEVINE_RETURN_IF_ERROR(rename_file(disk, fresh, path));
  GRAPEVINE_RETURN_IF_ERROR(sync_folder(disk, folder));
  return key;
}

}  // namespace grapevine

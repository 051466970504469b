#include "storage/erasure_key.hpp"

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <fcntl.h>

#include "storage/log/file.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<ErasedIds::Key> erasure_key(const std::string& folder) {
  const std::string path = folder + "/erasure-key";
  ErasedIds::Key key;
  if (std::filesystem::exists(path)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const MappedFile kept, MappedFile::open(path));
    if (kept.bytes().size() != key.size()) {
      return absl::DataLossError(path + ": offset 0: not a key of 32 bytes");
    }
    std::memcpy(key.data(), kept.bytes().data(), key.size());
    return key;
  }
  key = ErasedIds::new_key();
  const std::string fresh = path + ".new";
  GRAPEVINE_ASSIGN_OR_RETURN(File file, File::open(fresh, O_WRONLY | O_CREAT | O_TRUNC));
  GRAPEVINE_RETURN_IF_ERROR(
      file.write(std::string_view(reinterpret_cast<const char*>(key.data()), key.size())));
  GRAPEVINE_RETURN_IF_ERROR(file.sync());
  if (std::rename(fresh.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError("cannot rename " + fresh);
  }
  GRAPEVINE_RETURN_IF_ERROR(sync_folder(folder));
  return key;
}

}  // namespace grapevine

#include "storage/checkpoint/backup.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fcntl.h>

#include "storage/checkpoint/inspect.hpp"
#include "storage/checkpoint/manifest.hpp"
#include "storage/disk/file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/erasure_key.hpp"
#include "storage/log/log_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kLogPrefix = "log-";

absl::Status copy_file(Disk& disk, const std::string& from, const std::string& to) {
  constexpr std::size_t kTogether = 1u << 20;
  GRAPEVINE_ASSIGN_OR_RETURN(const File source, File::open(disk, from, O_RDONLY));
  GRAPEVINE_ASSIGN_OR_RETURN(File copy, File::open(disk, to, O_WRONLY | O_CREAT | O_EXCL));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t size, source.size());
  std::string buffer(kTogether, '\0');
  for (std::uint64_t offset = 0; offset < size; offset += kTogether) {
    const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(kTogether, size - offset));
    GRAPEVINE_RETURN_IF_ERROR(source.read_at(offset, buffer.data(), bytes));
    GRAPEVINE_RETURN_IF_ERROR(copy.write(std::string_view(buffer).substr(0, bytes)));
  }
  return copy.sync();
}

enum class Unchanging : std::uint8_t { Copy, Link };

// The files of one store from one folder to another, which is empty.
class StoreCopy {
 public:
  StoreCopy(Disk& disk, const std::string& from, const std::string& to, Unchanging unchanging)
      : disk_(disk), from_(from), to_(to), unchanging_(unchanging) {}

  // The checkpoint first: the log that is copied after it reaches back to it.
  absl::Status copy() {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<FoundFile> found,
                               find_checkpoint_files(disk_, from_));
    std::optional<std::uint64_t> newest;
    for (const FoundFile& file : found) {
      if (file.kind == CheckedKind::Manifest && file.finished) newest = file.number;
    }
    if (newest) GRAPEVINE_RETURN_IF_ERROR(copy_generation(*newest));
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk_, from_));
    for (const std::string& name : names) {
      if (name == kErasureKeyFile || is_log(name)) {
        GRAPEVINE_RETURN_IF_ERROR(copy_file(disk_, from_ + "/" + name, to_ + "/" + name));
      }
    }
    return sync_folder(disk_, to_);
  }

 private:
  absl::Status copy_generation(std::uint64_t number) {
    GRAPEVINE_ASSIGN_OR_RETURN(const Manifest manifest, read_manifest(disk_, from_, number));
    for (const Manifest::PartFile& part : manifest.parts) {
      GRAPEVINE_RETURN_IF_ERROR(take(file_name(CheckedKind::Part, part.number)));
    }
    GRAPEVINE_RETURN_IF_ERROR(take(file_name(CheckedKind::State, number)));
    return take(file_name(CheckedKind::Manifest, number));
  }

  absl::Status take(const std::string& name) {
    const std::string from = from_ + "/" + name;
    const std::string to = to_ + "/" + name;
    if (unchanging_ == Unchanging::Link && link_file(disk_, from, to).ok()) return absl::OkStatus();
    return copy_file(disk_, from, to);
  }

  static bool is_log(const std::string& name) {
    if (!name.starts_with(kLogPrefix)) return false;
    return name == log_file_name(std::strtoull(name.c_str() + kLogPrefix.size(), nullptr, 10));
  }

  Disk& disk_;
  const std::string& from_;
  const std::string& to_;
  Unchanging unchanging_;
};

absl::Status remove_files(Disk& disk, const std::string& folder) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk, folder));
  for (const std::string& name : names) {
    GRAPEVINE_RETURN_IF_ERROR(remove_file(disk, folder + "/" + name));
  }
  return absl::OkStatus();
}

absl::Status verify(Disk& disk, const std::string& folder) {
  GRAPEVINE_ASSIGN_OR_RETURN(const FolderReport report, inspect_folder(disk, folder));
  return report.damage.empty() ? absl::OkStatus() : absl::DataLossError(report.damage.front());
}

// Under another name until it is whole: half a copy must not be taken for a store.
absl::Status copy_store(Disk& disk, const std::string& from, const std::string& to,
                        Unchanging unchanging) {
  const std::string target = to.substr(0, to.find_last_not_of('/') + 1);
  GRAPEVINE_RETURN_IF_ERROR(make_folder(disk, target));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> there, list_folder(disk, target));
  if (!there.empty()) return absl::FailedPreconditionError("not empty: " + target);
  const std::string unfinished = target + ".unfinished";
  GRAPEVINE_RETURN_IF_ERROR(make_folder(disk, unfinished));
  constexpr int kTriesMax = 5;
  absl::Status copied;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    GRAPEVINE_RETURN_IF_ERROR(remove_files(disk, unfinished));
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> before, list_folder(disk, from));
    copied = StoreCopy(disk, from, unfinished, unchanging).copy();
    if (copied.ok()) copied = verify(disk, unfinished);
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> after, list_folder(disk, from));
    // A server that writes a checkpoint removes files that we wanted: then there is a newer one.
    if (copied.ok() || before == after) break;
  }
  GRAPEVINE_RETURN_IF_ERROR(copied);
  GRAPEVINE_RETURN_IF_ERROR(rename_file(disk, unfinished, target));
  return sync_folder(disk, target + "/..");
}

}  // namespace

absl::Status back_up(Disk& disk, const std::string& folder, const std::string& target) {
  return copy_store(disk, folder, target, Unchanging::Link);
}

absl::Status restore(Disk& disk, const std::string& backup, const std::string& folder) {
  GRAPEVINE_RETURN_IF_ERROR(verify(disk, backup));
  return copy_store(disk, backup, folder, Unchanging::Copy);
}

}  // namespace grapevine

#include "storage/checkpoint/checkpoint_files.hpp"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "storage/disk/folder.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<CheckpointFiles> CheckpointFiles::open(
    Disk& disk, std::string folder, const StoreId& store, const Manifest* loaded,
    std::span<const std::shared_ptr<const Part>> parts) {
  CheckpointFiles files(disk, std::move(folder), store);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<FoundFile> found,
                             find_checkpoint_files(disk, files.folder_));
  for (const FoundFile& file : found) {
    std::uint64_t& last =
        file.kind == CheckedKind::Part ? files.last_part_ : files.last_generation_;
    last = std::max(last, file.number);
  }
  if (loaded == nullptr) return files;
  files.generations_.push_back(*loaded);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    files.remember(runs_of(*parts[p]), loaded->parts[p]);
  }
  return files;
}

absl::Status CheckpointFiles::write(const Moment& moment, const CopyMessageIds& copy_message_ids) {
  const std::uint64_t last_part = last_part_;
  const absl::Status written = write_generation(moment, copy_message_ids);
  if (written.ok()) return written;
  // What a sync failed for is not tried again: the next attempt writes new files.
  const auto is_of_this = [&](std::uint64_t part) { return part > last_part; };
  std::erase_if(known_, [&](const auto& known) { return is_of_this(known.second.file.number); });
  remove([&](const FoundFile& file) {
    return file.kind == CheckedKind::Part ? is_of_this(file.number)
                                          : file.number == last_generation_;
  }).IgnoreError();
  return written;
}

absl::Status CheckpointFiles::write_generation(const Moment& moment,
                                               const CopyMessageIds& copy_message_ids) {
  Manifest manifest;
  manifest.generation = ++last_generation_;
  manifest.store = store_;
  manifest.sequence = moment.view->number();
  std::vector<std::shared_ptr<const Part>> parts;
  for (const auto& part : moment.view->parts()) {
    if (part->runs.empty()) continue;  // Nothing was left of it.
    GRAPEVINE_ASSIGN_OR_RETURN(const Manifest::PartFile file, file_of(*part));
    manifest.parts.push_back(file);
    parts.push_back(part);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(manifest.state,
                             write_file(manifest.state_name(), [&](const std::string& path) {
                               return write_state(*disk_, path, manifest.state_name(),
                                                  moment.save_state, parts, copy_message_ids);
                             }));
  GRAPEVINE_RETURN_IF_ERROR(sync_folder(*disk_, folder_));
  GRAPEVINE_RETURN_IF_ERROR(write_manifest(*disk_, folder_, manifest));
  generations_.push_back(std::move(manifest));
  if (generations_.size() > 2) generations_.erase(generations_.begin());
  return absl::OkStatus();
}

absl::Status CheckpointFiles::remove_unneeded() {
  std::vector<std::string> needed;
  for (const Manifest& kept : generations_) {
    needed.push_back(file_name(CheckedKind::Manifest, kept.generation));
    needed.push_back(file_name(CheckedKind::State, kept.generation));
    for (const auto& part : kept.parts) needed.push_back(file_name(CheckedKind::Part, part.number));
  }
  std::sort(needed.begin(), needed.end());
  const auto is_needed = [&needed](const std::string& name) {
    return std::binary_search(needed.begin(), needed.end(), name);
  };
  GRAPEVINE_RETURN_IF_ERROR(remove([&](const FoundFile& file) { return !is_needed(file.name); }));
  std::erase_if(known_, [&](const auto& known) {
    return known.first.expired() ||
           !is_needed(file_name(CheckedKind::Part, known.second.file.number));
  });
  return absl::OkStatus();
}

// Manifests first: none that a crash leaves may miss a file.
absl::Status CheckpointFiles::remove(const std::function<bool(const FoundFile&)>& is_unneeded) {
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<FoundFile> found, find_checkpoint_files(*disk_, folder_));
  std::erase_if(found, [&](const FoundFile& file) { return !is_unneeded(file); });
  const auto others = std::partition(found.begin(), found.end(), [](const FoundFile& file) {
    return file.kind == CheckedKind::Manifest;
  });
  for (auto file = found.begin(); file != found.end(); ++file) {
    if (file == others) GRAPEVINE_RETURN_IF_ERROR(sync_folder(*disk_, folder_));
    GRAPEVINE_RETURN_IF_ERROR(remove_file(*disk_, absl::StrCat(folder_, "/", file->name)));
  }
  return sync_folder(*disk_, folder_);
}

std::string CheckpointFiles::path(CheckedKind kind, std::uint64_t number) const {
  return absl::StrCat(folder_, "/", file_name(kind, number));
}

void CheckpointFiles::remember(const PartRuns& runs, const Manifest::PartFile& file) {
  known_[runs.front()] = {{runs.begin(), runs.end()}, file};
}

const CheckpointFiles::KnownPart* CheckpointFiles::find(const PartRuns& runs) const {
  const auto found = known_.find(runs.front());
  if (found == known_.end()) return nullptr;
  const auto same = [](const std::weak_ptr<const Run>& known,
                       const std::shared_ptr<const Run>& run) { return known.lock() == run; };
  const std::vector<std::weak_ptr<const Run>>& known = found->second.runs;
  return std::equal(known.begin(), known.end(), runs.begin(), runs.end(), same) ? &found->second
                                                                                : nullptr;
}

absl::StatusOr<Manifest::PartFile> CheckpointFiles::file_of(const Part& part) {
  const PartRuns runs = runs_of(part);
  if (const KnownPart* known = find(runs)) return known->file;
  Manifest::PartFile file;
  file.number = ++last_part_;
  for (const auto& run : runs) file.rows += run->size();
  const CheckedName name{CheckedKind::Part, store_, file.number};
  GRAPEVINE_ASSIGN_OR_RETURN(file.seal, write_file(name, [&](const std::string& path) {
                               return write_part(*disk_, path, name, runs);
                             }));
  remember(runs, file);
  return file;
}

// Under a name that recovery does not look at, until what reached the disk was read back.
template <typename Write>
absl::StatusOr<FileSeal> CheckpointFiles::write_file(const CheckedName& name, const Write& write) {
  const std::string finished = path(name.kind, name.number);
  const std::string unfinished = absl::StrCat(finished, kUnfinished);
  GRAPEVINE_ASSIGN_OR_RETURN(const FileSeal seal, write(unfinished));
  GRAPEVINE_RETURN_IF_ERROR(verify_file(*disk_, unfinished, name, seal));
  GRAPEVINE_RETURN_IF_ERROR(rename_file(*disk_, unfinished, finished));
  return seal;
}

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/checkpoint/manifest.hpp"
#include "storage/checkpoint/part_file.hpp"
#include "storage/checkpoint/state_file.hpp"

namespace grapevine {

/// The checkpoints in a store's folder: writes new generations, keeps the two newest that are known
/// to be whole, and removes files that neither needs. Not thread-safe.
class CheckpointFiles {
 public:
  /// `loaded`: what the store was opened from, if anything, and the parts that it read.
  static absl::StatusOr<CheckpointFiles> open(Disk& disk, std::string folder, const StoreId& store,
                                              const Manifest* loaded,
                                              std::span<const std::shared_ptr<const Part>> parts);

  /// Writes a generation: files of parts that have none yet, the state, and, when all of them were
  /// read back and are durable, the manifest. Parts of an earlier generation keep their files.
  /// After an error nothing is left of it, and the older generations stand as they did.
  absl::Status write(const Moment& moment, const CopyMessageIds& copy_message_ids);

  /// Removes what the kept generations do not need, unfinished files included.
  absl::Status remove_unneeded();

  /// Those that are kept, the older one first; at most two.
  [[nodiscard]] const std::vector<Manifest>& generations() const { return generations_; }

 private:
  // The file of a part's runs, as long as those live.
  struct KnownPart {
    std::vector<std::weak_ptr<const Run>> runs;
    Manifest::PartFile file;
  };

  CheckpointFiles(Disk& disk, std::string folder, const StoreId& store)
      : disk_(&disk), folder_(std::move(folder)), store_(store) {}
  absl::Status write_generation(const Moment& moment, const CopyMessageIds& copy_message_ids);
  absl::Status remove(const std::function<bool(const FoundFile&)>& is_unneeded);
  [[nodiscard]] std::string path(CheckedKind kind, std::uint64_t number) const;
  void remember(const PartRuns& runs, const Manifest::PartFile& file);
  const KnownPart* find(const PartRuns& runs) const;
  absl::StatusOr<Manifest::PartFile> file_of(const Part& part);
  template <typename Write>
  absl::StatusOr<FileSeal> write_file(const CheckedName& name, const Write& write);

  Disk* disk_;
  std::string folder_;
  StoreId store_;
  std::vector<Manifest> generations_;
  // By the first of its runs. A part has at least one.
  std::map<std::weak_ptr<const Run>, KnownPart, std::owner_less<>> known_;
  std::uint64_t last_part_ = 0;  // The largest number that a file has or had.
  std::uint64_t last_generation_ = 0;
};

}  // namespace grapevine

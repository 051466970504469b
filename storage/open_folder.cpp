#include "storage/open_folder.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>

#include "storage/change.hpp"
#include "storage/checkpoint/load.hpp"
#include "storage/disk/folder.hpp"
#include "storage/erasure_key.hpp"
#include "storage/log/batch_codec.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

absl::Status replay_record(StoreState& state, RecordType type, std::uint64_t sequence,
                           std::string_view payload) {
  if (type != RecordType::Batch) {
    const auto kind =
        static_cast<std::size_t>(type) - static_cast<std::size_t>(RecordType::Document);
    GRAPEVINE_ASSIGN_OR_RETURN(const Change change, decode_change(kind, payload));
    state.apply(change, sequence);
    return absl::OkStatus();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const Batch batch, decode_batch(payload));
  state.remember(batch);
  state.apply(batch, sequence);
  return absl::OkStatus();
}

// Why the log does not reach back: the checkpoints that it was cut for.
absl::Status with_damage(const absl::Status& log, const std::vector<absl::Status>& damaged) {
  std::string message(log.message());
  for (const absl::Status& checkpoint : damaged) {
    message += "; " + std::string(checkpoint.message());
  }
  return {log.code(), message};
}

}  // namespace

absl::StatusOr<OpenedFolder> open_folder(const StoreOptions& options) {
  OpenedFolder opened;
  Disk& disk = *options.disk;
  GRAPEVINE_RETURN_IF_ERROR(make_folder(disk, options.folder));
  GRAPEVINE_ASSIGN_OR_RETURN(opened.lock,
                             File::open(disk, options.folder + "/LOCK", O_RDWR | O_CREAT));
  GRAPEVINE_RETURN_IF_ERROR(opened.lock.lock());
  GRAPEVINE_ASSIGN_OR_RETURN(const ErasedIds::Key key,
                             erasure_key(disk, options.folder, options.salvage));
  GRAPEVINE_ASSIGN_OR_RETURN(RecoveredCheckpoint found,
                             recover_checkpoint(disk, options.folder, [&] {
                               return std::make_unique<StoreState>(options, key);
                             }));
  opened.state = std::move(found.state);
  for (const absl::Status& damaged : found.damaged) {
    opened.recovery.damaged.emplace_back(damaged.message());
  }
  LogOptions log;
  log.file_bytes = options.log_file_bytes;
  log.salvage = options.salvage;
  if (found.manifest) {
    log.first_needed = found.manifest->sequence + 1;
    log.store = found.manifest->store;
    opened.recovery.generation = found.manifest->generation;
    opened.recovery.sequence = found.manifest->sequence;
  }
  const std::vector<std::shared_ptr<const Part>> parts = opened.state->parts();
  const auto replay = [&opened](RecordType type, std::uint64_t sequence, std::string_view payload) {
    opened.replayed_bytes += payload.size();
    return replay_record(*opened.state, type, sequence, payload);
  };
  absl::StatusOr<std::unique_ptr<Log>> replayed = Log::open(disk, options.folder, log, replay);
  if (!replayed.ok()) return with_damage(replayed.status(), found.damaged);
  opened.log = *std::move(replayed);
  opened.recovery.records = opened.log->recovery().records;
  GRAPEVINE_ASSIGN_OR_RETURN(
      opened.checkpoints,
      CheckpointFiles::open(disk, options.folder, opened.log->store(),
                            found.manifest ? &*found.manifest : nullptr, parts));
  return opened;
}

}  // namespace grapevine

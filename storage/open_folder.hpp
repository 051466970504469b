#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <absl/status/statusor.h>

#include "storage/checkpoint/checkpoint_files.hpp"
#include "storage/disk/file.hpp"
#include "storage/log/log.hpp"
#include "storage/store.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

/// A store's folder that is this process's, and what it held.
struct OpenedFolder {
  File lock;
  std::unique_ptr<StoreState> state;
  std::unique_ptr<Log> log;
  std::optional<CheckpointFiles> checkpoints;
  Recovery recovery;
  std::uint64_t replayed_bytes = 0;  ///< Of the log.
};

/// Takes a folder's lock, loads its newest whole checkpoint and replays the log behind it.
/// Errors  as Store::open.
absl::StatusOr<OpenedFolder> open_folder(const StoreOptions& options);

}  // namespace grapevine

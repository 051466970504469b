#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "storage/checkpoint/manifest.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

/// Reads one generation whole, or fails: `state`, to which nothing was applied, is useless then.
/// Files are read in parallel, and indexes are built meanwhile.
/// Errors  DataLoss: damage, with file and offset. Unavailable: the file system said no.
/// Cost    the bytes of the files, and 10 to 100 ns for each string of a dictionary.
absl::StatusOr<Manifest> load_checkpoint(Disk& disk, const std::string& folder,
                                         std::uint64_t generation, StoreState& state);

/// What was found of checkpoints when a store was opened.
struct RecoveredCheckpoint {
  std::optional<Manifest> manifest;  ///< Of the newest whole generation; nullopt: none is.
  std::unique_ptr<StoreState> state;
  /// Newer ones that are not whole: what is wrong with each. They stay until the next checkpoint.
  std::vector<absl::Status> damaged;
};

/// Loads the newest whole generation in a folder. Errors  Unavailable: the folder cannot be read.
/// `new_state` makes a state to which nothing was applied.
absl::StatusOr<RecoveredCheckpoint> recover_checkpoint(
    Disk& disk, const std::string& folder,
    const std::function<std::unique_ptr<StoreState>()>& new_state);

}  // namespace grapevine

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "storage/checkpoint/checked_file.hpp"
#include "storage/checkpoint/fields.hpp"
#include "storage/part.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

/// A store as it stood at one moment, for a checkpoint.
struct Moment {
  std::shared_ptr<const Snapshot> view;  ///< Its events; its number is the sequence covered.
  SaveLater save_state;                  ///< All else but the messages that are remembered.
};
/// MessageIds::copy, between two batches. What a later piece has more is of records that are durable
/// by then, and behind the checkpoint's sequence: replay finds them remembered already, and stores
/// their rows all the same.
using CopyMessageIds =
    std::function<absl::StatusOr<std::vector<MessageIds::OfDay>>(std::size_t& shard)>;

/// Which rows of a run are dead, in a checkpoint.
struct DeadRowsOfRun {
  std::uint32_t part = 0;  ///< By place in the manifest.
  std::uint32_t run = 0;   ///< By place in the part.
  std::uint64_t count = 0;
  std::vector<std::uint64_t> bits;
};

/// Writes all of a store that is not in a part's file, and makes it durable. `parts` are those of
/// the manifest, in its order.
absl::StatusOr<FileSeal> write_state(Disk& disk, const std::string& path, const CheckedName& name,
                                     const SaveLater& save_state,
                                     std::span<const std::shared_ptr<const Part>> parts,
                                     const CopyMessageIds& copy_message_ids);

/// Reads it into a state to which nothing was applied, and returns the dead rows. `aside` as of
/// FieldReader: the state is whole when those tasks are done.
absl::StatusOr<std::vector<DeadRowsOfRun>> read_state(Disk& disk, const std::string& path,
                                                      const CheckedName& name,
                                                      const FileSeal& expected, StoreState& state,
                                                      std::function<void(FieldReader::Task)> aside);

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/checkpoint/checked_file.hpp"

namespace grapevine {

/// What one generation of a checkpoint consists of: the parts, each a file that generations share,
/// and a state file of the generation's number. A generation exists once its manifest does.
struct Manifest {
  struct PartFile {
    std::uint64_t number = 0;
    FileSeal seal;
    std::uint64_t rows = 0;  ///< Dead ones included.
  };
  std::uint64_t generation = 0;
  StoreId store{};
  std::uint64_t sequence = 0;  ///< Of the last record of the log that it covers.
  FileSeal state;
  std::vector<PartFile> parts;  ///< In the order in which the store lists them.

  [[nodiscard]] CheckedName state_name() const { return {CheckedKind::State, store, generation}; }
  [[nodiscard]] CheckedName part_name(const PartFile& part) const {
    return {CheckedKind::Part, store, part.number};
  }
  [[nodiscard]] std::uint64_t bytes() const;  ///< Of the parts and the state.
};

/// The name of a file in its folder: part-000000000123, state-00000012, manifest-00000012.
std::string file_name(CheckedKind kind, std::uint64_t number);

/// What stands behind the name of a file that is still written.
inline constexpr const char* kUnfinished = ".tmp";

/// A file of a checkpoint that is in a folder, finished or not.
struct FoundFile {
  std::string name;
  CheckedKind kind = CheckedKind::Part;
  std::uint64_t number = 0;
  bool finished = false;
};
/// Those in a folder, by name.
absl::StatusOr<std::vector<FoundFile>> find_checkpoint_files(Disk& disk, const std::string& folder);

/// Writes a manifest and makes it durable, name and all: from then on the generation exists.
/// Precondition: its files are durable, names and all.
absl::Status write_manifest(Disk& disk, const std::string& folder, const Manifest& manifest);

/// Errors  DataLoss: damage, with file and offset. Unavailable: the file system said no.
absl::StatusOr<Manifest> read_manifest(Disk& disk, const std::string& folder,
                                       std::uint64_t generation);

/// Reads a file to its end, from the disk itself where the system lets us, and compares.
absl::Status verify_file(Disk& disk, const std::string& path, const CheckedName& name,
                         const FileSeal& expected);

}  // namespace grapevine

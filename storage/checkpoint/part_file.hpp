#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "storage/checkpoint/checked_file.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// The runs of a part, which versions of the part share: which of their rows are dead stands in the
/// state file.
using PartRuns = std::vector<std::shared_ptr<const Run>>;

PartRuns runs_of(const Part& part);

/// Writes a part's columns as they stand in memory, and makes them durable.
/// Cost: the bytes of the part; no copy of it.
absl::StatusOr<FileSeal> write_part(Disk& disk, const std::string& path, const CheckedName& name,
                                    const PartRuns& runs);

/// Reads a part's runs back, equal in every column.
/// Errors  DataLoss: damage, with file and offset. Unavailable: the file system said no.
absl::StatusOr<PartRuns> read_part(Disk& disk, const std::string& path, const CheckedName& name,
                                   const FileSeal& expected);

}  // namespace grapevine

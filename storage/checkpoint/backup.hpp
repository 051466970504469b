#pragma once

#include <string>

#include <absl/status/status.h>

#include "storage/disk/disk.hpp"

namespace grapevine {

/// Copies a store, on which a server may run, to a folder that can be opened as it is: the newest
/// checkpoint and the log behind it, with everything that was acknowledged before the call. Files
/// that never change are linked where both folders are on one file system, so that a backup beside
/// the store takes little room but shares its disk's fate. What was copied is verified at the end,
/// and has the name `target` from then on.
/// Errors  FailedPrecondition: `target` is there and not empty. NotFound: no store is in `folder`.
///         DataLoss: the store is damaged. Unavailable: the file system said no.
absl::Status back_up(Disk& disk, const std::string& folder, const std::string& target);

/// Verifies a backup and copies it to a folder, in which nothing may be. Errors as of back_up.
absl::Status restore(Disk& disk, const std::string& backup, const std::string& folder);

}  // namespace grapevine

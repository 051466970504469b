#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/disk/disk.hpp"

namespace grapevine {

/// Names are durable only after `sync_folder`: until then a crash may undo a file that was made,
/// renamed, linked or removed, each by itself. All errors are Unavailable and say the call, the
/// path and why.

/// Makes the folder where it is missing, its parents too, and makes that durable.
absl::Status make_folder(Disk& disk, const std::string& folder);

/// The names in a folder, sorted.
absl::StatusOr<std::vector<std::string>> list_folder(Disk& disk, const std::string& folder);

/// fsync of the folder, once.
absl::Status sync_folder(Disk& disk, const std::string& folder);

/// Takes the place of `to` where that exists.
absl::Status rename_file(Disk& disk, const std::string& from, const std::string& to);
/// A second name for a file; an error where `to` exists.
absl::Status link_file(Disk& disk, const std::string& from, const std::string& to);
absl::Status remove_file(Disk& disk, const std::string& path);

}  // namespace grapevine

#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "storage/disk/disk.hpp"

namespace grapevine {

/// Renames a damaged file to FILE.damaged (FILE.damaged-2 where that exists, and so on), durably.
absl::Status set_aside(Disk& disk, const std::string& path);

/// Puts `bytes` in the place of a damaged file and keeps that one as `set_aside` does. A crash
/// leaves one or the other under the name, whole.
absl::Status replace_damaged(Disk& disk, const std::string& path, std::string_view bytes);

/// Makes or replaces a file, durably and as one.
absl::Status put_file(Disk& disk, const std::string& path, std::string_view bytes);

}  // namespace grapevine

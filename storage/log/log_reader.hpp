#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "storage/log/log.hpp"

namespace grapevine {

/// The name of a log's file.
std::string log_file_name(std::uint64_t number);

struct LogFile {
  std::string path;
  std::uint64_t number = 0;
  std::uint64_t first_sequence = 0;  ///< Of its first record; 0: its records are not needed.
  std::uint64_t bytes = 0;           ///< Without a torn tail.
};

/// What a folder holds of a log.
struct LogContents {
  std::optional<StoreId> store;  ///< nullopt: there is no log.
  std::vector<LogFile> files;    ///< The oldest first; the last one is where the log goes on.
  std::string headless_file;     ///< Behind those; a crash kept its header off the disk. "": none.
  std::uint64_t last_sequence = 0;  ///< 0: there is no log.
  /// The end of the last file, from where no record says that it is on the disk. A sync that failed
  /// may have left it in memory alone, where a later sync no longer sees it.
  std::string unproven;
  LogRecovery recovery;
};

/// Reads the log in `folder`, and changes nothing unless it salvages: gives every record that is needed to `replay`, in
/// order. Files whose records come before those are not read. Errors  as Log::open.
absl::StatusOr<LogContents> read_log(Disk& disk, const std::string& folder,
                                     const LogOptions& options, const Log::Replay& replay);

}  // namespace grapevine

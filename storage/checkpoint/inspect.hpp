#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "storage/checkpoint/checked_file.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// One part of a store, as its file says.
struct PartReport {
  std::uint64_t file = 0;  ///< Its number.
  std::uint64_t file_bytes = 0;
  std::uint64_t rows = 0;  ///< Dead ones included.
  std::size_t runs = 0;
  TimeMs first = 0, last = 0;
};

/// What the newest whole generation holds.
struct ContentsReport {
  std::uint64_t events = 0, customers = 0, attributes = 0, event_names = 0, columns = 0;
  std::uint64_t documents = 0, imports = 0, messages = 0;
  std::vector<PartReport> parts;
  std::vector<CheckedReader::Section> state;          ///< Sections of the state file.
  std::map<std::string, std::uint64_t> column_bytes;  ///< Of all parts in memory, by column.
};

/// What a store's folder holds, and whether it is whole. No name, id or value of a person is in it.
struct FolderReport {
  using Part = PartReport;
  using Contents = ContentsReport;
  struct Generation {
    std::uint64_t number = 0;
    std::uint64_t sequence = 0;  ///< Of the last record of the log that it covers.
    std::uint64_t bytes = 0;
    std::size_t parts = 0;
    bool whole = false;
  };
  struct Log {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t records = 0;  ///< Behind the oldest whole generation.
    std::uint64_t last_sequence = 0;
    std::uint64_t torn_bytes = 0;  ///< At its end, of no whole record; the next start cuts them.
  };
  std::vector<Generation> generations;  ///< The oldest first.
  std::optional<Contents> contents;     ///< nullopt: no generation is whole.
  Log log;
  std::vector<std::string> damage;  ///< File, offset, what; empty: all of it is whole.
};

/// Reads every file of a folder and verifies every checksum. A server may run on it meanwhile:
/// nothing is changed, and what it replaces while we read is read again.
/// Errors  NotFound: the folder holds no store. Unavailable: the file system said no.
/// Cost    about what opening the store takes.
absl::StatusOr<FolderReport> inspect_folder(Disk& disk, const std::string& folder);

}  // namespace grapevine

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/disk/disk.hpp"

namespace grapevine {

/// What a record of the log is.
/// After `Batch` the kinds of `Change`, in its order.
enum class RecordType : std::uint8_t {
  Batch = 1,
  Document,
  Unmerge,
  Erasure,
  ImportUndo,
  Memberships,
  Rescoring,
  Lost = 255  ///< A salvage found nothing of some records; replayed to nobody.
};

/// Drawn once, when a store is made: what belongs to it says so.
using StoreId = std::array<std::uint8_t, 16>;

struct LogOptions {
  std::size_t file_bytes = 256u << 20;  ///< A file is closed at this size and the next one begun.
  /// What comes before this sequence is in a checkpoint: it is not replayed and may be missing.
  std::uint64_t first_needed = 1;
  std::optional<StoreId> store;  ///< Whose log it must be; nullopt: any, or one of a new store.
  /// Skips damage instead of refusing it: what is whole behind it is replayed.
  bool salvage = false;
};

/// Damage that a salvage skipped.
struct LogLoss {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;           ///< 0: they are missing altogether.
  std::uint64_t first_sequence = 0;  ///< The records that were there; 0: none that is missed.
  std::uint64_t last_sequence = 0;   ///< 0: nothing behind them says how many there were.
};

/// "FILE: offset 48: 31 bytes, records 13 to 14".
std::string to_line(const LogLoss& loss);

/// What `open` replayed, what it found behind the last whole record and cut off, and what a salvage
/// could not read.
struct LogRecovery {
  std::uint64_t records = 0;
  std::uint64_t torn_bytes = 0;
  std::string torn_file;
  std::vector<LogLoss> losses;
};

/// The write-ahead log: numbered files of checksummed records, written at the end only.
///
/// File    magic "GRAPELOG", version, store id, file number, first sequence number, checksum.
/// Record  crc32c | length | type | sequence | durable | payload: `durable` is the last sequence
/// that was
///         known to be on the disk when the record was written. The checksum covers all that
///         follows it and starts from the file's own, so that bytes of an older file are never
///         taken for a record.
///
/// A crash may tear what was not yet synced, in any order of blocks. So the first bad record of the
/// last file ends the log, unless a whole record behind it says `durable` >= the bad one's
/// sequence: then what was promised is lost, and `open` refuses.
///
/// A salvage replaces each damaged file by one with the records of it that are whole, between them
/// records that say which are lost, and keeps the damaged one as FILE.damaged. The log is sound
/// then, and sequences stay what they were.
///
/// Not thread-safe, one writer; but `cut`, `store`, `bytes` and `syncs` may be called from any
/// thread.
class Log {
 public:
  using Replay =
      std::function<absl::Status(RecordType, std::uint64_t sequence, std::string_view payload)>;

  /// Opens the log in `folder`, which exists, gives every record that is needed to `replay` in
  /// order, and cuts a torn tail. A log that ends before `first_needed` goes on there, in a new
  /// file. Errors  DataLoss: damage or a gap in what is needed, with file and offset. Unavailable:
  /// the file system said no. What `replay` returned, with file and offset.
  static absl::StatusOr<std::unique_ptr<Log>> open(Disk& disk, const std::string& folder,
                                                   const LogOptions& options, const Replay& replay);
  virtual ~Log() = default;

  /// Adds a record to what the next `commit` writes. Sequences grow by one.
  virtual void add(RecordType type, std::uint64_t sequence, std::string_view payload) = 0;
  /// Writes what was added and makes it durable. After a failure every further call fails with it:
  /// what the disk holds is not known any more, so nothing is tried twice. Errors  Unavailable: the
  /// call that failed, and why.
  virtual absl::Status commit() = 0;

  /// Ends the file that is written, if it has records, and begins the next one, so that `cut` can
  /// remove it. Errors  as `commit`. Precondition: nothing was added since the last commit.
  virtual absl::Status begin_next_file() = 0;

  /// Removes the files whose records are all <= `sequence`, oldest first, and makes that durable.
  /// The file that is written stays. Errors  Unavailable: what could not be removed stays, and a
  /// later call tries again.
  virtual absl::Status cut(std::uint64_t sequence) = 0;

  [[nodiscard]] virtual StoreId store() const = 0;
  /// Of the last record that was added; before the first, what `first_needed` follows.
  [[nodiscard]] virtual std::uint64_t last_sequence() const = 0;
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;  ///< Of all files.
  [[nodiscard]] virtual std::uint64_t syncs() const = 0;
  [[nodiscard]] virtual const LogRecovery& recovery() const = 0;
};

}  // namespace grapevine

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace grapevine {

/// What a record of the log is.
/// After `Batch` the kinds of `Change`, in its order.
enum class RecordType : std::uint8_t { Batch = 1, Document, Unmerge, Erasure, ImportUndo };

/// What `open` found behind the last whole record, and cut off.
struct LogRecovery {
  std::uint64_t records = 0;
  std::uint64_t torn_bytes = 0;
  std::string torn_file;
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
/// Not thread-safe: one writer.
class Log {
 public:
  using Replay =
      std::function<absl::Status(RecordType, std::uint64_t sequence, std::string_view payload)>;

  /// Opens the log in `folder`, which exists, gives every record to `replay` in order, and cuts a
  /// torn tail. Errors  DataLoss: damage, with file and offset. Unavailable: the file system said
  /// no. What `replay`
  ///         returned, with file and offset.
  static absl::StatusOr<std::unique_ptr<Log>> open(const std::string& folder,
                                                   std::size_t file_bytes, const Replay& replay);
  virtual ~Log() = default;

  /// Adds a record to what the next `commit` writes. Sequences grow by one.
  virtual void add(RecordType type, std::uint64_t sequence, std::string_view payload) = 0;
  /// Writes what was added and makes it durable. After a failure every further call fails with it:
  /// what the disk holds is not known any more, so nothing is tried twice. Errors  Unavailable: the
  /// call that failed, and why.
  virtual absl::Status commit() = 0;

  [[nodiscard]] virtual std::uint64_t bytes() const = 0;  ///< Of all files.
  [[nodiscard]] virtual std::uint64_t syncs() const = 0;
  [[nodiscard]] virtual const LogRecovery& recovery() const = 0;
};

}  // namespace grapevine

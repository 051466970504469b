#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/disk/disk.hpp"
#include "storage/disk/file.hpp"
#include "storage/log/format.hpp"

namespace grapevine {

/// What a file of a checkpoint holds.
enum class CheckedKind : std::uint8_t { Part = 1, State = 2, Manifest = 3 };

/// Which file it is: it stands in its header, so that one is never taken for another.
struct CheckedName {
  CheckedKind kind = CheckedKind::Part;
  StoreId store{};
  std::uint64_t number = 0;
  bool operator==(const CheckedName&) const = default;
};

/// How a file was left: what its manifest says of it, and what is compared when it is read.
struct FileSeal {
  std::uint64_t bytes = 0;
  std::uint32_t checksum = 0;  ///< Of the last chunk, which goes on from all before it.
  bool operator==(const FileSeal&) const = default;
};

/// A file that is written once, from begin to end, and read the same way, with a checksum for each
/// chunk of at most kChunkBytes.
///
/// File    magic "GRAPECHK", version, kind, store id, number, checksum.
/// Chunk   crc32c | length | type | payload. The checksum covers what follows it and goes on from
///         the chunk before, so that no chunk can be lost, doubled or moved.
/// Types   Section: the payload is a name and a version; data of it follows. Data. End: no payload,
///         and nothing behind it.
struct CheckedFile {
  static constexpr std::size_t kChunkBytes = 256u << 10;
  static constexpr std::size_t kHeaderBytes = 8 + 4 + 1 + 16 + 8 + 4;
  static constexpr std::size_t kChunkHeaderBytes = 4 + 4 + 1;
  static constexpr std::uint32_t kVersion = 1;
  enum class ChunkType : std::uint8_t { Section = 1, Data = 2, End = 3 };

  static std::string encode_header(const CheckedName& name);
};

/// Writes one. A failure is kept: what follows does nothing, and `finish` returns it.
/// Not thread-safe.
class CheckedWriter {
 public:
  /// Makes the file, which must not exist.
  static absl::StatusOr<CheckedWriter> create(Disk& disk, const std::string& path,
                                              const CheckedName& name);

  void section(std::string_view name, std::uint32_t version);
  void write(const void* data, std::size_t bytes);

  /// Ends the file and makes its content durable (not its name). To be called once.
  absl::StatusOr<FileSeal> finish();

 private:
  explicit CheckedWriter(File file) : file_(std::move(file)) {}
  void write_chunk(CheckedFile::ChunkType type, std::string_view payload);
  void write_pending();
  void put(std::string_view bytes);

  /// Bytes that may wait for the disk. A sync of the log that comes meanwhile may have to wait for
  /// them, so they are few. They are written out but not synced: a sync would make the log's wait
  /// for the file system's journal, too.
  static constexpr std::uint64_t kWaitingMax = 1u << 20;

  File file_;
  absl::Status status_;
  std::uint32_t checksum_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t waiting_ = 0;  // Of `bytes_`, at the end.
  std::string pending_;
};

/// Reads one. A failure is kept: what follows yields zeros, and `finish` returns it.
/// Not thread-safe.
class CheckedReader {
 public:
  /// Errors  DataLoss: the header is not the named file's. Unavailable: the file system said no.
  static absl::StatusOr<CheckedReader> open(Disk& disk, const std::string& path,
                                            const CheckedName& name);
  /// The same for a file whose store is to be learned from it: `name.store` is set.
  static absl::StatusOr<CheckedReader> open_any_store(Disk& disk, const std::string& path,
                                                      CheckedName& name);

  /// Begins the section of that name, and returns its version, at most `newest`. The one before it
  /// must have been read to its end.
  std::uint32_t section(std::string_view name, std::uint32_t newest);
  void read(void* to, std::size_t bytes);
  /// What comes next, at least 1 and at most `bytes` of it; empty after a failure. Valid until the
  /// next call.
  std::string_view read_some(std::size_t bytes);
  /// Bytes of the file that were not read yet: no count of anything can be larger.
  [[nodiscard]] std::uint64_t left() const { return end_ - offset_ + pending_.size(); }
  [[nodiscard]] bool ok() const { return status_.ok(); }
  /// What follows comes from the disk itself, as far as the system heeds a hint.
  void forget_cached() { file_.forget_cached(); }
  /// Keeps a failure: what was read cannot be.
  void fail(std::string_view what);

  struct Section {
    std::string name;
    std::uint32_t version = 0;
    std::uint64_t bytes = 0;  ///< On the disk, checksums included.
  };
  /// Reads to the end without looking at the data: the sections that were not begun yet.
  std::vector<Section> skim();

  /// Whether all was read, and whole. Errors  DataLoss: damage, with file and offset.
  absl::StatusOr<FileSeal> finish();

 private:
  CheckedReader(File file, std::uint64_t end) : file_(std::move(file)), end_(end) {}
  absl::Status read_header(const std::string& path, CheckedName& name, bool any_store);
  bool next_chunk();

  File file_;
  absl::Status status_;
  std::uint64_t end_;         // The file's size.
  std::uint64_t offset_ = 0;  // Of the next chunk.
  std::uint64_t chunk_ = 0;   // Of the current one.
  std::uint32_t checksum_ = 0;
  CheckedFile::ChunkType type_ = CheckedFile::ChunkType::Section;
  std::string buffer_;        // The current chunk's payload and the next one's header.
  std::string_view pending_;  // What of the payload was not read yet.
};

}  // namespace grapevine

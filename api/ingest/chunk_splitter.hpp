#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/ingest/chunk.hpp"
#include "api/ingest/import_format.hpp"
#include "api/ingest/record_scan.hpp"

namespace grapevine {

/// Cuts the input of an import, which comes in pieces of any size, into chunks of whole records.
/// Holds no more than a chunk and a record, however long a record is. Not thread-safe.
class ChunkSplitter {
 public:
  /// A chunk is cut as soon as it has as many bytes: some ten thousand events.
  static constexpr std::size_t kChunkBytes = 2u << 20;

  /// `offset`: bytes of the inflated input before the first piece.
  ChunkSplitter(ImportFormat format, std::uint64_t offset);

  /// The chunks that this piece completes.
  std::vector<Chunk> add(std::string_view piece);
  /// What of the input so far is whole records, however little that is; none: nothing is.
  std::vector<Chunk> take_whole();
  /// What is left, whose last record may lack its line break. Nothing is added after it.
  std::vector<Chunk> finish();

 private:
  std::string_view skip(std::string_view piece, std::vector<Chunk>& chunks);
  void begin_skipping();
  Chunk cut();
  Chunk end_skipping();

  RecordScan scan_;
  std::string buffer_;
  std::size_t whole_ = 0;     // Bytes of buffer_ that are whole records.
  std::uint64_t offset_ = 0;  // Of the buffer's begin, or of what is skipped.
  bool skipping_ = false;     // Inside a record that is too long.
  std::uint64_t skipped_begin_ = 0;
  std::size_t skipped_lines_ = 0;
};

}  // namespace grapevine

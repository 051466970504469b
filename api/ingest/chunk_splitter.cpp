#include "api/ingest/chunk_splitter.hpp"

#include <algorithm>
#include <utility>

#include "api/collect/limits.hpp"

namespace grapevine {
namespace {

// Pieces are taken in slices, so that a piece of any size makes chunks of about one size.
constexpr std::size_t kSliceBytes = 256u << 10;

std::size_t line_breaks(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

ChunkSplitter::ChunkSplitter(ImportFormat format, std::uint64_t offset)
    : scan_(format), offset_(offset) {}

std::vector<Chunk> ChunkSplitter::add(std::string_view piece) {
  std::vector<Chunk> chunks;
  while (!piece.empty()) {
    if (skipping_) {
      piece = skip(piece, chunks);
      continue;
    }
    const std::string_view slice = piece.substr(0, kSliceBytes);
    piece.remove_prefix(slice.size());
    const std::size_t end = scan_.last_end(slice);
    if (end != RecordScan::kNone) whole_ = buffer_.size() + end;
    buffer_.append(slice);
    const bool overlong = buffer_.size() - whole_ > kImportLineBytesMax;
    if (whole_ >= kChunkBytes || (overlong && whole_ > 0)) {
      chunks.push_back(cut());
      buffer_.reserve(kChunkBytes + 2 * kSliceBytes + kChunkPadding);
    }
    if (overlong) begin_skipping();
  }
  return chunks;
}

std::vector<Chunk> ChunkSplitter::take_whole() {
  std::vector<Chunk> chunks;
  if (whole_ > 0) chunks.push_back(cut());
  return chunks;
}

std::vector<Chunk> ChunkSplitter::finish() {
  std::vector<Chunk> chunks;
  if (skipping_) chunks.push_back(end_skipping());
  whole_ = buffer_.size();
  if (whole_ > 0) chunks.push_back(cut());
  return chunks;
}

// Drops what belongs to the record that is too long; returns what comes after it.
std::string_view ChunkSplitter::skip(std::string_view piece, std::vector<Chunk>& chunks) {
  const std::size_t end = scan_.first_end(piece);
  const std::string_view dropped = piece.substr(0, end);
  skipped_lines_ += line_breaks(dropped);
  offset_ += dropped.size();
  if (end == RecordScan::kNone) return {};
  chunks.push_back(end_skipping());
  return piece.substr(end);
}

void ChunkSplitter::begin_skipping() {
  skipping_ = true;
  skipped_begin_ = offset_;
  skipped_lines_ = line_breaks(buffer_);
  offset_ += buffer_.size();
  buffer_.clear();
}

Chunk ChunkSplitter::end_skipping() {
  skipping_ = false;
  Chunk chunk;
  chunk.begin = skipped_begin_;
  chunk.end = offset_;
  chunk.is_overlong = true;
  chunk.overlong_lines = std::max<std::size_t>(skipped_lines_, 1);
  return chunk;
}

// Hands the buffer over as it is, without copying more than the record that is not whole.
Chunk ChunkSplitter::cut() {
  std::string rest = buffer_.substr(whole_);
  buffer_.resize(whole_);
  buffer_.reserve(whole_ + kChunkPadding);
  Chunk chunk;
  chunk.text = std::exchange(buffer_, std::move(rest));
  chunk.begin = offset_;
  offset_ += whole_;
  chunk.end = offset_;
  whole_ = 0;
  return chunk;
}

}  // namespace grapevine

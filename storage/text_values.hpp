#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_DCtx_s;

namespace grapevine {

/// Texts of the rows of a run, in blocks that are compressed one by one. Read by a TextReader.
/// Immutable once filled; any number of threads may read.
struct TextValues {
  /// Rows [first_row, the next block's). Plain it is the length of each text as a varint, then
  /// their bytes.
  struct Block {
    std::uint32_t first_row = 0;
    std::uint32_t plain_bytes = 0;
    std::uint64_t begin = 0;  ///< Where its bytes begin in `bytes`.
    bool compressed = false;  ///< By zstd.
  };
  std::size_t rows = 0;
  std::vector<Block> blocks;
  std::string bytes;

  [[nodiscard]] std::size_t size() const { return rows; }
  [[nodiscard]] std::size_t held() const {
    return blocks.capacity() * sizeof(Block) + bytes.capacity();
  }
};

/// Reads texts, and keeps the block that it read last. Not thread-safe; refers to the values.
class TextReader {
 public:
  explicit TextReader(const TextValues& values);
  ~TextReader();
  TextReader(TextReader&& other) noexcept;
  TextReader& operator=(TextReader&&) = delete;

  /// The text of a row, valid until the next call. Cost: O(1) in the block of the call before, else
  /// a block of some 16 KiB is decompressed.
  std::string_view at(std::size_t row);

 private:
  void load(std::size_t row);

  const TextValues* values_;
  std::size_t first_row_ = 0;  // Of the block that is loaded.
  std::size_t last_row_ = 0;   // Behind it; 0: none is loaded.
  std::string plain_;
  std::vector<std::uint32_t> begins_;  // By row of the block, and the end; in `text_`.
  std::string_view text_;
  ZSTD_DCtx_s* context_ = nullptr;
};

/// Fills TextValues row by row.
class TextWriter {
 public:
  enum class Compression : std::uint8_t { None, Zstd };
  explicit TextWriter(Compression compression) : compression_(compression) {}

  void add(std::string_view text);
  TextValues finish() &&;

 private:
  static constexpr std::size_t kBlockBytes = 16u << 10;
  void end_block();

  Compression compression_;
  TextValues values_;
  std::string lengths_;
  std::string texts_;
  std::size_t first_row_ = 0;
};

}  // namespace grapevine

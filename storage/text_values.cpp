#include "storage/text_values.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <zstd.h>

namespace grapevine {
namespace {

constexpr int kLevel = 3;

void put_varint(std::string& bytes, std::size_t number) {
  for (; number >= 0x80; number >>= 7) bytes.push_back(static_cast<char>(number | 0x80));
  bytes.push_back(static_cast<char>(number));
}

// Reads a number off the front of `bytes`. What is read is what TextWriter wrote.
std::uint32_t take_varint(std::string_view& bytes) {
  std::uint32_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint32_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return number;
  }
}

}  // namespace

TextReader::TextReader(const TextValues& values) : values_(&values) {}
TextReader::~TextReader() { ZSTD_freeDCtx(context_); }
TextReader::TextReader(TextReader&& other) noexcept
    : values_(other.values_), context_(std::exchange(other.context_, nullptr)) {}

std::string_view TextReader::at(std::size_t row) {
  if (row < first_row_ || row >= last_row_) load(row);
  const std::size_t i = row - first_row_;
  return text_.substr(begins_[i], begins_[i + 1] - begins_[i]);
}

void TextReader::load(std::size_t row) {
  const auto& blocks = values_->blocks;
  const auto after = std::upper_bound(
      blocks.begin(), blocks.end(), row,
      [](std::size_t wanted, const TextValues::Block& block) { return wanted < block.first_row; });
  const TextValues::Block& block = *(after - 1);
  first_row_ = block.first_row;
  last_row_ = after == blocks.end() ? values_->rows : after->first_row;
  const std::size_t end = after == blocks.end() ? values_->bytes.size() : after->begin;
  std::string_view plain = std::string_view(values_->bytes).substr(block.begin, end - block.begin);
  if (block.compressed) {
    if (context_ == nullptr) context_ = ZSTD_createDCtx();
    plain_.resize(block.plain_bytes);
    [[maybe_unused]] const std::size_t bytes =
        ZSTD_decompressDCtx(context_, plain_.data(), plain_.size(), plain.data(), plain.size());
    assert(bytes == block.plain_bytes);
    plain = plain_;
  }
  begins_.assign(1, 0);
  for (std::size_t r = first_row_; r < last_row_; ++r) {
    begins_.push_back(begins_.back() + take_varint(plain));
  }
  text_ = plain;
}

void TextWriter::add(std::string_view text) {
  put_varint(lengths_, text.size());
  texts_ += text;
  ++values_.rows;
  if (lengths_.size() + texts_.size() >= kBlockBytes) end_block();
}

void TextWriter::end_block() {
  TextValues::Block block;
  block.first_row = static_cast<std::uint32_t>(first_row_);
  block.begin = values_.bytes.size();
  lengths_ += texts_;
  block.plain_bytes = static_cast<std::uint32_t>(lengths_.size());
  if (compression_ == Compression::Zstd) {
    values_.bytes.resize(block.begin + ZSTD_compressBound(lengths_.size()));
    const std::size_t bytes =
        ZSTD_compress(values_.bytes.data() + block.begin, values_.bytes.size() - block.begin,
                      lengths_.data(), lengths_.size(), kLevel);
    block.compressed = ZSTD_isError(bytes) == 0 && bytes < lengths_.size();
    values_.bytes.resize(block.begin + (block.compressed ? bytes : 0));
  }
  if (!block.compressed) values_.bytes += lengths_;
  values_.blocks.push_back(block);
  lengths_.clear();
  texts_.clear();
  first_row_ = values_.rows;
}

TextValues TextWriter::finish() && {
  if (first_row_ < values_.rows) end_block();
  values_.bytes.shrink_to_fit();
  values_.blocks.shrink_to_fit();
  return std::move(values_);
}

}  // namespace grapevine

#include <algorithm>
#include <cstring>

#include "kernels/query/column.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kChunkBytesMin = 4u << 10;
constexpr std::size_t kChunkBytesMax = 1u << 20;

}  // namespace

void TextBuilder::add(std::string_view text) {
  if (text.size() > left_) {
    if (!chunks_) chunks_ = std::make_shared<std::vector<std::unique_ptr<char[]>>>();
    // Chunks double, so that few texts take little and many are found in few places.
    const std::size_t doubled = kChunkBytesMin << std::min<std::size_t>(chunks_->size(), 8);
    const std::size_t bytes = std::max(text.size(), std::min(doubled, kChunkBytesMax));
    chunks_->push_back(std::make_unique_for_overwrite<char[]>(bytes));
    free_ = chunks_->back().get();
    left_ = bytes;
  }
  if (text.empty()) return texts_.push_back(std::string_view(""));
  std::memcpy(free_, text.data(), text.size());
  texts_.emplace_back(free_, text.size());
  free_ += text.size();
  left_ -= text.size();
}

void TextBuilder::keep_texts_of(const ColumnPtr& column) {
  if (const auto* texts = std::get_if<TextValues>(&column->values)) {
    keep_.insert(keep_.end(), texts->keep.begin(), texts->keep.end());
  } else if (const auto* pooled = column->pooled()) {
    keep_.push_back(pooled->pool);
  } else {
    keep_.push_back(column);
  }
}

std::shared_ptr<Column> TextBuilder::finish(bool nullable, std::vector<std::uint8_t> nulls) && {
  auto column = std::make_shared<Column>();
  column->type = DataType{.id = TypeId::String, .nullable = nullable};
  column->rows = texts_.size();
  column->nulls = std::move(nulls);
  if (chunks_) keep_.push_back(std::move(chunks_));
  column->values = TextValues{.texts = std::move(texts_), .keep = std::move(keep_)};
  return column;
}

}  // namespace grapevine::sql

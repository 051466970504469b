#include "api/encode/arrow/arrow_cells.hpp"

#include <span>

namespace grapevine {

ArrowColumn ArrowCells::column() const {
  const bool narrow = type_ == ArrowType::Dictionary || type_ == ArrowType::Utf8;
  return {valid_, nulls_,
          narrow ? std::as_bytes(std::span(ints_)) : std::as_bytes(std::span(words_)), text_};
}

// All rows until here have values. The word of the next row is there, unless it begins one.
void ArrowCells::begin_bits() {
  valid_.assign((rows_ + 63) / 64, ~std::uint64_t{0});
  if (rows_ % 64 != 0) valid_.back() = (std::uint64_t{1} << (rows_ % 64)) - 1;
}

void ArrowCells::clear() {
  rows_ = 0;
  nulls_ = 0;
  valid_.clear();
  words_.clear();
  ints_.clear();
  text_.clear();
  if (type_ == ArrowType::Utf8) ints_.push_back(0);
}

}  // namespace grapevine

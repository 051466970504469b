#include "api/encode/arrow/arrow_cells.hpp"

#include <span>

namespace grapevine {

ArrowColumn ArrowCells::column() const {
  const bool narrow = type_ == ArrowType::Dictionary || type_ == ArrowType::Utf8;
  return {valid_, nulls_,
          narrow ? std::as_bytes(std::span(ints_)) : std::as_bytes(std::span(words_)), text_};
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

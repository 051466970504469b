#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "kernels/query/column.hpp"
#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// The Strings of a column, however they are kept. Valid as long as the column.
class Texts {
 public:
  explicit Texts(const ColumnPtr& column);
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;

  [[nodiscard]] std::string_view operator[](std::size_t row) const { return texts_[row & mask_]; }
  [[nodiscard]] bool constant() const { return mask_ == 0; }

 private:
  std::vector<std::string_view> own_;
  const std::string_view* texts_;
  std::size_t mask_;
};

/// Makes the Strings of a result within the limits of a row and a block. After the first text that is
/// beyond them nothing is added any more, and `finish` says so.
class ResultTexts {
 public:
  explicit ResultTexts(std::size_t rows) : builder_(rows) {}

  /// Whether texts of so many bytes are within the limits: to be asked before they are made.
  [[nodiscard]] bool fits(std::size_t bytes) {
    if (bytes > kTextBytesMax || bytes_ + bytes > kBlockTextBytesMax) failed_ = true;
    return !failed_;
  }
  void add(std::string_view text) {
    if (!fits(text.size())) return;
    bytes_ += text.size();
    builder_.add(text);
  }
  /// A text that stands in a column given to `keep`; costs no copy.
  void add_kept(std::string_view text) { builder_.add_kept(text); }
  void keep(const ColumnPtr& column) { builder_.keep_texts_of(column); }
  [[nodiscard]] bool failed() const { return failed_; }
  /// Errors  ArgumentOutOfBound (69): the limits of a row or a block.
  absl::StatusOr<ColumnPtr> finish() &&;

 private:
  TextBuilder builder_;
  std::size_t bytes_ = 0;
  bool failed_ = false;
};

}  // namespace grapevine::sql

#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/encode/arrow/arrow_column.hpp"

namespace grapevine {

/// A column of an Arrow batch while it is made, cell by cell. Whoever has whole columns lends them
/// as an ArrowColumn instead.
///
/// Preconditions  the type is Null, Bool, Int64, Float64, Timestamp, Utf8 or Dictionary; only cells of the column's type, or nulls; texts are UTF-8, and those of a batch
///                are less than 2 GiB.
class ArrowCells {
 public:
  explicit ArrowCells(ArrowType type) : type_(type) { clear(); }

  void add_null() {
    if (nulls_++ == 0) begin_bits();
    begin_row(0);
    switch (type_) {
      case ArrowType::Null: break;
      case ArrowType::Bool: add_bit(0); break;
      case ArrowType::Int64:
      case ArrowType::Float64:
      case ArrowType::Timestamp: words_.push_back(0); break;
      case ArrowType::Dictionary: ints_.push_back(0); break;
      case ArrowType::Utf8: end_text(); break;
      default: assert(false);
    }
    ++rows_;
  }
  void add_bool(bool value) {
    begin_row(1);
    add_bit(value ? 1 : 0);
    ++rows_;
  }
  /// An Int64, or the milliseconds of a Timestamp.
  void add_int(std::int64_t value) {
    begin_row(1);
    words_.push_back(static_cast<std::uint64_t>(value));
    ++rows_;
  }
  void add_double(double value) {
    begin_row(1);
    words_.push_back(std::bit_cast<std::uint64_t>(value));
    ++rows_;
  }
  void add_code(std::int32_t code) {
    begin_row(1);
    ints_.push_back(code);
    ++rows_;
  }
  void add_text(std::string_view text) {
    begin_row(1);
    text_.append(text);
    end_text();
    ++rows_;
  }

  [[nodiscard]] ArrowType type() const { return type_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t text_bytes() const { return text_.size(); }
  /// Valid until the next cell is added.
  [[nodiscard]] ArrowColumn column() const;
  void clear();

 private:
  // Which rows are not null is not noted before one is: most columns have all values.
  void begin_row(std::uint64_t valid) {
    if (nulls_ == 0) return;
    if (rows_ % 64 == 0) valid_.push_back(0);
    valid_.back() |= valid << (rows_ % 64);
  }
  void begin_bits();
  void add_bit(std::uint64_t bit) {
    if (rows_ % 64 == 0) words_.push_back(0);
    words_.back() |= bit << (rows_ % 64);
  }
  void end_text() { ints_.push_back(static_cast<std::int32_t>(text_.size())); }

  ArrowType type_;
  std::size_t rows_ = 0;
  std::size_t nulls_ = 0;
  std::vector<std::uint64_t> valid_;
  std::vector<std::uint64_t> words_;  // Values of 8 bytes, or bits.
  std::vector<std::int32_t> ints_;    // Codes, or where texts end.
  std::string text_;
};

}  // namespace grapevine

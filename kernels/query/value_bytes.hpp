#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Appends the value of a row as bytes from which `ValueBytesReader` makes it again. Two values of one
/// type are the same bytes where GROUP BY sees one key: all NaNs are one, -0.0 and 0.0 are two.
///
/// A value is, where its type may be NULL, first a byte: 1, and nothing more, if it is; else 0. Then of a
/// String its size in 8 bytes and its bytes, of an Array its size in 8 bytes and its elements, of a Tuple
/// its elements, of others what is stored.
void append_value(const Column& column, std::size_t row, std::string& bytes);
/// Those of a type's default: NULL, where it may be.
void append_default(const DataType& type, std::string& bytes);

/// The column with these NULLs, one a row, instead of its own; empty: without any. Its type follows.
/// Precondition: none or a type that can have them. Not of constants.
ColumnPtr with_nulls(ColumnPtr column, std::vector<std::uint8_t> nulls);

/// Makes a column of values that `append_value` wrote. Not thread-safe.
class ValueBytesReader {
 public:
  explicit ValueBytesReader(DataType type);
  /// Adds the value that stands at the beginning of `bytes`, and takes it off there.
  /// Precondition: a value of the type stands there.
  void read(std::string_view& bytes);
  /// Adds the type's default.
  void add_default();
  [[nodiscard]] ColumnPtr finish() &&;

 private:
  DataType type_;
  std::size_t width_ = 0;
  std::size_t rows_ = 0;
  std::vector<std::uint8_t> nulls_;
  std::vector<char> fixed_;
  TextBuilder texts_{0};
  std::vector<std::uint64_t> ends_;
  std::vector<ValueBytesReader> elements_;
};

}  // namespace grapevine::sql

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/encode/arrow/arrow_column.hpp"
#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Lays columns out as Arrow does. What can be lent as it stands is; for the rest it has memory of its
/// own, used again for the next column. Not thread-safe.
class ArrowValues {
 public:
  /// The layout of the first `rows` of a column. Valid until the next call, and as long as the
  /// column. Invalid UTF-8 becomes U+FFFD. Precondition: less than 2 GiB of text, and of rows of
  /// arrays.
  ArrowColumn lay_out(const Column& column, std::size_t rows);

 private:
  void lay_out_nulls(ArrowColumn& laid, const Column& column, std::size_t rows);
  ArrowColumn lay_out_texts(const Column& column, std::size_t rows);
  void make_valid(std::size_t rows);

  std::vector<std::uint64_t> valid_;
  std::vector<std::uint64_t> words_;
  std::vector<std::int32_t> ints_;
  std::string text_;
  ColumnPtr full_;
  std::vector<ArrowValues> children_;
};

/// The field of a column. Strings are Utf8; times are Timestamps of their zone or of `session_zone`.
ArrowField arrow_field(std::string_view name, const DataType& type,
                       const std::string& session_zone);

/// A bit a byte, lowest first, of whether it is 0 (`zero`) or not.
void pack_bits(const std::uint8_t* bytes, std::size_t count, bool zero,
               std::vector<std::uint64_t>& bits);

}  // namespace grapevine::sql

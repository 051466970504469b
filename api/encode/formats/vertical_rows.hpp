#pragma once

#include <string>
#include <vector>

#include "api/encode/formats/byte_buffer.hpp"
#include "api/encode/formats/format_writer.hpp"

namespace grapevine::sql {

/// Rows one below the other, a line a value: of Vertical, and of Pretty where a table is too wide.
class VerticalRows {
 public:
  explicit VerticalRows(const std::vector<ResultColumn>& columns);
  /// A title and the line below it.
  static void append_title(ByteBuffer& out, std::string_view title, std::size_t width);
  /// "Row 12:", as wide as it is; one wider before a number that needs one digit more.
  static void append_title(ByteBuffer& out, std::uint64_t row);
  void append_name(ByteBuffer& out, std::size_t column) const { out.append(names_[column]); }

 private:
  std::vector<std::string> names_;  // With colons, as wide as the widest.
};

}  // namespace grapevine::sql

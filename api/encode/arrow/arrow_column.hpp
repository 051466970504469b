#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace grapevine {

/// What a column of an Arrow stream holds.
enum class ArrowType : std::uint8_t {
  Null,        ///< Nothing: every row is null.
  Bool,        ///< A bit a row, lowest first.
  Int64,       ///< 8 bytes a row.
  Float64,     ///< 8 bytes a row.
  Timestamp,   ///< Milliseconds since 1970 in 8 bytes, of UTC.
  Utf8,        ///< Texts.
  Dictionary,  ///< 4-byte codes of texts that the stream was given before.
};

struct ArrowField {
  std::string name;
  ArrowType type = ArrowType::Null;
  bool nullable = true;
};

/// The rows of one column, as Arrow lays them out. Views: whoever has the column lends it.
struct ArrowColumn {
  /// A bit a row, lowest first, 1 = not null; rows past the end are 0. Empty: no row is null.
  std::span<const std::uint64_t> valid;
  std::size_t nulls = 0;
  /// Bool: bits in 64-bit words. Int64, Float64, Timestamp: 8 bytes a row. Dictionary: std::int32_t
  /// a row. Utf8: std::int32_t rows + 1 times, where each text begins, and the end of the last.
  std::span<const std::byte> values;
  std::string_view text = {};  ///< Of Utf8: UTF-8.
};

}  // namespace grapevine

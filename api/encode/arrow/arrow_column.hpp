#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// What a column of an Arrow stream holds.
enum class ArrowType : std::uint8_t {
  Null,  ///< Nothing: every row is null.
  Bool,  ///< A bit a row, lowest first.
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float32,
  Float64,
  Date,        ///< Days since 1970 in 4 bytes, signed.
  Timestamp,   ///< Units of time since 1970, UTC, in 8 bytes, signed.
  Utf8,        ///< Texts.
  Dictionary,  ///< 4-byte codes of texts that the stream was given before.
  List,        ///< Rows of the only child.
  Struct,      ///< A row of each child.
};

/// Bytes of a row that has a fixed number of them; 0: Null, Bool, Utf8, List and Struct.
constexpr std::size_t width_of(ArrowType type) {
  switch (type) {
    using enum ArrowType;
    case Int8:
    case UInt8: return 1;
    case Int16:
    case UInt16: return 2;
    case Int32:
    case UInt32:
    case Float32:
    case Date:
    case Dictionary: return 4;
    case Int64:
    case UInt64:
    case Float64:
    case Timestamp: return 8;
    case Null:
    case Bool:
    case Utf8:
    case List:
    case Struct: break;
  }
  return 0;
}

enum class ArrowTimeUnit : std::uint8_t { Second, Millisecond, Microsecond, Nanosecond };

struct ArrowField {
  std::string name;
  ArrowType type = ArrowType::Null;
  bool nullable = true;
  ArrowTimeUnit unit = ArrowTimeUnit::Millisecond;  ///< Of Timestamp.
  std::string timezone = "UTC";                     ///< Of Timestamp: IANA.
  std::vector<ArrowField> children = {};            ///< Of List and Struct.
};

struct ArrowChild;

/// The rows of one column, as Arrow lays them out. Views: whoever has the column lends it.
struct ArrowColumn {
  /// A bit a row, lowest first, 1 = not null; rows past the end are 0. Empty: no row is null.
  std::span<const std::uint64_t> valid = {};
  std::size_t nulls = 0;
  /// Bool: bits in 64-bit words. Utf8 and List: std::int32_t rows + 1 times, where the text, or the
  /// rows of the child, of each row begin, and the end of the last. Else width_of(type) bytes a row.
  std::span<const std::byte> values = {};
  std::string_view text = {};             ///< Of Utf8: UTF-8.
  std::vector<ArrowChild> children = {};  ///< Of List and Struct.
};

struct ArrowChild {
  ArrowType type = ArrowType::Null;
  std::size_t rows = 0;
  ArrowColumn column = {};
};

}  // namespace grapevine

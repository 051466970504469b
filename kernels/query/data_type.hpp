#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace grapevine::sql {

/// The types of SQL's values, ClickHouse's by name and meaning.
enum class TypeId : std::uint8_t {
  /// Of NULL alone, and then nullable; of elements that an empty array does not have.
  Nothing,
  Bool,  ///< 0 or 1 in a byte.
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Int8,
  Int16,
  Int32,
  Int64,
  Float32,
  Float64,
  String,      ///< Bytes.
  Date,        ///< UInt16: days since 1970-01-01.
  DateTime,    ///< UInt32: seconds since 1970, UTC.
  DateTime64,  ///< Int64: units of 10^-scale seconds since 1970, UTC.
  Interval,    ///< Int64: so many of a unit.
  Array,
  Tuple,
};

enum class IntervalUnit : std::uint8_t {
  Nanosecond,
  Microsecond,
  Millisecond,
  Second,
  Minute,
  Hour,
  Day,
  Week,
  Month,
  Quarter,
  Year,
};

/// One type in full. A value: cheap to copy, equal where its names are.
struct DataType {
  TypeId id = TypeId::Nothing;
  bool nullable = false;                ///< Never of Array and Tuple.
  std::uint8_t scale = 0;               ///< Of DateTime64: decimal digits of a second, at most 9.
  IntervalUnit unit = {};               ///< Of Interval.
  std::string timezone = {};            ///< Of DateTime and DateTime64: IANA; empty: the session's.
  std::vector<DataType> elements = {};  ///< Of Array one, of Tuple each.
  std::vector<std::string> element_names = {};  ///< Of Tuple, or empty.

  friend bool operator==(const DataType&, const DataType&) = default;
};

/// "Nullable(DateTime64(3, 'UTC'))".
std::string name_of(const DataType& type);

/// Reads such a name: aliases (INT, TEXT, DOUBLE, ...) and LowCardinality(T), which is T here, too.
/// Errors  UnknownType (50), SyntaxError (62): see query_error.hpp. Names nest at most 32 deep.
absl::StatusOr<DataType> parse_type(std::string_view name);

inline DataType plain(TypeId id) { return DataType{.id = id}; }
/// The type with NULL; of Array and Tuple the type itself.
DataType nullable(DataType type);
/// The type without NULL. Nothing stays Nothing.
DataType not_null(DataType type);
DataType array_of(DataType element);

constexpr bool is_integer(TypeId id) { return id >= TypeId::UInt8 && id <= TypeId::Int64; }
constexpr bool is_signed(TypeId id) { return id >= TypeId::Int8 && id <= TypeId::Int64; }
constexpr bool is_float(TypeId id) { return id == TypeId::Float32 || id == TypeId::Float64; }
constexpr bool is_numeric(TypeId id) {
  return is_integer(id) || is_float(id) || id == TypeId::Bool;
}
constexpr bool is_time(TypeId id) {
  return id == TypeId::Date || id == TypeId::DateTime || id == TypeId::DateTime64;
}

/// Bytes of a value that is kept in a fixed number of them; 0: String, Array and Tuple. Nothing: 1.
std::size_t width_of(TypeId id);

/// The type that holds the values of all: what `if`, arrays and UNION have.
/// Errors  NoCommonType (386).
absl::StatusOr<DataType> common_type(const std::vector<DataType>& types);

}  // namespace grapevine::sql

#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

/// Another name of a type, as databases before ClickHouse have it.
struct TypeAlias {
  std::string_view name;  ///< In capitals, but read in any case.
  TypeId id;
};
inline constexpr auto kTypeAliases = std::to_array<TypeAlias>({
    {"BOOL", TypeId::Bool},
    {"BOOLEAN", TypeId::Bool},
    {"TIMESTAMP", TypeId::DateTime},
    {"DATE", TypeId::Date},
    {"DATETIME", TypeId::DateTime},
    {"DATETIME32", TypeId::DateTime},
    {"DATETIME64", TypeId::DateTime64},
    {"FLOAT", TypeId::Float32},
    {"REAL", TypeId::Float32},
    {"SINGLE", TypeId::Float32},
    {"DOUBLE", TypeId::Float64},
    {"DOUBLE PRECISION", TypeId::Float64},
    {"BYTE", TypeId::Int8},
    {"INT1", TypeId::Int8},
    {"INT1 SIGNED", TypeId::Int8},
    {"TINYINT", TypeId::Int8},
    {"TINYINT SIGNED", TypeId::Int8},
    {"SMALLINT", TypeId::Int16},
    {"SMALLINT SIGNED", TypeId::Int16},
    {"INT", TypeId::Int32},
    {"INT SIGNED", TypeId::Int32},
    {"INTEGER", TypeId::Int32},
    {"INTEGER SIGNED", TypeId::Int32},
    {"MEDIUMINT", TypeId::Int32},
    {"MEDIUMINT SIGNED", TypeId::Int32},
    {"BIGINT", TypeId::Int64},
    {"BIGINT SIGNED", TypeId::Int64},
    {"SIGNED", TypeId::Int64},
    {"INT1 UNSIGNED", TypeId::UInt8},
    {"TINYINT UNSIGNED", TypeId::UInt8},
    {"SMALLINT UNSIGNED", TypeId::UInt16},
    {"YEAR", TypeId::UInt16},
    {"INT UNSIGNED", TypeId::UInt32},
    {"INTEGER UNSIGNED", TypeId::UInt32},
    {"MEDIUMINT UNSIGNED", TypeId::UInt32},
    {"BIGINT UNSIGNED", TypeId::UInt64},
    {"BIT", TypeId::UInt64},
    {"SET", TypeId::UInt64},
    {"UNSIGNED", TypeId::UInt64},
    {"BINARY LARGE OBJECT", TypeId::String},
    {"BINARY VARYING", TypeId::String},
    {"BLOB", TypeId::String},
    {"BYTEA", TypeId::String},
    {"CHAR", TypeId::String},
    {"CHAR LARGE OBJECT", TypeId::String},
    {"CHAR VARYING", TypeId::String},
    {"CHARACTER", TypeId::String},
    {"CHARACTER LARGE OBJECT", TypeId::String},
    {"CHARACTER VARYING", TypeId::String},
    {"CLOB", TypeId::String},
    {"LONGBLOB", TypeId::String},
    {"LONGTEXT", TypeId::String},
    {"MEDIUMBLOB", TypeId::String},
    {"MEDIUMTEXT", TypeId::String},
    {"NATIONAL CHAR", TypeId::String},
    {"NATIONAL CHAR VARYING", TypeId::String},
    {"NATIONAL CHARACTER", TypeId::String},
    {"NATIONAL CHARACTER LARGE OBJECT", TypeId::String},
    {"NATIONAL CHARACTER VARYING", TypeId::String},
    {"NCHAR", TypeId::String},
    {"NCHAR LARGE OBJECT", TypeId::String},
    {"NCHAR VARYING", TypeId::String},
    {"NVARCHAR", TypeId::String},
    {"TEXT", TypeId::String},
    {"TINYBLOB", TypeId::String},
    {"TINYTEXT", TypeId::String},
    {"VARBINARY", TypeId::String},
    {"VARCHAR", TypeId::String},
    {"VARCHAR2", TypeId::String},
});

/// What each type is called.
inline constexpr auto kTypeNames = std::to_array<std::pair<std::string_view, TypeId>>({
    {"Nothing", TypeId::Nothing},
    {"Bool", TypeId::Bool},
    {"UInt8", TypeId::UInt8},
    {"UInt16", TypeId::UInt16},
    {"UInt32", TypeId::UInt32},
    {"UInt64", TypeId::UInt64},
    {"Int8", TypeId::Int8},
    {"Int16", TypeId::Int16},
    {"Int32", TypeId::Int32},
    {"Int64", TypeId::Int64},
    {"Float32", TypeId::Float32},
    {"Float64", TypeId::Float64},
    {"String", TypeId::String},
    {"Date", TypeId::Date},
    {"DateTime", TypeId::DateTime},
    {"DateTime32", TypeId::DateTime},
    {"DateTime64", TypeId::DateTime64},
});

/// By IntervalUnit.
inline constexpr auto kIntervalNames = std::to_array<std::string_view>(
    {"IntervalNanosecond", "IntervalMicrosecond", "IntervalMillisecond", "IntervalSecond",
     "IntervalMinute", "IntervalHour", "IntervalDay", "IntervalWeek", "IntervalMonth",
     "IntervalQuarter", "IntervalYear"});

/// Types of ClickHouse that are known not to be here, so that the message can say so.
inline constexpr auto kTypesNotHere = std::to_array<std::string_view>({"AggregateFunction",
                                                                       "BFloat16",
                                                                       "Date32",
                                                                       "Decimal",
                                                                       "Decimal128",
                                                                       "Decimal256",
                                                                       "Decimal32",
                                                                       "Decimal64",
                                                                       "Dynamic",
                                                                       "Enum",
                                                                       "Enum16",
                                                                       "Enum8",
                                                                       "FixedString",
                                                                       "Geometry",
                                                                       "IPv4",
                                                                       "IPv6",
                                                                       "Int128",
                                                                       "Int256",
                                                                       "JSON",
                                                                       "LineString",
                                                                       "Map",
                                                                       "MultiLineString",
                                                                       "MultiPolygon",
                                                                       "Nested",
                                                                       "Point",
                                                                       "Polygon",
                                                                       "QBit",
                                                                       "Ring",
                                                                       "SimpleAggregateFunction",
                                                                       "Time",
                                                                       "Time64",
                                                                       "UInt128",
                                                                       "UInt256",
                                                                       "UUID",
                                                                       "Variant"});
inline constexpr auto kAliasesNotHere = std::to_array<std::string_view>(
    {"DEC", "DECIMAL", "FIXED", "NUMERIC", "ENUM", "BINARY", "INET4", "INET6", "TIME"});

}  // namespace grapevine::sql

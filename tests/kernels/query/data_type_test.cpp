#include "kernels/query/data_type.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

std::string read_and_named(std::string_view name) {
  const auto type = parse_type(name);
  return type.ok() ? name_of(*type)
                   : "error " + std::to_string(int(query_error_code(type.status())));
}

std::string common(const std::vector<std::string>& names) {
  std::vector<DataType> types;
  for (const std::string& name : names) types.push_back(parse_type(name).value());
  const auto type = common_type(types);
  return type.ok() ? name_of(*type)
                   : "error " + std::to_string(int(query_error_code(type.status())));
}

// Expected: toTypeName(CAST(x, name)) of ClickHouse 26.7.
TEST(DataType, NamesAreReadAndWritten) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"UInt8", "UInt8"},
      {"Nullable(DateTime64(3, 'UTC'))", "Nullable(DateTime64(3, 'UTC'))"},
      {"DateTime64", "DateTime64(3)"},
      {"DateTime(3)", "DateTime64(3)"},
      {"DateTime('Asia/Seoul')", "DateTime('Asia/Seoul')"},
      {" Array ( Nullable( Int8 ) ) ", "Array(Nullable(Int8))"},
      {"LowCardinality(Nullable(String))", "Nullable(String)"},
      {"Tuple(a UInt8, `b c` String)", "Tuple(a UInt8, `b c` String)"},
      {"Tuple(DOUBLE PRECISION, x DOUBLE PRECISION)", "error 36"},
      {"Tuple(x DOUBLE PRECISION)", "Tuple(x Float64)"},
      {"Tuple(DOUBLE PRECISION)", "Tuple(Float64)"},
      {"Tuple()", "Tuple()"},
      {"IntervalMonth", "IntervalMonth"},
      {"int unsigned", "UInt32"},
      {"INT(11) UNSIGNED", "UInt32"},
      {"VARCHAR(255)", "String"},
      {"char varying(3)", "String"},
      {"BIGINT SIGNED", "Int64"},
      {"boolean", "Bool"},
      {"timestamp", "DateTime"},
  };
  for (const auto& [name, expected] : cases) EXPECT_EQ(read_and_named(name), expected) << name;
}

TEST(DataType, WrongNamesAreRefusedByTheirCodes) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "error 62"},
      {"Foo", "error 50"},
      {"uint8", "error 50"},
      {"nullable(UInt8)", "error 50"},
      {"Array(UInt8", "error 62"},
      {"UInt8 x", "error 62"},
      {"Array()", "error 42"},
      {"Array(UInt8, UInt8)", "error 42"},
      {"Nullable", "error 42"},
      {"Nullable(Array(UInt8))", "error 43"},
      {"Nullable(Nullable(UInt8))", "error 43"},
      {"Nullable(LowCardinality(String))", "error 43"},
      {"LowCardinality(Array(UInt8))", "error 43"},
      {"DateTime64(10)", "error 69"},
      {"DateTime('Foo/Bar')", "error 36"},
      {"DateTime('../../etc/passwd')", "error 36"},
      {"DateTime('/dev/zero')", "error 36"},
      {"Tuple(a UInt8, String)", "error 36"},
      {"Tuple(a UInt8, a String)", "error 15"},
      {"Decimal(10, 2)", "error 48"},
      {"UUID", "error 48"},
      {"DateTime64(99999999999999999999999)", "error 62"},
      {"Tuple(`a", "error 62"},
  };
  for (const auto& [name, expected] : cases) EXPECT_EQ(read_and_named(name), expected) << name;
}

TEST(DataType, NestingIsLimited) {
  const auto nested = [](std::size_t depth) {
    std::string name;
    for (std::size_t i = 0; i < depth; ++i) name += "Array(";
    return name + "UInt8" + std::string(depth, ')');
  };
  EXPECT_EQ(read_and_named(nested(32)), nested(32));
  EXPECT_EQ(read_and_named(nested(33)), "error 306");
  EXPECT_EQ(read_and_named(nested(100'000)), "error 62");  // Longer than a name may be.
}

// Expected: toTypeName([x, y]) of ClickHouse 26.7 with use_variant_as_common_type = 0.
TEST(DataType, CommonTypeIsTheLeastSupertype) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"Bool", "UInt8"}, "Bool"},
      {{"UInt8", "Bool"}, "UInt8"},
      {{"Bool", "UInt16"}, "UInt16"},
      {{"Bool", "Int8"}, "Int16"},
      {{"UInt8", "Int8"}, "Int16"},
      {{"UInt16", "Int8"}, "Int32"},
      {{"UInt32", "Int64"}, "Int64"},
      {{"UInt64", "Int8"}, "error 386"},
      {{"UInt64", "UInt8"}, "UInt64"},
      {{"UInt16", "Float32"}, "Float32"},
      {{"Int32", "Float32"}, "Float64"},
      {{"Int64", "Float64"}, "error 386"},
      {{"Float32", "Float64"}, "Float64"},
      {{"String", "UInt8"}, "error 386"},
      {{"String", "Nullable(Nothing)"}, "Nullable(String)"},
      {{"Nullable(UInt8)", "Int8"}, "Nullable(Int16)"},
      {{"Nullable(Nothing)", "Nullable(Nothing)"}, "Nullable(Nothing)"},
      {{"Date", "DateTime('UTC')"}, "DateTime('UTC')"},
      {{"DateTime", "DateTime('UTC')"}, "DateTime"},
      {{"Date", "DateTime('UTC')", "DateTime('Asia/Tokyo')"}, "DateTime('UTC')"},
      {{"DateTime('UTC')", "DateTime64(3)"}, "DateTime64(3)"},
      {{"DateTime64(3, 'UTC')", "DateTime64(3, 'Asia/Tokyo')"}, "DateTime64(3, 'UTC')"},
      {{"DateTime64(3)", "DateTime64(3, 'Asia/Tokyo')", "DateTime64(2, 'UTC')"},
       "DateTime64(3, 'Asia/Tokyo')"},
      {{"Date", "UInt16"}, "error 386"},
      {{"IntervalDay", "IntervalWeek"}, "IntervalDay"},
      {{"IntervalMonth", "IntervalYear"}, "IntervalMonth"},
      {{"IntervalDay", "IntervalMonth"}, "error 386"},
      {{"IntervalDay", "UInt8"}, "error 386"},
      {{"Array(Nothing)", "Array(UInt8)"}, "Array(UInt8)"},
      {{"Array(Nullable(Int8))", "Array(UInt8)"}, "Array(Nullable(Int16))"},
      {{"Array(UInt8)", "UInt8"}, "error 386"},
      {{"Array(UInt8)", "Nullable(Nothing)"}, "error 386"},
      {{"Tuple(UInt8, String)", "Tuple(a UInt8, b String)"}, "Tuple(UInt8, String)"},
      {{"Tuple(a UInt8)", "Tuple(a Int8)"}, "Tuple(a Int16)"},
      {{"Tuple(UInt8)", "Tuple(UInt8, UInt8)"}, "error 386"},
  };
  for (const auto& [names, expected] : cases) {
    EXPECT_EQ(common(names), expected) << testing::PrintToString(names);
  }
}

TEST(QueryError, KeepsItsCode) {
  const absl::Status failed = query_error(QueryErrorCode::UnknownTable, "no such table: x");
  EXPECT_EQ(query_error_code(failed), QueryErrorCode::UnknownTable);
  EXPECT_EQ(name_of(query_error_code(failed)), "UNKNOWN_TABLE");
  EXPECT_EQ(query_error_code(absl::CancelledError("")), QueryErrorCode::QueryWasCancelled);
  EXPECT_EQ(query_error_code(absl::DeadlineExceededError("")), QueryErrorCode::TimeoutExceeded);
}

}  // namespace
}  // namespace grapevine::sql

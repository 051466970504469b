#include "tests/queries/rows_match.hpp"

#include <gtest/gtest.h>

namespace grapevine::tests {
namespace {

TEST(RowsMatch, NamesTypesAndValuesCount) {
  const std::string rows = "a\tb\nUInt8\tString\n1\tx\n2\ty\n";
  EXPECT_EQ(rows_mismatch(rows, rows, false), "");
  EXPECT_NE(rows_mismatch(rows, "a\tc\nUInt8\tString\n1\tx\n2\ty\n", false), "");
  EXPECT_NE(rows_mismatch(rows, "a\tb\nUInt8\tInt8\n1\tx\n2\ty\n", false), "");
  EXPECT_NE(rows_mismatch(rows, "a\tb\nUInt8\tString\n1\tx\n2\tz\n", false), "");
  EXPECT_NE(rows_mismatch(rows, "a\tb\nUInt8\tString\n1\tx\n", false), "");
  EXPECT_NE(rows_mismatch(rows, "Code: 47. DB::Exception", false), "");
}

TEST(RowsMatch, OrderCountsUnlessSaidOtherwise) {
  const std::string rows = "a\nUInt8\n1\n2\n";
  const std::string other = "a\nUInt8\n2\n1\n";
  EXPECT_NE(rows_mismatch(rows, other, false), "");
  EXPECT_EQ(rows_mismatch(rows, other, true), "");
  EXPECT_NE(rows_mismatch(rows, "a\nUInt8\n2\n2\n", true), "");
}

TEST(RowsMatch, DoublesAreAboutEqual) {
  const auto cell = [](const char* type, const char* value) {
    return std::string("a\n") + type + "\n" + value + "\n";
  };
  EXPECT_EQ(rows_mismatch(cell("Float64", "0.3"), cell("Float64", "0.30000000000000004"), false),
            "");
  EXPECT_NE(rows_mismatch(cell("Float64", "0.3"), cell("Float64", "0.3000001"), false), "");
  EXPECT_NE(rows_mismatch(cell("Float64", "0"), cell("Float64", "-0"), false), "");
  EXPECT_NE(rows_mismatch(cell("Float64", "nan"), cell("Float64", "1"), false), "");
  EXPECT_EQ(rows_mismatch(cell("Array(Float64)", "[1,0.3]"),
                          cell("Array(Float64)", "[1,0.30000000000000004]"), false),
            "");
  EXPECT_NE(
      rows_mismatch(cell("Array(Float64)", "[1,2]"), cell("Array(Float64)", "[1,2,3]"), false), "");
  EXPECT_NE(rows_mismatch(cell("String", "0.3"), cell("String", "0.30000000000000004"), false), "");
}

}  // namespace
}  // namespace grapevine::tests

// What we write, byte for byte against what ClickHouse's engine wrote.
#include "golden_case.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/encode/formats/format_writer.hpp"

namespace grapevine::sql {
namespace {

// How the rows are cut into blocks, and what the columns are.
enum class Cut { Whole, Rows, Constants };

std::string write(const GoldenCase& golden, std::string_view format, bool pooled, Cut cut) {
  const Block block = golden.block(pooled);
  auto writer = make_writer(format, golden.columns, golden.settings);
  EXPECT_TRUE(writer.ok()) << writer.status();
  std::string text;
  (*writer)->begin();
  if (cut == Cut::Whole) {
    if (block.rows != 0) (*writer)->write(block);
  } else {
    for (std::size_t row = 0; row < block.rows; ++row) {
      Block one{.rows = 1, .columns = {}};
      for (const ColumnPtr& column : block.columns) {
        one.columns.push_back(cut == Cut::Rows ? slice(column, row, row + 1)
                                               : value_at(column, row));
      }
      (*writer)->write(one);
      text += (*writer)->take();
    }
  }
  if (golden.has_totals) (*writer)->write_totals(golden.totals_block(pooled));
  (*writer)->end(golden.statistics);
  const std::size_t pending = (*writer)->pending();
  const std::string rest = (*writer)->take();
  EXPECT_EQ(rest.size(), pending);
  EXPECT_EQ((*writer)->pending(), 0u);
  return text + rest;
}

TEST(Golden, SameBytesAsClickHouse) {
  const auto cases = golden_cases();
  ASSERT_GE(cases.size(), 40u);
  for (const GoldenCase& golden : cases) {
    SCOPED_TRACE(golden.name);
    ASSERT_FALSE(golden.answers.empty());
    for (const auto& [format, wanted] : golden.answers) {
      SCOPED_TRACE(format);
      EXPECT_EQ(write(golden, format, false, Cut::Whole), wanted);
      EXPECT_EQ(write(golden, format, true, Cut::Whole), wanted);
      if (format == "Native") continue;  // It shows the blocks.
      EXPECT_EQ(write(golden, format, true, Cut::Rows), wanted);
      EXPECT_EQ(write(golden, format, false, Cut::Constants), wanted);
    }
  }
}

}  // namespace
}  // namespace grapevine::sql

#include "kernels/query/cut_rows.hpp"

#include <string>

#include <gmock/gmock.h>

#include "kernels/query/value_bytes.hpp"
#include "tests/kernels/query/random_columns.hpp"

namespace grapevine::sql {
namespace {

std::string row_of(const Block& block, std::size_t row) {
  std::string bytes;
  for (const ColumnPtr& column : block.columns) append_value(*column, row, bytes);
  return bytes;
}

TEST(CutRows, KeepsEveryRowInItsPlace) {
  RandomColumns random(3);
  const DataType arrays = array_of(nullable(plain(TypeId::String)));
  for (const std::size_t rows : {0u, 1u, 2u, 1000u}) {
    const Block block{
        rows,
        {random.column(nullable(plain(TypeId::String)), rows, 40), random.column(arrays, rows, 40),
         random.column(plain(TypeId::Int64), rows, 9), constant_text(std::string(100, 'x'), rows)}};
    for (const std::size_t bytes : {1u, 500u, 5'000u, 1'000'000u}) {
      const std::vector<Block> pieces = cut_rows(block, bytes);
      std::size_t row = 0;
      for (const Block& piece : pieces) {
        EXPECT_LE(piece.rows * 100, std::max<std::size_t>(bytes, 100)) << "the constant alone";
        for (std::size_t i = 0; i < piece.rows; ++i) {
          ASSERT_EQ(row_of(piece, i), row_of(block, row++));
        }
      }
      EXPECT_EQ(row, rows);
    }
  }
}

// Held once, written out in each row.
TEST(CutRows, CountsConstantsInEveryRow) {
  ArrayValues values{{1'000'000},
                     constant_fixed<std::uint64_t>(plain(TypeId::UInt64), 7, 1'000'000)};
  auto column = std::make_shared<Column>();
  column->type = array_of(plain(TypeId::UInt64));
  column->rows = 10'000;
  column->constant = true;
  column->values = std::move(values);
  EXPECT_EQ(cut_rows({10'000, {column}}, 16'000'000).size(), 10'000u);
}

}  // namespace
}  // namespace grapevine::sql

#include "kernels/query/column.hpp"

#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/query/memory.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

// One value as text, so that columns compare whatever they are kept in.
std::string shown(const Column& column, std::size_t row) {
  if (column.is_null(row)) return "NULL";
  switch (column.type.id) {
    case TypeId::UInt8: return std::to_string(column.fixed<std::uint8_t>()[column.slot(row)]);
    case TypeId::UInt16: return std::to_string(column.fixed<std::uint16_t>()[column.slot(row)]);
    case TypeId::UInt32: return std::to_string(column.fixed<std::uint32_t>()[column.slot(row)]);
    case TypeId::UInt64: return std::to_string(column.fixed<std::uint64_t>()[column.slot(row)]);
    case TypeId::String: return std::string(column.text(row));
    case TypeId::Array: {
      const ArrayValues& array = column.array();
      const std::size_t slot = column.slot(row);
      std::string text = "[";
      for (std::size_t i = slot == 0 ? 0 : array.ends[slot - 1]; i < array.ends[slot]; ++i) {
        text += shown(*array.elements, i) + ";";
      }
      return text + "]";
    }
    case TypeId::Tuple: {
      std::string text = "(";
      for (const ColumnPtr& element : column.tuple().elements) {
        text += shown(*element, column.slot(row)) + ";";
      }
      return text + ")";
    }
    default: return "?";
  }
}

std::vector<std::string> shown(const ColumnPtr& column) {
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < column->rows; ++row) texts.push_back(shown(*column, row));
  return texts;
}

template <typename Value>
ColumnPtr numbers(TypeId id, std::size_t rows, bool nullable) {
  auto column = new_fixed(DataType{.id = id, .nullable = nullable}, rows);
  for (std::size_t i = 0; i < rows; ++i) column->fixed<Value>()[i] = static_cast<Value>(7 * i + 1);
  for (std::size_t i = 0; nullable && i < rows; ++i) column->nulls.push_back(i % 5 == 2);
  return column;
}

ColumnPtr texts(std::size_t rows, bool nullable) {
  TextBuilder builder(rows);
  std::vector<std::uint8_t> nulls;
  for (std::size_t i = 0; i < rows; ++i) {
    builder.add(std::string(i % 7 * 100, 'x') + std::to_string(i));
    nulls.push_back(i % 4 == 1);
  }
  return std::move(builder).finish(nullable, nullable ? nulls : std::vector<std::uint8_t>());
}

ColumnPtr pooled(std::size_t rows) {
  const std::vector<std::string> words = {"one", "two", "three"};
  std::vector<std::string_view> all;
  for (std::size_t i = 0; i < rows; ++i) all.push_back(words[i % 3]);
  MadePool made = make_pool(all);
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->rows = rows;
  column->values = PooledValues{.codes = std::move(made.codes), .pool = std::move(made.pool)};
  return column;
}

ColumnPtr arrays(std::size_t rows) {
  ArrayValues values;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < rows; ++i) values.ends.push_back(end += i % 4);
  values.elements = texts(end, true);
  auto column = std::make_shared<Column>();
  column->type = array_of(values.elements->type);
  column->rows = rows;
  column->values = std::move(values);
  return column;
}

ColumnPtr tuples(std::size_t rows) {
  auto column = std::make_shared<Column>();
  TupleValues values{
      .elements = {numbers<std::uint16_t>(TypeId::UInt16, rows, true), pooled(rows), arrays(rows)}};
  column->type = DataType{.id = TypeId::Tuple};
  for (const ColumnPtr& element : values.elements) column->type.elements.push_back(element->type);
  column->rows = rows;
  column->values = std::move(values);
  return column;
}

std::vector<ColumnPtr> some_columns(std::size_t rows) {
  return {numbers<std::uint8_t>(TypeId::UInt8, rows, false),
          numbers<std::uint16_t>(TypeId::UInt16, rows, true),
          numbers<std::uint32_t>(TypeId::UInt32, rows, false),
          numbers<std::uint64_t>(TypeId::UInt64, rows, true),
          texts(rows, false),
          texts(rows, true),
          pooled(rows),
          arrays(rows),
          tuples(rows),
          constant_text("same", rows),
          constant_null(nullable(plain(TypeId::String)), rows),
          constant_fixed<std::uint8_t>(plain(TypeId::UInt8), 3, rows),
          constant_default(array_of(plain(TypeId::String)), rows)};
}

TEST(Column, FilterKeepsTheRowsOfTheMask) {
  for (const std::size_t rows : {0, 1, 7, 8, 9, 64, 1000}) {
    for (const ColumnPtr& column : some_columns(rows)) {
      for (const unsigned one_of : {1U, 2U, 3U, 1000U}) {
        std::mt19937 random(one_of);
        std::vector<std::uint8_t> mask(rows);
        std::vector<std::string> expected;
        for (std::size_t i = 0; i < rows; ++i) {
          mask[i] = random() % one_of == 0 || (i >= 16 && i < 24) ? 1 : 0;
          if (mask[i] != 0) expected.push_back(shown(*column, i));
        }
        EXPECT_EQ(shown(filter(column, mask, expected.size())), expected);
      }
    }
  }
}

TEST(Column, GatherTakesRowsInAnyOrder) {
  for (const ColumnPtr& column : some_columns(100)) {
    const std::vector<std::uint32_t> rows = {99, 0, 5, 5, 42, 7};
    std::vector<std::string> expected;
    for (const std::uint32_t row : rows) expected.push_back(shown(*column, row));
    EXPECT_EQ(shown(gather(column, rows)), expected);
    EXPECT_EQ(gather(column, {})->rows, 0U);
  }
}

TEST(Column, GatherOfNoRowIsNullOrTheDefault) {
  const std::vector<std::string> defaults = {"0",  "NULL",        "0", "NULL", "",  "NULL", "",
                                             "[]", "(NULL;;[];)", "",  "NULL", "0", "[]"};
  const auto columns = some_columns(10);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::vector<std::uint32_t> rows = {3, kNoRow, 4};
    const std::vector<std::string> expected = {shown(*columns[i], 3), defaults[i],
                                               shown(*columns[i], 4)};
    EXPECT_EQ(shown(gather(columns[i], rows)), expected) << i;
  }
}

TEST(Column, SlicesPutTogetherAreTheWhole) {
  for (const ColumnPtr& column : some_columns(100)) {
    const std::vector<ColumnPtr> parts = {slice(column, 0, 0), slice(column, 0, 33),
                                          slice(column, 33, 34), slice(column, 34, 100)};
    const ColumnPtr whole = concatenate(column->type, parts);
    EXPECT_EQ(shown(whole), shown(column));
    EXPECT_EQ(whole->type, column->type);
    EXPECT_FALSE(whole->constant);
    EXPECT_EQ(shown(full(column)), shown(column));
    EXPECT_EQ(shown(value_at(column, 61, 2)),
              (std::vector<std::string>{shown(*column, 61), shown(*column, 61)}));
  }
}

TEST(Column, ConcatenationHasNullIfAnyPartHas) {
  const std::vector<ColumnPtr> parts = {
      numbers<std::uint8_t>(TypeId::UInt8, 2, false), numbers<std::uint8_t>(TypeId::UInt8, 3, true),
      constant_null({.id = TypeId::Nothing, .nullable = true}, 2)};
  const ColumnPtr whole = concatenate(plain(TypeId::UInt8), parts);
  EXPECT_EQ(name_of(whole->type), "Nullable(UInt8)");
  EXPECT_THAT(shown(whole), testing::ElementsAre("1", "8", "1", "8", "NULL", "NULL", "NULL"));
}

TEST(Column, ConcatenationStaysPooledWithinOnePool) {
  const ColumnPtr column = pooled(10);
  const std::vector<ColumnPtr> parts = {slice(column, 0, 4), slice(column, 4, 10)};
  EXPECT_NE(concatenate(column->type, parts)->pooled(), nullptr);
  const std::vector<ColumnPtr> mixed = {column, pooled(3), texts(2, false)};
  const ColumnPtr whole = concatenate(column->type, mixed);
  EXPECT_EQ(whole->pooled(), nullptr);
  EXPECT_EQ(whole->rows, 15U);
  EXPECT_EQ(whole->text(12), "three");
  EXPECT_EQ(shown(unpooled(column)), shown(column));
}

TEST(Column, TextsOutliveWhatTheyWereMadeOf) {
  ColumnPtr parts;
  {
    ColumnPtr whole = texts(50, false);
    TextBuilder builder(50);
    for (std::size_t i = 0; i < 50; ++i) builder.add_kept(whole->text(i).substr(0, 3));
    builder.keep_texts_of(whole);
    whole.reset();
    parts = std::move(builder).finish(false);
  }
  EXPECT_EQ(parts->text(1), "xxx");
  EXPECT_EQ(parts->text(0), "0");
}

TEST(Column, PoolsAreWithoutRepetition) {
  const std::vector<std::string_view> words = {"b", "a", "", "b", "a"};
  const MadePool made = make_pool(words);
  EXPECT_THAT(made.codes, testing::ElementsAre(0, 1, 2, 0, 1));
  EXPECT_EQ(made.pool->size(), 3U);
  EXPECT_EQ(made.pool->find("a"), 1U);
  EXPECT_EQ(made.pool->find("c"), std::nullopt);
}

TEST(MemoryBudget, IsNotOverdrawn) {
  std::atomic<std::uint64_t> shown_bytes{0};
  MemoryBudget budget(100, &shown_bytes);
  {
    MemoryLease lease(budget);
    EXPECT_TRUE(lease.hold(60).ok());
    EXPECT_TRUE(lease.hold(40).ok());
    EXPECT_EQ(shown_bytes, 40U);
    MemoryLease other(budget);
    EXPECT_EQ(query_error_code(other.hold(61)), QueryErrorCode::MemoryLimitExceeded);
    EXPECT_EQ(query_error_code(other.hold(~std::size_t{0})), QueryErrorCode::MemoryLimitExceeded);
    EXPECT_EQ(budget.held(), 40U);
    EXPECT_TRUE(other.hold(60).ok());
  }
  EXPECT_EQ(budget.held(), 0U);
  EXPECT_EQ(shown_bytes, 0U);
}

}  // namespace
}  // namespace grapevine::sql

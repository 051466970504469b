#include "api/encode/arrow/arrow_stream.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/encode/arrow/arrow_cells.hpp"
#include "api/encode/arrow/arrow_message.hpp"
#include "api/encode/arrow/arrow_rows.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;

template <typename Value>
std::vector<Value> values_of(const ArrowColumn& column) {
  std::vector<Value> values(column.values.size() / sizeof(Value));
  std::memcpy(values.data(), column.values.data(), column.values.size());
  return values;
}

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// The size of the metadata of the message that begins there.
std::size_t metadata_bytes(std::string_view message) {
  EXPECT_EQ(u32_at(message, 0), 0xFFFF'FFFF);
  return u32_at(message, 4);
}

TEST(ArrowCells, BitsGoOnBehindAWord) {
  ArrowCells cells(ArrowType::Bool);
  for (int i = 0; i < 70; ++i) {
    if (i % 3 == 0) {
      cells.add_null();
    } else {
      cells.add_bool(i % 2 == 0);
    }
  }
  const ArrowColumn column = cells.column();
  const auto bits = values_of<std::uint64_t>(column);
  ASSERT_EQ(column.valid.size(), 2);
  ASSERT_EQ(bits.size(), 2);
  for (std::size_t i = 0; i < 128; ++i) {
    const bool valid = i < 70 && i % 3 != 0;
    EXPECT_EQ((column.valid[i / 64] >> (i % 64)) & 1, valid ? 1 : 0) << i;
    EXPECT_EQ((bits[i / 64] >> (i % 64)) & 1, valid && i % 2 == 0 ? 1 : 0) << i;
  }
  EXPECT_EQ(column.nulls, 24);  // 0, 3, ..., 69
}

TEST(ArrowCells, TextsStandBehindEachOther) {
  ArrowCells cells(ArrowType::Utf8);
  cells.add_text("ab");
  cells.add_null();
  cells.add_text("");
  cells.add_text("c");
  EXPECT_EQ(cells.column().text, "abc");
  EXPECT_THAT(values_of<std::int32_t>(cells.column()), ElementsAre(0, 2, 2, 2, 3));
  EXPECT_EQ(cells.column().valid[0], 0b1101);
}

TEST(ArrowCells, AreNewWhenCleared) {
  ArrowCells cells(ArrowType::Utf8);
  cells.add_text("ab");
  cells.add_null();
  cells.clear();
  EXPECT_EQ(cells.rows(), 0);
  cells.add_text("c");
  EXPECT_EQ(cells.column().text, "c");
  EXPECT_THAT(values_of<std::int32_t>(cells.column()), ElementsAre(0, 1));
  EXPECT_EQ(cells.column().nulls, 0);
}

TEST(ArrowBody, BuffersBeginAtMultiplesOfEightBytes) {
  ArrowCells texts(ArrowType::Utf8);
  for (int i = 0; i < 9; ++i) texts.add_text("abc");
  texts.add_null();
  ArrowCells codes(ArrowType::Dictionary);
  for (int i = 0; i < 10; ++i) codes.add_code(i);
  ArrowBody body;
  body.add(ArrowType::Utf8, 10, texts.column());
  body.add(ArrowType::Null, 10, {});
  body.add(ArrowType::Dictionary, 10, codes.column());
  ASSERT_EQ(body.nodes().size(), 3);
  EXPECT_EQ(body.nodes()[0].nulls, 1);
  EXPECT_EQ(body.nodes()[1].nulls, 10);
  EXPECT_EQ(body.nodes()[2].nulls, 0);
  std::vector<std::size_t> offsets;
  std::vector<std::size_t> sizes;
  for (const ArrowBody::Buffer& buffer : body.buffers()) {
    offsets.push_back(buffer.offset);
    sizes.push_back(buffer.bytes.size());
  }
  // Ten bits; eleven offsets; 27 characters. A column without buffers. No bits; ten codes.
  EXPECT_THAT(sizes, ElementsAre(2, 44, 27, 0, 40));
  EXPECT_THAT(offsets, ElementsAre(0, 8, 56, 88, 88));
  EXPECT_EQ(body.size(), 128);
}

TEST(ArrowStream, MessagesAreAlignedAndTheEndIsSaid) {
  ArrowStream stream({{"n", ArrowType::Int64, false}});
  const std::string schema = stream.take();
  EXPECT_EQ(schema.size(), 8 + metadata_bytes(schema));
  EXPECT_EQ(schema.size() % 8, 0);

  const std::array<std::int64_t, 3> numbers{1, -2, 3};
  const std::array<ArrowColumn, 1> columns{{{{}, 0, std::as_bytes(std::span(numbers))}}};
  stream.add_batch(3, columns);
  const std::string batch = stream.take();
  ASSERT_EQ(batch.size(), 8 + metadata_bytes(batch) + sizeof numbers);
  EXPECT_EQ(batch.size() % 8, 0);
  EXPECT_EQ(
      std::memcmp(batch.data() + batch.size() - sizeof numbers, numbers.data(), sizeof numbers), 0);

  stream.end();
  EXPECT_EQ(stream.take(), std::string("\xFF\xFF\xFF\xFF\0\0\0\0", 8));
}

TEST(ArrowRows, BatchesAreBounded) {
  ArrowRows rows({{"n", ArrowType::Int64, false}}, 1);
  for (std::size_t i = 0; i < ArrowRows::kBatchRows * 2 + 1; ++i) {
    rows.cells(0).add_int(static_cast<std::int64_t>(i));
    rows.rows_are_added();
  }
  const std::string stream = std::move(rows).finish();
  std::string_view rest = stream;
  rest.remove_prefix(8 + metadata_bytes(rest));  // The schema.
  for (const std::size_t count : {ArrowRows::kBatchRows, ArrowRows::kBatchRows, std::size_t{1}}) {
    rest.remove_prefix(8 + metadata_bytes(rest) + count * sizeof(std::int64_t));
  }
  EXPECT_EQ(rest, std::string_view("\xFF\xFF\xFF\xFF\0\0\0\0", 8));
}

}  // namespace
}  // namespace grapevine

// Columns of runs: what is packed reads back to the bit.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/customer_column.hpp"
#include "storage/message_id_column.hpp"
#include "storage/packed_uints.hpp"
#include "storage/radix_sort.hpp"
#include "storage/real_values.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

TEST(PackedUints, TakeTheFewestBytesAndLoseNothing) {
  struct Case {
    std::uint64_t range;
    unsigned width;
  };
  for (const auto& [range, width] :
       {Case{0, 0}, Case{1, 1}, Case{255, 1}, Case{256, 2}, Case{65'535, 2}, Case{65'536, 3},
        Case{(1u << 24) - 1, 3}, Case{1u << 24, 4}, Case{UINT32_MAX, 4},
        Case{std::uint64_t{1} << 32, 8}, Case{UINT64_MAX, 8}}) {
    SCOPED_TRACE(range);
    std::mt19937_64 random(range);
    const std::uint64_t base = range == UINT64_MAX ? 0 : random() % (UINT64_MAX - range);
    std::vector<std::uint64_t> numbers{base, base + range, base + range / 2};
    for (int i = 0; i < 100; ++i) {
      numbers.push_back(range == UINT64_MAX ? random() : base + random() % (range + 1));
    }
    const PackedUints packed(numbers);
    EXPECT_EQ(packed.width(), width);
    ASSERT_EQ(packed.size(), numbers.size());
    const PackedUints again(packed.base(), packed.width(), packed.size(),
                            {packed.raw().begin(), packed.raw().end()});
    packed.visit([&](const auto offsets) {
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        EXPECT_EQ(packed.base() + offsets[i], numbers[i]);
      }
      const auto tail = offsets.subspan(100, 3);
      EXPECT_EQ(packed.base() + tail[2], numbers[102]);
    });
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_EQ(packed.at(i), numbers[i]);
      EXPECT_EQ(again.at(i), numbers[i]);
    }
  }
}

TEST(PackedUints, WhatIsAbsentTakesNoRoom) {
  const std::vector<std::uint64_t> numbers{1000, UINT64_MAX, 1003, 0};
  const std::vector<std::uint8_t> present{1, 0, 1, 0};
  const PackedUints packed(numbers, present);
  EXPECT_EQ(packed.width(), 1U);
  EXPECT_EQ(packed.at(0), 1000U);
  EXPECT_EQ(packed.at(2), 1003U);
  const PackedUints none(numbers, std::vector<std::uint8_t>(4));
  EXPECT_EQ(none.size(), 4U);
  EXPECT_EQ(none.bytes(), 0U);
}

void expect_same_bits(const std::vector<double>& reals, bool single, RealValues::Form form) {
  std::vector<std::uint64_t> bits;
  for (const double real : reals) bits.push_back(std::bit_cast<std::uint64_t>(real));
  const RealValues packed = pack_reals(bits, {}, single);
  EXPECT_EQ(packed.form, form);
  std::vector<double> read(reals.size());
  packed.read(0, read);
  for (std::size_t i = 0; i < reals.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(packed.at(i)), bits[i]) << reals[i];
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read[i]), bits[i]) << reals[i];
  }
}

TEST(RealValues, DecimalsAreWholeNumbersWhereThatIsExact) {
  using enum RealValues::Form;
  std::vector<double> prices;
  for (int cents = -999; cents < 99'999; cents += 7) prices.push_back(cents / 100.0);
  expect_same_bits(prices, false, Decimal);
  expect_same_bits({0, 178'400, 29'400, 1'078'400}, false, Decimal);
  expect_same_bits({35.846, 128.591, -0.000001}, false, Decimal);
  expect_same_bits({1e15, 1e15 - 1, 3}, false, Binary64);  // 7 bytes would be 8.
  expect_same_bits({0.1 + 0.2, 1}, false, Binary64);       // Not 0.3.
  expect_same_bits({-0.0, 1}, false, Binary64);            // A zero with a sign.
  for (const double odd : {std::nan("1"), std::numeric_limits<double>::infinity(), 5e-324, 1e300,
                           std::numeric_limits<double>::lowest()}) {
    expect_same_bits({1, odd, 2.5}, false, Binary64);
  }
}

TEST(RealValues, FloatsStayFloats) {
  using enum RealValues::Form;
  const auto floats = [](std::initializer_list<float> values) {
    return std::vector<double>(values.begin(), values.end());
  };
  expect_same_bits(floats({4.5F, 0.1F, -0.37F}), true, Decimal);
  expect_same_bits(floats({37.5665F, 126.978F}), true, Decimal);
  expect_same_bits(floats({3.14159265F, 1e-30F}), true, Binary32);
  expect_same_bits(floats({-0.0F, 1e38F}), true, Binary32);
}

TEST(CustomerColumn, FindsWhatASortedArrayFinds) {
  std::mt19937_64 random(1);
  std::vector<std::uint32_t> numbers;
  for (int i = 0; i < 3000; ++i) {
    const auto block = static_cast<std::uint32_t>(random() % 5);
    numbers.push_back((block == 4 ? 0xFFFFU : block * 3) << 16 |
                      static_cast<std::uint32_t>(random() % 400 * 160));
  }
  numbers.push_back(0xFFFF'FFFE);
  std::sort(numbers.begin(), numbers.end());
  std::vector<CustomerId> customers;
  for (const std::uint32_t number : numbers) customers.push_back(CustomerId(number));
  const CustomerColumn column(customers);
  ASSERT_EQ(column.size(), customers.size());
  for (std::size_t row = 0; row < customers.size(); ++row) EXPECT_EQ(column[row], customers[row]);
  for (const std::uint64_t wanted :
       {std::uint64_t{0}, std::uint64_t{1} << 16, std::uint64_t{3} << 16, std::uint64_t{200'000},
        std::uint64_t{0xFFFF'0000}, std::uint64_t{0xFFFF'FFFE}, std::uint64_t{0xFFFF'FFFF},
        std::uint64_t{1} << 32, std::uint64_t{numbers[1500]}, std::uint64_t{numbers[1500]} + 1}) {
    const auto expected = std::lower_bound(numbers.begin(), numbers.end(), wanted);
    EXPECT_EQ(column.lower_bound(wanted), static_cast<std::size_t>(expected - numbers.begin()));
  }
  std::size_t next = 700;
  column.for_each(700, 2500, [&](std::size_t row, CustomerId customer) {
    EXPECT_EQ(row, next++);
    EXPECT_EQ(customer, customers[row]);
  });
  EXPECT_EQ(next, 2500U);
  const CustomerColumn none;
  EXPECT_EQ(none.lower_bound(5), 0U);
  none.for_each(0, 0, [](std::size_t, CustomerId) { FAIL(); });
}

// However customers are spread: evenly, all at one end, a few with very many rows, one alone.
TEST(CustomerColumn, FindsRowsHoweverCustomersAreSpread) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 60; ++round) {
    const std::size_t rows = 1 + random() % 3000;
    const std::uint64_t spread = std::uint64_t{1} << (random() % 19);
    const std::uint64_t least = random() % 200'000;
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < rows; ++i) {
      const std::uint64_t of = random() % 4 == 0 ? random() % 3 : random() % spread;
      numbers.push_back(static_cast<std::uint32_t>(least + of));
    }
    std::sort(numbers.begin(), numbers.end());
    std::vector<CustomerId> customers;
    for (const std::uint32_t number : numbers) customers.push_back(CustomerId(number));
    const CustomerColumn column(customers);
    for (int i = 0; i < 500; ++i) {
      const auto wanted = static_cast<std::uint32_t>(
          i % 2 == 0 ? numbers[random() % rows] : random() % (least + spread + 70'000));
      const auto [first, last] = std::equal_range(numbers.begin(), numbers.end(), wanted);
      ASSERT_EQ(column.lower_bound(wanted), static_cast<std::size_t>(first - numbers.begin()));
      const CustomerColumn::Rows found = column.rows_of(CustomerId(wanted));
      ASSERT_EQ(found.end - found.begin, static_cast<std::size_t>(last - first));
      if (first == last) continue;
      ASSERT_EQ(found.begin, static_cast<std::size_t>(first - numbers.begin()));
    }
  }
}

TEST(TextValues, ReadBackInAnyOrder) {
  for (const auto compression : {TextWriter::Compression::None, TextWriter::Compression::Zstd}) {
    std::mt19937_64 random(1);
    std::vector<std::string> texts{"", std::string("\0\n", 2), std::string(300'000, 'x')};
    for (int i = 0; i < 5000; ++i) {
      texts.push_back(random() % 4 == 0 ? "" : "그냥 그래요 " + std::to_string(random()));
    }
    TextWriter writer(compression);
    for (const std::string& text : texts) writer.add(text);
    const TextValues values = std::move(writer).finish();
    ASSERT_EQ(values.size(), texts.size());
    EXPECT_GT(values.blocks.size(), 3U);
    TextReader reader(values);
    for (std::size_t row = 0; row < texts.size(); ++row) ASSERT_EQ(reader.at(row), texts[row]);
    for (int i = 0; i < 300; ++i) {
      const std::size_t row = random() % texts.size();
      ASSERT_EQ(reader.at(row), texts[row]);
    }
  }
}

TEST(MessageIdColumn, KeepsUuidsAsBytesAndOthersAsTheyAre) {
  const std::vector<std::string> ids{
      "01234567-89ab-cdef-0123-456789abcdef", "",
      "01234567-89AB-CDEF-0123-456789ABCDEF",  // Not as we write it.
      "00000000-0000-0000-0000-000000000000", "01234567-89ab-cdef-0123-456789abcde",
      "01234567x89ab-cdef-0123-456789abcdef", "ajs-next-1795305600000-01234567",
      "ffffffff-ffff-ffff-ffff-ffffffffffff"};
  MessageIdWriter writer(ids.size(), TextWriter::Compression::Zstd);
  for (const std::string& id : ids) writer.add(id);
  const MessageIdColumn column = std::move(writer).finish();
  MessageIdReader reader(column);
  for (std::size_t row = 0; row < ids.size(); ++row) EXPECT_EQ(reader.at(row), ids[row]);

  MessageIdWriter copier(ids.size(), TextWriter::Compression::None);
  for (std::size_t row = 0; row < ids.size(); ++row) copier.add(reader, row);
  const MessageIdColumn copied = std::move(copier).finish();
  MessageIdReader again(copied);
  for (std::size_t row = 0; row < ids.size(); ++row) EXPECT_EQ(again.at(row), ids[row]);

  MessageIdWriter uuids(1, TextWriter::Compression::Zstd);
  uuids.add(ids[0]);
  const MessageIdColumn alone = std::move(uuids).finish();
  EXPECT_EQ(alone.uuids.size(), 1U);
  EXPECT_EQ(alone.texts.size(), 0U);
}

TEST(RadixSort, IsStableAndSortsByTheBitsAbove) {
  for (const std::size_t count : {0, 1, 2, 255, 256, 257, 5000}) {
    std::mt19937_64 random(count);
    std::vector<std::uint64_t> keys(count);
    for (std::size_t i = 0; i < count; ++i) keys[i] = random() % 3000 << 40 | (count - i);
    std::vector<std::uint64_t> expected = keys;
    std::stable_sort(expected.begin(), expected.end(),
                     [](std::uint64_t a, std::uint64_t b) { return a >> 40 < b >> 40; });
    radix_sort(keys, 40);
    EXPECT_EQ(keys, expected);
  }
}

}  // namespace
}  // namespace grapevine

#include "kernels/query/repeated_rows.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine::sql {
namespace {

// All places of all stretches, which must follow each other.
std::vector<std::uint32_t> places_of(RepeatedRows rows, std::size_t& longest) {
  std::vector<std::uint32_t> places;
  longest = 0;
  while (rows.next()) {
    EXPECT_EQ(rows.begin(), places.size());
    EXPECT_EQ(rows.end(), places.size() + rows.rows().size());
    longest = std::max(longest, rows.rows().size());
    places.insert(places.end(), rows.rows().begin(), rows.rows().end());
  }
  return places;
}

ColumnPtr arrays_of(const std::vector<std::size_t>& sizes) {
  auto column = std::make_shared<Column>();
  std::vector<std::uint64_t> ends;
  std::uint64_t end = 0;
  for (const std::size_t size : sizes) ends.push_back(end += size);
  column->type = array_of(plain(TypeId::UInt8));
  column->rows = sizes.size();
  auto elements = new_fixed(plain(TypeId::UInt8), end);
  std::fill(elements->fixed<std::uint8_t>().begin(), elements->fixed<std::uint8_t>().end(), 1);
  column->values = ArrayValues{std::move(ends), std::move(elements)};
  return column;
}

TEST(RepeatedRows, GivesEachRowAsOftenAsItStands) {
  const std::vector<std::uint64_t> ends{0, 2, 2, 5, 5};
  std::size_t longest = 0;
  EXPECT_EQ(places_of(RepeatedRows(ends, {}), longest),
            (std::vector<std::uint32_t>{1, 1, 3, 3, 3}));
}

TEST(RepeatedRows, GivesNothingForRowsThatDoNotStand) {
  const std::vector<std::uint64_t> ends{0, 0};
  std::size_t longest = 0;
  EXPECT_TRUE(places_of(RepeatedRows(ends, {}), longest).empty());
  EXPECT_TRUE(places_of(RepeatedRows({}, {}), longest).empty());
}

TEST(RepeatedRows, CutsStretchesToABlock) {
  const std::vector<std::uint64_t> ends{3 * kBlockRows + 1, 3 * kBlockRows + 2, 5 * kBlockRows};
  std::vector<std::uint32_t> wanted(5 * kBlockRows, 2);
  std::fill_n(wanted.begin(), 3 * kBlockRows + 1, 0);
  wanted[3 * kBlockRows + 1] = 1;
  std::size_t longest = 0;
  EXPECT_EQ(places_of(RepeatedRows(ends, {}), longest), wanted);
  EXPECT_EQ(longest, kBlockRows);
}

TEST(RepeatedRows, CutsStretchesWhereEachPlaceWouldHaveACopyOfALongArray) {
  // Ten copies of a row with a quarter of what a stretch may hold, and five of one with an element.
  const std::size_t quarter = RepeatedRows::kElementsOfStretch / 4;
  const std::vector<std::uint64_t> ends{10, 15};
  const std::vector<ColumnPtr> columns{arrays_of({quarter, 1})};
  std::vector<std::uint32_t> wanted(15, 1);
  std::fill_n(wanted.begin(), 10, 0);
  std::size_t longest = 0;
  EXPECT_EQ(places_of(RepeatedRows(ends, columns), longest), wanted);
  EXPECT_EQ(longest, 7);  // Two of the first and the five others.
}

TEST(RepeatedRows, TakesOnePlaceHoweverLongItsArrayIs) {
  const std::vector<std::uint64_t> ends{3};
  const std::vector<ColumnPtr> columns{arrays_of({2 * RepeatedRows::kElementsOfStretch})};
  std::size_t longest = 0;
  EXPECT_EQ(places_of(RepeatedRows(ends, columns), longest), (std::vector<std::uint32_t>{0, 0, 0}));
  EXPECT_EQ(longest, 1);
}

}  // namespace
}  // namespace grapevine::sql

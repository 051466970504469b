// JoinTable::probe_nearest beside a plain search.
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/query/hash_join.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
ColumnPtr column_of(TypeId id, const std::vector<Value>& values) {
  auto column = new_fixed(plain(id), values.size());
  std::copy(values.begin(), values.end(), column->template fixed<Value>().begin());
  return column;
}

struct Row {
  std::uint32_t key;
  double value;
};

std::optional<std::uint32_t> nearest(const Row& left, const std::vector<Row>& right, bool before,
                                     bool or_equal) {
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = 0; i < right.size(); ++i) {
    if (right[i].key != left.key) continue;
    const double value = right[i].value;
    const bool fits = before ? value < left.value : value > left.value;
    if (!fits && !(or_equal && value == left.value)) continue;
    if (!found || (before ? value > right[*found].value : value < right[*found].value)) found = i;
  }
  return found;
}

// `right` is in order of its values.
void expect_nearest(const std::vector<Row>& left, const std::vector<Row>& right) {
  const auto keys_of = [](const std::vector<Row>& rows) {
    std::vector<std::uint32_t> keys;
    for (const Row& row : rows) keys.push_back(row.key);
    return std::vector<ColumnPtr>{column_of(TypeId::UInt32, keys)};
  };
  const auto values_of = [](const std::vector<Row>& rows) {
    std::vector<double> values;
    for (const Row& row : rows) values.push_back(row.value);
    return OrderedValues::of(column_of(TypeId::Float64, values));
  };
  MemoryBudget budget(std::size_t{1} << 30);
  auto table = JoinTable::build(keys_of(right), right.size(), budget);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_TRUE(table->order_by(values_of(right)).ok());
  for (const bool before : {true, false}) {
    for (const bool or_equal : {true, false}) {
      const auto matches =
          table->probe_nearest(keys_of(left), left.size(), values_of(left), before, or_equal);
      std::size_t next = 0;
      for (std::uint32_t i = 0; i < left.size(); ++i) {
        const auto wanted = nearest(left[i], right, before, or_equal);
        if (!wanted) continue;
        ASSERT_LT(next, matches.left.size()) << before << or_equal;
        EXPECT_EQ(matches.left[next], i) << before << or_equal;
        EXPECT_EQ(matches.right[next], *wanted) << before << or_equal << " of row " << i;
        ++next;
      }
      EXPECT_EQ(next, matches.left.size());
    }
  }
}

TEST(NearestJoin, FindsTheFirstOfEqualRows) {
  expect_nearest({{1, 5}, {1, 4}, {1, 6}, {2, 5}}, {{1, 3}, {1, 5}, {1, 5}, {1, 7}});
}

TEST(NearestJoin, FindsNothingWhereNoRowIsOnThatSide) {
  expect_nearest({{1, 1}, {1, 9}}, {{1, 5}});
  expect_nearest({{1, 1}}, {});
}

TEST(NearestJoin, OrdersNegativeNumbersAndInfinities) {
  const double inf = std::numeric_limits<double>::infinity();
  expect_nearest({{1, -2}, {1, -0.0}, {1, 0.0}, {1, inf}, {1, -inf}},
                 {{1, -inf}, {1, -3}, {1, -1}, {1, 0.0}, {1, 2}, {1, inf}});
}

TEST(NearestJoin, AgreesWithASearchOfAllRows) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    const auto rows = [&](std::size_t count) {
      std::vector<Row> made(count);
      for (Row& row : made)
        row = {static_cast<std::uint32_t>(random() % 5), double(random() % 20) - 10};
      return made;
    };
    std::vector<Row> right = rows(random() % 60);
    std::stable_sort(right.begin(), right.end(),
                     [](const Row& a, const Row& b) { return a.value < b.value; });
    expect_nearest(rows(50), right);
  }
}

TEST(NearestJoin, NeitherNanNorNullHasAPlace) {
  auto values = new_fixed(nullable(plain(TypeId::Float64)), 3);
  values->fixed<double>()[0] = std::nan("");
  values->fixed<double>()[1] = 1;
  values->fixed<double>()[2] = 2;
  values->nulls = {0, 1, 0};
  EXPECT_EQ(OrderedValues::of(values).missing, (std::vector<std::uint8_t>{1, 1, 0}));
}

TEST(NearestJoin, OrdersSignedAndUnsignedWords) {
  const auto ordered = OrderedValues::of(column_of<std::int16_t>(TypeId::Int16, {-5, 0, 5}));
  EXPECT_LT(ordered.words[0], ordered.words[1]);
  EXPECT_LT(ordered.words[1], ordered.words[2]);
}

}  // namespace
}  // namespace grapevine::sql

#include "kernels/query/hash_join.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/query_error.hpp"
#include "kernels/query/value_bytes.hpp"
#include "tests/kernels/query/random_columns.hpp"

namespace grapevine::sql {
namespace {

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

std::string key_of(const std::vector<ColumnPtr>& keys, std::size_t row) {
  std::string bytes;
  for (const ColumnPtr& key : keys) {
    if (key->is_null(row)) return "";
    // NaN is equal to nothing.
    const std::size_t at = key->slot(row);
    if (key->type.id == TypeId::Float64 && std::isnan(key->fixed<double>()[at])) return "";
    if (key->type.id == TypeId::Float32 && std::isnan(key->fixed<float>()[at])) return "";
    std::string value;
    append_value(*key, row, value);
    bytes += value.substr(key->type.nullable ? 1 : 0);
  }
  return bytes;
}

Pairs matched_plainly(const std::vector<ColumnPtr>& left, std::size_t left_rows,
                      const std::vector<ColumnPtr>& right, std::size_t right_rows,
                      bool first_only) {
  std::vector<std::string> right_keys;
  for (std::size_t r = 0; r < right_rows; ++r) right_keys.push_back(key_of(right, r));
  Pairs pairs;
  for (std::uint32_t l = 0; l < left_rows; ++l) {
    const std::string key = key_of(left, l);
    for (std::uint32_t r = 0; r < right_rows; ++r) {
      if (key.empty() || key != right_keys[r]) continue;
      pairs.emplace_back(l, r);
      if (first_only) break;
    }
  }
  return pairs;
}

void expect_matches(const std::vector<ColumnPtr>& left, std::size_t left_rows,
                    const std::vector<ColumnPtr>& right, std::size_t right_rows) {
  MemoryBudget budget(std::size_t{1} << 30);
  {
    const auto table = JoinTable::build(right, right_rows, budget);
    ASSERT_TRUE(table.ok()) << table.status();
    for (const bool first_only : {false, true}) {
      const JoinTable::Matches matches = table->probe(left, left_rows, first_only);
      Pairs pairs;
      for (std::size_t i = 0; i < matches.left.size(); ++i) {
        pairs.emplace_back(matches.left[i], matches.right[i]);
      }
      EXPECT_EQ(pairs, matched_plainly(left, left_rows, right, right_rows, first_only));
    }
  }
  EXPECT_EQ(budget.held(), 0);
}

TEST(HashJoin, AgreesWithNestedLoops) {
  RandomColumns random(1);
  const MadePool pools[] = {random_pool(100, 0), random_pool(5000, 40)};
  const std::vector<DataType> types{
      plain(TypeId::UInt8),          nullable(plain(TypeId::UInt32)), plain(TypeId::Int64),
      plain(TypeId::String),         nullable(plain(TypeId::String)), plain(TypeId::DateTime),
      array_of(plain(TypeId::Int8)), nullable(plain(TypeId::Float64))};
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    const std::size_t left_rows = random.below(700);
    const std::size_t right_rows = random.below(500);
    const std::size_t values = std::size_t{1} << random.below(14);
    std::vector<ColumnPtr> left;
    std::vector<ColumnPtr> right;
    for (std::uint64_t count = 1 + random.below(2); count > 0; --count) {
      const DataType& type = types[random.below(types.size())];
      const auto column = [&](std::size_t rows) {
        const std::uint64_t kind = random.below(6);
        ColumnPtr made = random.column(type, std::max<std::size_t>(1, rows), values,
                                       kind < 4 ? &pools[kind / 3] : nullptr);
        return kind == 5 ? value_at(made, 0, rows) : slice(made, 0, rows);
      };
      left.push_back(column(left_rows));
      right.push_back(column(right_rows));
    }
    expect_matches(left, left_rows, right, right_rows);
  }
}

// The left side may have NULL where the right one's type has none.
TEST(HashJoin, MatchesNoNull) {
  RandomColumns random(2);
  const std::vector<ColumnPtr> left{random.column(nullable(plain(TypeId::UInt16)), 300, 20)};
  const std::vector<ColumnPtr> right{random.column(plain(TypeId::UInt16), 200, 20)};
  expect_matches(left, 300, right, 200);
  const std::vector<ColumnPtr> null{constant_null(nullable(plain(TypeId::Nothing)), 300)};
  MemoryBudget budget(1 << 20);
  const auto table = JoinTable::build({null}, 300, budget);
  EXPECT_THAT(table->probe(null, 300, false).left, testing::IsEmpty());
}

TEST(HashJoin, StaysWithinItsBudget) {
  RandomColumns random(3);
  MemoryBudget budget(1 << 16);
  const auto table =
      JoinTable::build({random.column(plain(TypeId::UInt64), 50'000, 1'000'000)}, 50'000, budget);
  EXPECT_EQ(query_error_code(table.status()), QueryErrorCode::MemoryLimitExceeded);
  EXPECT_EQ(budget.held(), 0);
}

}  // namespace
}  // namespace grapevine::sql

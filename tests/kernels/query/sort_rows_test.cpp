#include "kernels/query/sort_rows.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/query_error.hpp"
#include "tests/kernels/query/random_columns.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine::sql {
namespace {

using testing::ElementsAre;

std::vector<std::uint32_t> sorted_plainly(std::span<const SortKey> keys, std::size_t rows,
                                          std::size_t limit) {
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    for (const SortKey& key : keys) {
      const int difference = compare_keys(key, a, b);
      if (difference != 0) return difference < 0;
    }
    return false;
  });
  order.resize(std::min(rows, limit));
  return order;
}

std::vector<DataType> types_of_keys() {
  DataType tuple = plain(TypeId::Tuple);
  tuple.elements = {nullable(plain(TypeId::Float64)), plain(TypeId::String)};
  return {plain(TypeId::UInt8),
          nullable(plain(TypeId::Int16)),
          plain(TypeId::Date),
          nullable(plain(TypeId::UInt32)),
          plain(TypeId::Int64),
          nullable(plain(TypeId::Int64)),
          plain(TypeId::UInt64),
          plain(TypeId::Float32),
          nullable(plain(TypeId::Float64)),
          plain(TypeId::String),
          nullable(plain(TypeId::String)),
          array_of(nullable(plain(TypeId::Float32))),
          tuple};
}

SortKey random_key(RandomColumns& random, const DataType& type, std::size_t rows,
                   std::size_t values) {
  static const MadePool pools[] = {random_pool(50, 0), random_pool(300'000, 10)};
  const std::uint64_t kind = random.below(4);
  ColumnPtr column = random.column(type, rows, values, kind < 2 ? &pools[kind] : nullptr);
  if (random.below(9) == 0 && rows > 0) column = value_at(column, 0, rows);
  return {column, random.below(2) == 0, random.below(2) == 0};
}

void expect_sorted(const std::vector<SortKey>& keys, std::size_t rows) {
  for (const std::size_t limit : {rows, std::size_t{0}, std::size_t{1}, rows / 9, rows + 5}) {
    const auto answer = sort_rows(keys, rows, limit, Stop());
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(*answer, sorted_plainly(keys, rows, limit)) << "limit " << limit;
  }
}

TEST(SortRows, AgreesWithAStableSort) {
  RandomColumns random(1);
  for (const DataType& type : types_of_keys()) {
    for (const std::size_t rows : {0, 1, 2, 700, 3000}) {
      for (const std::size_t values : {2, 100, 1'000'000}) {
        SCOPED_TRACE(testing::Message() << name_of(type) << ' ' << rows << ' ' << values);
        expect_sorted({random_key(random, type, rows, values)}, rows);
      }
    }
  }
}

TEST(SortRows, AgreesWithAStableSortOfSeveralKeys) {
  RandomColumns random(2);
  const std::vector<DataType> types = types_of_keys();
  for (int round = 0; round < 80; ++round) {
    SCOPED_TRACE(round);
    const std::size_t rows = 1 + random.below(2500);
    std::vector<SortKey> keys;
    for (std::uint64_t count = 2 + random.below(3); count > 0; --count) {
      keys.push_back(random_key(random, types[random.below(types.size())], rows,
                                std::size_t{2} << random.below(12)));
    }
    expect_sorted(keys, rows);
  }
}

TEST(SortRows, KeepsOrderWithoutKeys) {
  EXPECT_THAT(*sort_rows({}, 4, 3, Stop()), ElementsAre(0, 1, 2));
}

TEST(SortRows, SameRowsForAnyNumberOfThreads) {
  RandomColumns random(3);
  constexpr std::size_t kRows = 300'000;
  const std::vector<SortKey> keys{
      {random.column(nullable(plain(TypeId::Float64)), kRows, 1000), true, false},
      {random.column(plain(TypeId::String), kRows, 100), false, false}};
  for (const std::size_t limit : {kRows, std::size_t{10}, std::size_t{5000}}) {
    const auto sort = [&] { return *sort_rows(keys, kRows, limit, Stop()); };
    const auto one = with_threads(1, sort);
    EXPECT_EQ(one, sorted_plainly(keys, kRows, limit));
    EXPECT_EQ(one, with_threads(2, sort));
    EXPECT_EQ(one, with_threads(8, sort));
  }
}

// Orders as ClickHouse 26.7 answers them: NaN stands between NULL and the other values, always.
TEST(SortRows, PutsNullAndNaNAtOneEnd) {
  auto column = new_fixed(nullable(plain(TypeId::Float64)), 5);
  const double inf = std::numeric_limits<double>::infinity();
  const double values[] = {std::nan(""), 0, 1, -inf, inf};
  std::copy(std::begin(values), std::end(values), column->fixed<double>().begin());
  column->nulls = {0, 1, 0, 0, 0};
  const auto order = [&](bool descending, bool nulls_first) {
    const SortKey keys[] = {{column, descending, nulls_first}};
    return *sort_rows(keys, 5, 5, Stop());
  };
  EXPECT_THAT(order(false, false), ElementsAre(3, 2, 4, 0, 1));
  EXPECT_THAT(order(true, false), ElementsAre(4, 2, 3, 0, 1));
  EXPECT_THAT(order(false, true), ElementsAre(1, 0, 3, 2, 4));
  EXPECT_THAT(order(true, true), ElementsAre(1, 0, 4, 2, 3));
}

// [nan], [NULL], [1], [], [1, 2], as ClickHouse 26.7 orders them.
TEST(SortRows, ComparesArraysByTheirFirstDifference) {
  auto elements = new_fixed(nullable(plain(TypeId::Float64)), 5);
  const double values[] = {std::nan(""), 0, 1, 1, 2};
  std::copy(std::begin(values), std::end(values), elements->fixed<double>().begin());
  elements->nulls = {0, 1, 0, 0, 0};
  auto column = std::make_shared<Column>();
  column->type = array_of(elements->type);
  column->rows = 5;
  column->values = ArrayValues{{1, 2, 3, 3, 5}, elements};
  const auto order = [&](bool descending) {
    const SortKey keys[] = {{column, descending, false}};
    return *sort_rows(keys, 5, 5, Stop());
  };
  EXPECT_THAT(order(false), ElementsAre(3, 2, 4, 0, 1));
  EXPECT_THAT(order(true), ElementsAre(4, 2, 0, 1, 3));
}

TEST(SortRows, StopsWhenAsked) {
  Stop stop;
  stop.request();
  EXPECT_EQ(query_error_code(sort_rows({}, 3, 3, stop).status()),
            QueryErrorCode::QueryWasCancelled);
}

}  // namespace
}  // namespace grapevine::sql

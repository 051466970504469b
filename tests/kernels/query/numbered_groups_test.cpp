#include "kernels/query/numbered_groups.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

std::vector<AggregateCall> count_and_sum() {
  const DataType number = plain(TypeId::UInt64);
  return {{make_aggregate("count", {}, std::vector<DataType>{}, false).value(), 0},
          {make_aggregate("sum", {}, std::vector<DataType>{number}, false).value(), 1}};
}

ColumnPtr numbers(std::vector<std::uint64_t> values) {
  auto column = new_fixed(plain(TypeId::UInt64), values.size());
  std::copy(values.begin(), values.end(), column->fixed<std::uint64_t>().begin());
  return column;
}

TEST(NumberedGroups, MergeLanesAndLeaveOutGroupsWithoutRows) {
  MemoryBudget budget(std::size_t{1} << 20);
  {
    std::vector<NumberedGroups> lanes;
    for (const std::uint32_t group : {2, 5}) {
      lanes.push_back(NumberedGroups::make(6, count_and_sum(), budget).value());
      const std::vector<std::uint32_t> groups{group, 2, group};
      const std::vector<ColumnPtr> values{numbers({10, 20, 40})};
      ASSERT_TRUE(lanes.back().add(groups, values).ok());
    }
    const auto found = FinishedGroups::of(std::move(lanes), Stop()).value();
    EXPECT_EQ(found.groups, (std::vector<std::uint32_t>{2, 5}));
    const auto counts = found.columns[0]->fixed<std::uint64_t>();
    const auto sums = found.columns[1]->fixed<std::uint64_t>();
    EXPECT_EQ(std::vector(counts.begin(), counts.end()), (std::vector<std::uint64_t>{4, 2}));
    EXPECT_EQ(std::vector(sums.begin(), sums.end()), (std::vector<std::uint64_t>{90, 50}));
  }
  EXPECT_EQ(budget.held(), 0U);
}

// More groups than memory are refused before anything is allocated for them.
TEST(NumberedGroups, AreRefusedWhereTheBudgetHasNoPlace) {
  MemoryBudget budget(std::size_t{1} << 20);
  const auto refused = NumberedGroups::make(std::size_t{1} << 40, count_and_sum(), budget);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(query_error_code(refused.status()), QueryErrorCode::MemoryLimitExceeded);
  EXPECT_EQ(budget.held(), 0U);
}

}  // namespace
}  // namespace grapevine::sql

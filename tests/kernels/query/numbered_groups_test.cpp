#include "kernels/query/numbered_groups.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/query_error.hpp"
#include "kernels/query/sort_rows.hpp"
#include "tests/kernels/query/random_columns.hpp"

namespace grapevine::sql {
namespace {

AggregateCall call(std::string_view name, std::vector<DataType> arguments) {
  auto aggregate = make_aggregate(name, {}, arguments, false);
  EXPECT_TRUE(aggregate.ok()) << name << ": " << aggregate.status();
  return {*aggregate, arguments.size()};
}

std::vector<AggregateCall> some_calls() {
  return {call("count", {}), call("sum", {plain(TypeId::Float64)}),
          call("max", {nullable(plain(TypeId::Int64))})};
}

// Groups by their numbers, and the same rows as GROUP BY has them.
TEST(NumberedGroups, AreWhatGroupByMakes) {
  constexpr std::size_t kGroups = 500;
  MemoryBudget budget(std::size_t{1} << 30);
  const auto calls = some_calls();
  RandomColumns random(3);
  std::vector<NumberedGroups> lanes;
  std::vector<GroupLane> looked_up;
  for (const std::size_t rows : {1, 2, 1001}) {
    auto lane = NumberedGroups::of(kGroups, calls, budget);
    ASSERT_TRUE(lane.ok()) << lane.status();
    looked_up.emplace_back(std::vector<DataType>{plain(TypeId::UInt32)}, calls, budget);
    std::vector<std::uint32_t> numbers;
    auto keys = new_fixed(plain(TypeId::UInt32), rows);
    for (std::size_t i = 0; i < rows; ++i) {
      numbers.push_back(static_cast<std::uint32_t>(random.below(kGroups)));
      keys->fixed<std::uint32_t>()[i] = numbers[i];
    }
    const std::vector<ColumnPtr> arguments{
        random.column(plain(TypeId::Float64), rows, 100),
        random.column(nullable(plain(TypeId::Int64)), rows, 100)};
    ASSERT_TRUE(lane->add(numbers, arguments).ok());
    ASSERT_TRUE(looked_up.back().add(std::vector<ColumnPtr>{keys}, arguments, rows).ok());
    lanes.push_back(*std::move(lane));
  }
  const auto numbered = FinishedGroups::of(std::move(lanes), Stop());
  const auto blocks = finish_groups(std::move(looked_up), Stop(), budget);
  ASSERT_TRUE(numbered.ok() && blocks.ok());
  std::size_t groups = 0;
  for (const Block& block : *blocks) {
    for (std::size_t row = 0; row < block.rows; ++row) {
      const std::uint32_t number = block.columns[0]->fixed<std::uint32_t>()[row];
      const auto at = std::find(numbered->groups.begin(), numbered->groups.end(), number);
      ASSERT_NE(at, numbered->groups.end());
      const auto place = static_cast<std::size_t>(at - numbered->groups.begin());
      for (std::size_t i = 0; i < calls.size(); ++i) {
        EXPECT_EQ(compare_values(*numbered->columns[i], place, *block.columns[i + 1], row), 0);
      }
      ++groups;
    }
  }
  EXPECT_EQ(groups, numbered->groups.size());
}

TEST(NumberedGroups, AreHeldBeforeTheyAreMade) {
  constexpr std::size_t kGroups = 100'000;
  const auto calls = some_calls();
  MemoryBudget large(std::size_t{1} << 30);
  std::size_t needed = 0;
  {
    const auto lane = NumberedGroups::of(kGroups, calls, large);
    ASSERT_TRUE(lane.ok());
    needed = large.held();
    EXPECT_GE(needed, kGroups * (2 * sizeof(std::uint64_t) + 3 * sizeof(double)));
  }
  EXPECT_EQ(large.held(), 0);
  MemoryBudget enough(needed + needed / 8);
  EXPECT_TRUE(NumberedGroups::of(kGroups, calls, enough).ok());
  MemoryBudget small(needed / 2);
  const auto refused = NumberedGroups::of(kGroups, calls, small);
  EXPECT_EQ(query_error_code(refused.status()), QueryErrorCode::MemoryLimitExceeded);
  EXPECT_EQ(small.held(), 0);
}

}  // namespace
}  // namespace grapevine::sql

// Distinct codes that come range by range are counted as those that come in any order.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/group_by.hpp"
#include "tests/kernels/query/random_columns.hpp"

namespace grapevine::sql {
namespace {

constexpr std::uint32_t kRange = 4096;
constexpr std::uint32_t kRanges = 6;

struct Pair {
  std::uint32_t group;
  std::uint32_t code;
};

ColumnPtr codes_column(const MadePool& pool, const std::vector<Pair>& pairs) {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->rows = pairs.size();
  PooledValues values{.codes = {}, .pool = pool.pool};
  for (const Pair& pair : pairs) values.codes.push_back(pair.code);
  column->values = std::move(values);
  return column;
}

// Pairs of one range after the other, in two lanes, in blocks; against a set of all of them.
void expect_counted(std::size_t groups, std::size_t pairs_of_range, std::size_t groups_later) {
  std::vector<std::string> names;
  for (std::uint32_t code = 0; code < kRange * kRanges; ++code) {
    names.push_back("c" + std::to_string(code));
  }
  const MadePool pool = make_pool(std::vector<std::string_view>(names.begin(), names.end()));
  const auto aggregate = make_aggregate(
      "uniqExactIf", {}, std::vector{plain(TypeId::String), plain(TypeId::UInt8)}, false);
  ASSERT_TRUE(aggregate.ok()) << aggregate.status();
  RandomColumns random(groups + pairs_of_range);
  std::set<std::pair<std::uint32_t, std::uint32_t>> expected;
  std::vector<std::unique_ptr<AggregateStates>> lanes;
  for (std::uint32_t lane = 0; lane < 2; ++lane) {
    lanes.push_back((*aggregate)->make_states());
    for (std::uint32_t range = lane * kRanges / 2; range < (lane + 1) * kRanges / 2; ++range) {
      ASSERT_TRUE(lanes[lane]->expect_codes({range * kRange, kRange}));
      // Groups become more while a range is read.
      for (const std::size_t most : {groups, range > 1 ? groups_later : groups}) {
        lanes[lane]->resize(groups_later);
        std::vector<Pair> pairs;
        std::vector<std::uint32_t> group_of;
        auto meant = new_fixed(plain(TypeId::UInt8), pairs_of_range);
        for (std::size_t i = 0; i < pairs_of_range; ++i) {
          pairs.push_back({static_cast<std::uint32_t>(random.below(most)),
                           static_cast<std::uint32_t>(range * kRange + random.below(kRange))});
          group_of.push_back(pairs[i].group);
          meant->fixed<std::uint8_t>()[i] = random.below(4) == 0 ? 0 : 1;
          if (meant->fixed<std::uint8_t>()[i] != 0) expected.emplace(pairs[i].group, pairs[i].code);
        }
        const std::vector<ColumnPtr> arguments{codes_column(pool, pairs), meant};
        ASSERT_TRUE(lanes[lane]->add(group_of, arguments, {}).ok());
      }
    }
    (void)lanes[lane]->expect_codes({});
  }
  std::vector<std::uint32_t> same(groups_later);
  for (std::uint32_t group = 0; group < same.size(); ++group) same[group] = group;
  lanes[1]->seal();
  lanes[0]->merge(*lanes[1], same);
  const auto counts = lanes[0]->finish();
  ASSERT_TRUE(counts.ok()) << counts.status();
  std::vector<std::uint64_t> wanted(groups_later);
  for (const auto& [group, code] : expected) ++wanted[group];
  const auto found = (*counts)->fixed<std::uint64_t>();
  EXPECT_THAT(std::vector<std::uint64_t>(found.begin(), found.end()),
              ::testing::ElementsAreArray(wanted));
}

TEST(UniqueRanges, OfOneGroup) { expect_counted(1, 5000, 1); }
TEST(UniqueRanges, OfFewGroupsByBits) { expect_counted(7, 5000, 9); }
TEST(UniqueRanges, OfManyGroupsByASetOfPairs) { expect_counted(3000, 2000, 3500); }
TEST(UniqueRanges, OfSoManyGroupsThatPairsAreLongNumbers) {
  expect_counted(2000, 500, (std::size_t{1} << 32) / kRange + 10);
}

}  // namespace
}  // namespace grapevine::sql

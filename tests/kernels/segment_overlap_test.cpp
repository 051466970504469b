#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/overlap.hpp"
#include "kernels/segment/overlap_reference.hpp"

namespace grapevine {
namespace {

// Everyone with a chance of one in `rarity`.
CustomerSet random_set(std::size_t customers, std::uint64_t rarity, std::mt19937_64& random) {
  CustomerSet set(customers);
  for (std::uint32_t i = 0; i < customers; ++i) {
    if (random() % rarity == 0) set.add(CustomerId(i));
  }
  return set;
}

TEST(Overlap, AgreesWithAskingEachCustomer) {
  const Stop stop;
  std::mt19937_64 random(1);
  for (const std::size_t customers : {0, 1, 63, 64, 65, 4095, 4096, 4097, 200'000}) {
    for (std::size_t count = 1; count <= kOverlapSetsMax; ++count) {
      SCOPED_TRACE(testing::Message() << "customers=" << customers << " sets=" << count);
      std::vector<CustomerSet> sets;
      for (std::size_t s = 0; s < count; ++s) {
        sets.push_back(random_set(customers, 1 + s * s, random));
      }
      const CustomerSet everyone = random_set(customers, 1 + count % 2, random);
      const auto regions = overlap_regions(sets, everyone, stop);
      ASSERT_TRUE(regions.ok());
      EXPECT_EQ(*regions, overlap_regions_reference(sets, everyone));
    }
  }
}

TEST(Overlap, SameCountsForAnyNumberOfThreads) {
  const Stop stop;
  std::mt19937_64 random(2);
  std::vector<CustomerSet> sets;
  for (std::size_t s = 0; s < 5; ++s) sets.push_back(random_set(300'000, 2, random));
  const CustomerSet everyone = CustomerSet::everyone(300'000);
  const auto with_threads = [&](std::size_t threads) {
    tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return overlap_regions(sets, everyone, stop).value();
  };
  EXPECT_EQ(with_threads(1), with_threads(2));
  EXPECT_EQ(with_threads(1), with_threads(8));
}

TEST(Overlap, StopsWhenItIsTold) {
  Stop stop;
  stop.request();
  const std::vector<CustomerSet> sets(2, CustomerSet(100));
  EXPECT_TRUE(absl::IsCancelled(overlap_regions(sets, CustomerSet(100), stop).status()));
}

}  // namespace
}  // namespace grapevine

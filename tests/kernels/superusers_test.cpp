#include "kernels/influence/superusers.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>

#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Counts = std::vector<std::uint64_t>;

double gini_by_pairs(std::span<const std::uint64_t> counts) {
  double differences = 0.0;
  double total = 0.0;
  for (const std::uint64_t a : counts) {
    total += static_cast<double>(a);
    for (const std::uint64_t b : counts) differences += static_cast<double>(a > b ? a - b : b - a);
  }
  return total == 0.0 ? 0.0 : differences / (2.0 * static_cast<double>(counts.size()) * total);
}

TEST(Superusers, AgreeWithAllPairs) {
  std::mt19937_64 draw(1);
  for (const std::size_t people : {0, 1, 2, 3, 63, 64, 65, 500}) {
    for (const std::uint64_t most : {1, 2, 10, 100'000}) {
      SCOPED_TRACE(testing::Message() << "people=" << people << " most=" << most);
      Counts counts(people);
      for (std::uint64_t& count : counts) count = draw() % most * (draw() % 2);
      const auto found = find_superusers(counts, 0.1).value();
      EXPECT_NEAR(found.gini, gini_by_pairs(counts), 1e-12);
      double sum = 0.0;
      std::vector<bool> in(people);
      for (const std::uint32_t person : found.people) {
        sum += static_cast<double>(counts[person]);
        in[person] = true;
        EXPECT_GT(counts[person], 0U);
      }
      EXPECT_LE(found.people.size(), (people + 9) / 10);
      for (std::size_t i = 0; i != people; ++i) {
        if (in[i] || counts[i] == 0) continue;
        EXPECT_EQ(found.people.size(), (people + 9) / 10);
        const std::uint32_t last = found.people.back();
        EXPECT_TRUE(counts[i] < counts[last] || (counts[i] == counts[last] && i > last));
      }
      EXPECT_DOUBLE_EQ(found.share_of_total * static_cast<double>(found.total), sum);
    }
  }
}

TEST(Superusers, ByHand) {
  const auto all_alike = find_superusers(Counts(100, 3), 0.01).value();
  EXPECT_EQ(all_alike.gini, 0.0);
  EXPECT_THAT(all_alike.people, ElementsAre(0));
  EXPECT_DOUBLE_EQ(all_alike.share_of_total, 0.01);
  Counts one(200);
  one[7] = 5;
  EXPECT_DOUBLE_EQ(find_superusers(one, 0.01)->gini, 199.0 / 200.0);
  EXPECT_THAT(find_superusers(one, 0.01)->people, ElementsAre(7));  // 2 of 200, but only 1 did.
  EXPECT_EQ(find_superusers(one, 0.01)->share_of_total, 1.0);
  EXPECT_THAT(find_superusers(Counts{4, 9, 9, 1}, 0.5)->people, ElementsAre(1, 2));
  EXPECT_THAT(find_superusers(Counts(5), 1.0)->people, IsEmpty());
}

TEST(Superusers, OfTheLargestCounts) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_DOUBLE_EQ(find_superusers(Counts{kMost, 0}, 0.5)->gini, 0.5);
  EXPECT_EQ(find_superusers(Counts{kMost, 1}, 0.5).status().code(),
            absl::StatusCode::kInvalidArgument);
  for (const double share : {0.0, -1.0, 1.1, std::nan("")}) {
    EXPECT_EQ(find_superusers(Counts{1}, share).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(Superusers, SameForAnyNumberOfThreads) {
  Counts counts(100'000);
  std::mt19937_64 draw(2);
  for (std::uint64_t& count : counts) count = draw() % 50;
  const auto top = [&] { return find_superusers(counts, 0.2).value().people; };
  EXPECT_EQ(with_threads(1, top), with_threads(8, top));
}

}  // namespace
}  // namespace grapevine

#include "kernels/listen/repeated_pairs.hpp"

#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

TEST(RepeatedPairs, AreThoseThatASetHasAlready) {
  RepeatedPairs repeated;
  std::mt19937_64 random(1);
  for (const std::size_t size : {0, 1, 2, 63, 64, 65, 5000, 100'000}) {
    for (const std::uint32_t kinds : {1, 7, 400, 1 << 22}) {
      std::vector<std::uint32_t> cells;
      std::vector<std::uint16_t> persons;
      std::set<std::pair<std::uint32_t, std::uint16_t>> seen;
      std::vector<std::uint32_t> expected;
      for (std::uint32_t i = 0; i < size; ++i) {
        cells.push_back(static_cast<std::uint32_t>(random() % kinds));
        persons.push_back(static_cast<std::uint16_t>(random() % (1 << SeenInCells::kPersonBits)));
        if (!seen.emplace(cells.back(), persons.back()).second) expected.push_back(i);
      }
      const auto found = repeated.find(cells, persons);
      EXPECT_EQ(std::vector(found.begin(), found.end()), expected);
    }
  }
}

}  // namespace
}  // namespace grapevine

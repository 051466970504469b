#include "kernels/segment/common_bits.hpp"

#include <bit>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

// All bits set: sums of bytes must not run over. On both sides of a vector and of what bytes can sum.
TEST(CommonBits, AreCountedAsOneByOne) {
  std::mt19937_64 random(41);
  for (const std::size_t words : {0, 1, 7, 8, 9, 63, 247, 248, 249, 256, 1024, 1031}) {
    const std::vector<std::uint64_t> ones(words, ~std::uint64_t{0});
    EXPECT_EQ(count_common_bits(ones, ones), 64 * words);
    std::vector<std::uint64_t> some(words);
    std::uint64_t expected = 0;
    for (std::uint64_t& word : some) {
      word = random();
      expected += static_cast<std::uint64_t>(std::popcount(word));
    }
    EXPECT_EQ(count_common_bits(ones, some), expected);
    EXPECT_EQ(count_common_bits(some, std::vector<std::uint64_t>(words)), 0U);
  }
}

}  // namespace
}  // namespace grapevine

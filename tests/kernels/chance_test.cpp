#include "kernels/propagation/chance.hpp"

#include <bit>
#include <cmath>

#include <gmock/gmock.h>

namespace grapevine {
namespace {

constexpr std::uint64_t kAllRuns = ~std::uint64_t{0};

// How far `passed` of `trials` coins is from what is expected, in standard deviations.
double deviation(std::size_t passed, std::size_t trials, double p) {
  const auto n = static_cast<double>(trials);
  return (static_cast<double>(passed) - n * p) / std::sqrt(n * p * (1.0 - p));
}

TEST(WordPasses, AlwaysAndNever) {
  for (std::uint64_t key = 0; key != 100; ++key) {
    EXPECT_EQ(word_passes(key, 1, 2, 1.0F, kAllRuns), kAllRuns);
    EXPECT_EQ(word_passes(key, 1, 2, 1.0F, 5), 5U);
    EXPECT_EQ(word_passes(key, 1, 2, 0.0F, kAllRuns), 0U);
    EXPECT_EQ(word_passes(key, 1, 2, 0.5F, 0), 0U);
  }
}

TEST(WordPasses, OfARunDoesNotDependOnTheOtherRunsAsked) {
  for (const float p : {1e-9F, 0.001F, 0.01F, 1.0F / 3, 0.5F, 0.75F, 0.999F, 1.0F}) {
    for (Vertex listener = 0; listener != 50; ++listener) {
      const std::uint64_t key = block_key(7, 3);
      const std::uint64_t all = word_passes(key, 9, listener, p, kAllRuns);
      EXPECT_EQ(word_passes(key, 9, listener, p, 0x0f0f0f0f12345678U), all & 0x0f0f0f0f12345678U);
      for (std::size_t run = 0; run != kRunsPerBlock; ++run) {
        EXPECT_EQ(word_passes_in_run(7, 3 * kRunsPerBlock + run, 9, listener, p),
                  (all >> run & 1) != 0);
      }
    }
  }
}

TEST(WordPasses, AsOftenAsItShould) {
  for (const float p : {0.001F, 0.01F, 0.1F, 0.25F, 1.0F / 3, 0.5F, 0.7F, 0.99F, 0.999F}) {
    for (std::uint64_t seed = 0; seed != 5; ++seed) {
      std::size_t passed = 0;
      for (Vertex listener = 0; listener != 20'000; ++listener) {
        passed += static_cast<std::size_t>(
            std::popcount(word_passes(block_key(seed, 0), 1, listener, p, kAllRuns)));
      }
      EXPECT_LT(std::abs(deviation(passed, 20'000 * 64, static_cast<double>(p))), 4.5) << p;
    }
  }
}

// Chi-square with one degree of freedom for the table of two coins, each with p = 1/2; the
// threshold 25 is five standard deviations. `a(i)` and `b(i)` give 64 coins.
template <typename A, typename B>
void expect_independent(const A& a, const B& b, const char* what) {
  std::size_t table[2][2] = {};
  constexpr std::uint64_t kWords = 20'000;
  for (std::uint64_t i = 0; i != kWords; ++i) {
    const auto both = static_cast<std::size_t>(std::popcount(a(i) & b(i)));
    const auto first = static_cast<std::size_t>(std::popcount(a(i)));
    const auto second = static_cast<std::size_t>(std::popcount(b(i)));
    table[1][1] += both;
    table[1][0] += first - both;
    table[0][1] += second - both;
    table[0][0] += 64 - first - second + both;
  }
  double chi_square = 0.0;
  constexpr double kExpected = kWords * 64 / 4.0;
  for (const auto& row : table) {
    for (const std::size_t cell : row) {
      const double off = static_cast<double>(cell) - kExpected;
      chi_square += off * off / kExpected;
    }
  }
  EXPECT_LT(chi_square, 3.0 + 25.0) << what;
}

TEST(WordPasses, IndependentOfNeighboursSeedsBlocksAndRuns) {
  const auto coins = [](std::uint64_t seed, std::uint64_t block, Vertex from, Vertex to) {
    return word_passes(block_key(seed, block), from, to, 0.5F, kAllRuns);
  };
  const auto v = [](std::uint64_t i) { return static_cast<Vertex>(i); };
  const auto plain = [&](std::uint64_t i) { return coins(1, 0, 5, v(i)); };
  expect_independent(
      plain, [&](std::uint64_t i) { return coins(1, 0, 5, v(i + 1)); }, "next listener");
  expect_independent(
      plain, [&](std::uint64_t i) { return coins(1, 0, 6, v(i)); }, "next influencer");
  expect_independent(
      plain, [&](std::uint64_t i) { return coins(1, 0, v(i), 5); }, "other direction");
  expect_independent(
      plain, [&](std::uint64_t i) { return coins(1, 1, 5, v(i)); }, "next block");
  expect_independent(
      plain, [&](std::uint64_t i) { return coins(2, 0, 5, v(i)); }, "next seed");
  expect_independent(
      plain, [&](std::uint64_t i) { return std::rotl(plain(i), 1); }, "next run");
  expect_independent([&](std::uint64_t i) { return coins(i, 0, 5, 6); },
                     [&](std::uint64_t i) { return coins(i + 1, 0, 5, 6); }, "seeds of one edge");
  expect_independent([&](std::uint64_t i) { return coins(1, i, 5, 6); },
                     [&](std::uint64_t i) { return coins(1, i + 1, 5, 6); }, "blocks of one edge");
}

TEST(WordPasses, PlanesOfAWordAreIndependent) {
  for (std::uint64_t lag = 1; lag != 6; ++lag) {
    const auto plane = [](std::uint64_t i, std::uint64_t number) {
      return draw_bits(scramble(i), number);
    };
    expect_independent([&](std::uint64_t i) { return plane(i, 0); },
                       [&](std::uint64_t i) { return plane(i, lag); }, "planes");
  }
}

TEST(Quantized, IsExactForFloatsAboveTwoToTheMinusEight) {
  EXPECT_EQ(quantized(0.0F), 0U);
  EXPECT_EQ(quantized(1.0F), std::uint64_t{1} << 32);
  EXPECT_EQ(quantized(0.5F), std::uint64_t{1} << 31);
  EXPECT_EQ(static_cast<double>(quantized(0.3F)) * 0x1p-32, static_cast<double>(0.3F));
  EXPECT_NEAR(static_cast<double>(quantized(1e-5F)) * 0x1p-32, static_cast<double>(1e-5F), 0x1p-32);
}

}  // namespace
}  // namespace grapevine

#include <cmath>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <absl/strings/str_split.h>
#include <gmock/gmock.h>

#include "bench/text/labelled_reviews.hpp"
#include "kernels/text/korean_model.hpp"
#include "kernels/text/korean_text.hpp"
#include "kernels/text/sentiment.hpp"
#include "kernels/text/text_memory.hpp"

namespace grapevine {
namespace {

std::u32string normalized(std::string_view text) {
  TextMemory memory;
  const auto symbols = normalize_korean(text, memory.resource());
  return {symbols.begin(), symbols.end()};
}

TEST(KoreanText, IsReadInOneForm) {
  EXPECT_EQ(normalized("  좋아요\t\n 굿 "), U" 좋아요 굿 ");
  EXPECT_EQ(normalized("ㅋㅋㅋㅋㅋ!!!!"), U" ㅋㅋ!! ");
  EXPECT_EQ(normalized("Galaxy ＧＯＯＤ"), U" galaxy good ");
  EXPECT_EQ(normalized("@me 좋아 https://a.b/c 요"), U" 좋아 요 ");
  EXPECT_EQ(normalized("\u1100\u1161\u11A8 \u1112\u1161"), U" 각 하 ");
  EXPECT_EQ(normalized("각\u11A8"), U" 각\u11A8 ") << "a syllable has one tail";
  EXPECT_EQ(normalized("a\xff\xed\xa0\x80ㅠ"), U" aㅠ ");
  EXPECT_EQ(normalized(""), U" ");
  EXPECT_EQ(normalized(std::string_view("\0\0", 2)), U" ");
}

// Every n-gram, written out.
std::vector<std::uint32_t> features_reference(std::u32string spaced) {
  std::vector<std::uint32_t> features;
  const auto add = [&](std::u32string_view text, std::size_t n, std::uint64_t seed,
                       bool skip_space) {
    for (std::size_t i = 0; i + n <= text.size(); ++i) {
      std::uint64_t hash = seed;
      for (const char32_t symbol : text.substr(i, n)) hash = extend_ngram(hash, symbol);
      if (!skip_space || text[i] != U' ') features.push_back(feature_of(hash));
    }
  };
  add(spaced, 1, 0x1234567, true);
  add(spaced, 2, 0x1234567, false);
  add(spaced, 3, 0x1234567, false);
  std::erase(spaced, U' ');
  add(spaced, 3, 0x7777777, false);
  add(spaced, 4, 0x7777777, false);
  return features;
}

TEST(KoreanFeatures, AreTheNgrams) {
  for (const char* text : {"", "가", "가 나", "배송이 너무 늦어요!!", "a  bc def ghij"}) {
    TextMemory memory;
    const auto symbols = normalize_korean(text, memory.resource());
    std::vector<std::uint32_t> features;
    for_each_korean_feature(symbols, memory.resource(), [&](std::uint32_t feature, bool turned) {
      EXPECT_FALSE(turned);  // Nothing is negated.
      features.push_back(feature);
    });
    EXPECT_THAT(features, testing::UnorderedElementsAreArray(
                              features_reference({symbols.begin(), symbols.end()})));
    EXPECT_THAT(features, testing::Each(testing::Lt(kKoreanFeatures)));
  }
}

// The shares that are right; a review without a score is not.
double share_right(const std::vector<bench::LabelledReview>& reviews) {
  std::size_t right = 0;
  for (const auto& review : reviews) {
    const auto found = sentiment(review.text);
    right += found.score && (*found.score > 0) == review.praises ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(reviews.size());
}

std::vector<bench::LabelledReview> held_out_reviews() {
  std::vector<bench::LabelledReview> held_out;
  for (int i = 0; i < 5; ++i) {
    for (auto& review : bench::read_labelled_reviews(
             GRAPEVINE_SOURCE_DIR "/../shared/data/nsmc/train_" + std::to_string(i) + ".tsv")) {
      if (review.held_out) held_out.push_back(std::move(review));
    }
  }
  return held_out;
}

TEST(KoreanSentiment, IsRightAboutReviewsThatItHasNotSeen) {
  const auto reviews = held_out_reviews();
  if (reviews.empty()) GTEST_SKIP() << "nsmc is not there";
  ASSERT_GT(reviews.size(), 10'000u);
  EXPECT_GE(share_right(reviews), 0.875);
  RecordProperty("share_right", std::to_string(share_right(reviews)));
}

TEST(KoreanSentiment, KnowsHowSureItIs) {
  const auto reviews = held_out_reviews();
  if (reviews.empty()) GTEST_SKIP() << "nsmc is not there";
  double confidence = 0.0;
  for (const auto& review : reviews) confidence += sentiment(review.text).confidence;
  EXPECT_NEAR(confidence / static_cast<double>(reviews.size()), share_right(reviews), 0.02);
}

// Complaints and praise about products and service, in other words than those that were trained.
TEST(KoreanSentiment, IsRightAboutProductsAndService) {
  const auto posts =
      bench::read_labelled_reviews(GRAPEVINE_SOURCE_DIR "/tests/data/korean_service_posts.tsv");
  ASSERT_EQ(posts.size(), 200u);
  EXPECT_GE(share_right(posts), 0.85);
  RecordProperty("share_right", std::to_string(share_right(posts)));
}

// Negated phrases that nothing was trained with, written before the negation was modelled: a line is
// `kind, text, moods, ...`, of the moods n, p and z those that are right.
TEST(KoreanSentiment, KnowsWhatIsNegated) {
  std::ifstream lines(GRAPEVINE_SOURCE_DIR "/tests/data/held_out_moods.tsv");
  std::size_t count = 0, right = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells[0] != "negation" || cells.size() < 3 || cells[2] == ".") continue;
    const auto score = sentiment(cells[1]).score;
    const char mood = !score ? 'u' : *score > 0.05 ? 'p' : *score < -0.05 ? 'n' : 'z';
    ++count;
    if (cells[2].find(mood) != std::string::npos) {
      ++right;
    } else {
      std::cout << cells[1] << ": " << score.value_or(9) << ", not " << cells[2] << '\n';
    }
  }
  ASSERT_GT(count, 50u);
  EXPECT_GE(static_cast<double>(right) / static_cast<double>(count), 0.8)
      << right << " of " << count;
}

TEST(KoreanSentiment, IsTheSameInEveryForm) {
  const auto score = [](std::string_view text) { return sentiment(text).score.value(); };
  EXPECT_EQ(score("각하 최악"), score("\u1100\u1161\u11A8\u1112\u1161   최악"));
  EXPECT_EQ(score("최고ㅋㅋㅋㅋ"), score("최고ㅋㅋ"));
  EXPECT_EQ(score("정말 최고예요"), score("@grapevine 정말 최고예요 https://t.example/1"));
}

}  // namespace
}  // namespace grapevine

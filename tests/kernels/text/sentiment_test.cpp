#include "kernels/text/sentiment.hpp"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/listen/mood_lanes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

TEST(Sentiment, TellsMoodsApart) {
  for (const char* text : {"배송 빠르고 제품도 좋아요 추천합니다", "I love it",
                           "정말 great 최고예요 love it", "😍😍😍", ":)", "배송 왔어요 😍😍😍😍"}) {
    EXPECT_GT(sentiment(text).score.value_or(0), kMoodScore) << text;
  }
  for (const char* text :
       {"진짜 최악이네요. 다시는 안 삽니다", "I hate it", "환불 안 해줌 terrible", "😡😭😭", ":("}) {
    EXPECT_LT(sentiment(text).score.value_or(0), -kMoodScore) << text;
  }
  EXPECT_EQ(sentiment("The table stands there").score, 0.0);
}

TEST(Sentiment, OfNeitherLanguageIsUnknown) {
  for (const char* text :
       {"", " ", "...", "12345", "すごい 😍", "Это ужасно", "gracias amigos, muy bien",
        "@someone https://example.com", "\xff\xfe"}) {
    EXPECT_EQ(sentiment(text), Sentiment{}) << text;
  }
}

TEST(Sentiment, OfMixedTextCombinesBoth) {
  const double korean = sentiment("이 제품 최고예요").score.value();
  const auto mixed = sentiment("이 제품 최고예요 I hate it");
  EXPECT_EQ(mixed.language, Language::Mixed);
  EXPECT_LT(mixed.score.value(), korean);
  EXPECT_GT(mixed.score.value(), sentiment("I hate it").score.value());
}

void expect_valid(std::string_view text) {
  const Sentiment found = sentiment(text);
  EXPECT_GE(found.confidence, 0.0);
  EXPECT_LE(found.confidence, 1.0);
  if (!found.score) {
    EXPECT_EQ(found.language, Language::Other);
    EXPECT_EQ(found.confidence, 0.0);
    return;
  }
  EXPECT_LE(std::abs(*found.score), 1.0);
  EXPECT_NEAR(*found.score * 1e4, std::nearbyint(*found.score * 1e4), 1e-9);
}

// Bytes by chance, and pieces of text cut anywhere, so that sequences are broken.
std::vector<std::string> texts_by_chance(std::size_t count) {
  const std::vector<std::string> pieces{"좋아요", "최악", "not ",         "good ", "😍",
                                        "é",      "ㅠㅠ", "\u1100\u1161", "!!",    "https://",
                                        "@a ",    "n't",  "\u00a0",       "日本"};
  std::mt19937 chance(3);
  std::vector<std::string> texts(count);
  for (std::string& text : texts) {
    for (std::size_t parts = chance() % 20; parts != 0; --parts) {
      if (chance() % 3 == 0) {
        text += static_cast<char>(chance());
      } else {
        const std::string& piece = pieces[chance() % pieces.size()];
        text += piece.substr(0, 1 + chance() % piece.size());
      }
    }
  }
  return texts;
}

TEST(Sentiment, TakesAnyBytes) {
  for (const std::string& text : texts_by_chance(50'000)) expect_valid(text);
}

TEST(Sentiment, TakesLongTexts) {
  for (const char* piece : {"a", "good but ", "ㅋ", "좋아요 ", "😍", "\xff", "!", "좋 good ", "@",
                            "https://", "\xed\x95"}) {
    std::string text;
    while (text.size() < (1u << 20)) text += piece;
    expect_valid(text);
  }
  expect_valid(std::string(1u << 20, '\0'));
}

TEST(Sentiment, SameBitsForAnyNumberOfThreads) {
  const auto texts = texts_by_chance(20'000);
  const auto scores = [&] {
    std::vector<Sentiment> found(texts.size());
    for_each_block(texts.size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) found[i] = sentiment(texts[i]);
    });
    return found;
  };
  EXPECT_EQ(with_threads(1, scores), with_threads(8, scores));
}

}  // namespace
}  // namespace grapevine

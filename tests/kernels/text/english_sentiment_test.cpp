#include "kernels/text/english_sentiment.hpp"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/text/embedded.hpp"
#include "kernels/text/embedded_lines.hpp"
#include "kernels/text/emoji_names.hpp"
#include "kernels/text/english_sentiment_reference.hpp"
#include "kernels/text/sentiment.hpp"
#include "kernels/text/text_memory.hpp"
#include "tests/kernels/text/golden_tweets.hpp"

namespace grapevine {
namespace {

double score_of(std::string_view text) {
  TextMemory memory;
  std::pmr::string scratch(memory.resource());
  return english_sentiment(tokenize_english(spell_out_emoji(text, scratch), memory.resource()))
      .score;
}

TEST(EnglishSentiment, IsThatOfTheAuthorsProgramOnRealTweets) {
  const auto tweets = read_golden_tweets();
  if (tweets.empty()) GTEST_SKIP() << "the golden tweets are not there";
  for (const GoldenTweet& tweet : tweets) {
    EXPECT_NEAR(score_of(tweet.text), tweet.score, 1e-9) << tweet.text;
    EXPECT_NEAR(sentiment(tweet.text).score.value_or(9), tweet.score, 1e-9) << tweet.text;
  }
}

TEST(EnglishSentiment, AgreesWithPeople) {
  const auto tweets = read_golden_tweets();
  if (tweets.empty()) GTEST_SKIP() << "the golden tweets are not there";
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (const GoldenTweet& tweet : tweets) {
    const double score = score_of(tweet.text);
    x += score, y += tweet.rating, xx += score * score, yy += tweet.rating * tweet.rating;
    xy += score * tweet.rating;
  }
  const auto n = static_cast<double>(tweets.size());
  EXPECT_GE((n * xy - x * y) / std::sqrt((n * xx - x * x) * (n * yy - y * y)), 0.87);
}

TEST(EnglishSentiment, AgreesWithTheReferenceOnRealTweets) {
  const auto tweets = read_golden_tweets();
  if (tweets.empty()) GTEST_SKIP() << "the golden tweets are not there";
  for (const GoldenTweet& tweet : tweets) {
    EXPECT_EQ(score_of(tweet.text), english_sentiment_reference(tweet.text)) << tweet.text;
  }
}

// Rules meet seldom in real text. Here they meet all the time.
TEST(EnglishSentiment, AgreesWithTheReferenceOnWordsByChance) {
  std::vector<std::string> rated, modifiers, emoji;
  for_each_line(embedded_words(), [&](std::string_view word, auto) { rated.emplace_back(word); });
  for_each_line(embedded_modifiers(),
                [&](std::string_view word, auto) { modifiers.emplace_back(word); });
  for_each_line(embedded_emoji(), [&](std::string_view word, auto) { emoji.emplace_back(word); });
  const std::vector<std::string> rules{
      "no",       "or",      "nor",   "but",   "least",   "at",     "very",  "never",  "so",
      "this",     "without", "doubt", "kind",  "of",      "sort",   "just",  "enough", "the",
      "shit",     "bomb",    "bad",   "ass",   "bus",     "stop",   "yeah",  "right",  "kiss",
      "death",    "to",      "die",   "for",   "beating", "broken", "heart", "great",  "good",
      "horrible", "I",       "we",    "phone", "ain't"};
  const std::vector<std::string> ends{"", "", "", "", "!", "?", "??", "...", ",", "!!!", "'", ")"};
  std::mt19937 chance(7);
  const auto any = [&](const std::vector<std::string>& of) { return of[chance() % of.size()]; };
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t words = chance() % 14; words != 0; --words) {
      const auto kind = chance() % 10;
      std::string word = any(kind < 6 ? rules : kind < 8 ? rated : modifiers);
      if (chance() % 6 == 0) {
        for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
      text += word + any(ends) + (chance() % 20 == 0 ? any(emoji) : "");
      text += chance() % 15 == 0 ? "\u00a0" : " ";
    }
    ASSERT_EQ(score_of(text), english_sentiment_reference(text)) << text;
  }
}

TEST(EnglishSentiment, FollowsItsRules) {
  EXPECT_GT(score_of("a great phone"), 0.5);
  EXPECT_GT(score_of("a really great phone"), score_of("a great phone"));
  EXPECT_LT(score_of("a somewhat great phone"), score_of("a great phone"));
  EXPECT_GT(score_of("a GREAT phone"), score_of("a great phone"));
  EXPECT_EQ(score_of("A GREAT PHONE"), score_of("a great phone"))
      << "all shout, so nothing stands out";
  EXPECT_GT(score_of("a great phone!!"), score_of("a great phone!"));
  EXPECT_EQ(score_of("a great phone!!!!!!"), score_of("a great phone!!!!"));
  EXPECT_LT(score_of("not a great phone"), 0.0);
  EXPECT_LT(score_of("a great phone but a horrible service"), 0.0);
  EXPECT_GT(score_of("a horrible service but a great phone"), 0.0);
  EXPECT_GT(score_of("never so good"), score_of("good"));
  EXPECT_EQ(score_of("the table stands there"), 0.0);
  EXPECT_EQ(score_of(""), 0.0);
}

TEST(EnglishSentiment, HearsCapitalsBeyondAscii) {
  EXPECT_GT(score_of("ÜBERALL great phone"), 0.0);
  EXPECT_EQ(score_of("ÜBER GREAT"), score_of("über great")) << "no small letter, so all shout";
  EXPECT_GT(score_of("über GREAT"), score_of("über great"));
}

// Beyond 1,024 rated words each is weighed by its own place: time must not grow with the square.
TEST(EnglishSentiment, ReadsAMegabyteOfRatedWords) {
  std::string text = "but ";
  while (text.size() < 1'000'000) text += "good bad ";
  EXPECT_LT(score_of(text), 0.0);
  EXPECT_GE(score_of(text), -1.0);
}

}  // namespace
}  // namespace grapevine

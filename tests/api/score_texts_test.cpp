#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "api/parse/texts_request.hpp"
#include "bench/text/labelled_reviews.hpp"
#include "kernels/text/sentiment.hpp"
#include "tests/api/asked.hpp"
#include "tests/kernels/text/golden_tweets.hpp"

namespace grapevine {
namespace {

using Json = nlohmann::json;

Json score(const Json& texts, int status = 200) {
  ::grapevine::testing::AskedStore asked;
  const Response answer = asked.ask("POST", "/v1/text/sentiment", Json{{"texts", texts}}.dump());
  EXPECT_EQ(answer.status, status) << answer.body.substr(0, 1000);
  return Json::parse(answer.body);
}

TEST(ScoreTexts, SaysScoreLanguageAndConfidence) {
  const Json answer =
      score({"I love it!", "배송이 너무 늦고 최악이에요", "12345", "", "これはとても良い"});
  const Json& results = answer["results"];
  ASSERT_EQ(results.size(), 5U);
  EXPECT_GT(results[0]["score"], 0.5);
  EXPECT_EQ(results[0]["language"], "english");
  EXPECT_LT(results[1]["score"], -0.3);
  EXPECT_EQ(results[1]["language"], "korean");
  for (const std::size_t unknown : {2, 3, 4}) {
    EXPECT_TRUE(results[unknown]["score"].is_null());
    EXPECT_EQ(results[unknown]["language"], "other");
    EXPECT_EQ(results[unknown]["confidence"], 0);
  }
  EXPECT_EQ(answer["sentiment_model"], std::string(kSentimentModel));
  EXPECT_EQ(score(Json::array())["results"].size(), 0U);
}

TEST(ScoreTexts, IsThatOfTheAuthorsProgramOnRealTweets) {
  const auto tweets = read_golden_tweets();
  if (tweets.empty()) GTEST_SKIP() << "the golden tweets are not there";
  Json texts = Json::array();
  for (const GoldenTweet& tweet : tweets) texts.push_back(tweet.text);
  const Json results = score(texts)["results"];
  ASSERT_EQ(results.size(), tweets.size());
  for (std::size_t i = 0; i < tweets.size(); ++i) {
    EXPECT_NEAR(results[i]["score"].get<double>(), tweets[i].score, 1e-9) << tweets[i].text;
  }
}

TEST(ScoreTexts, IsRightAboutReviewsThatItHasNotSeen) {
  std::vector<bench::LabelledReview> reviews;
  for (auto& review :
       bench::read_labelled_reviews(GRAPEVINE_SOURCE_DIR "/../shared/data/nsmc/train_0.tsv")) {
    if (review.held_out) reviews.push_back(std::move(review));
  }
  if (reviews.empty()) GTEST_SKIP() << "nsmc is not there";
  Json texts = Json::array();
  for (const auto& review : reviews) texts.push_back(review.text);
  const Json results = score(texts)["results"];
  std::size_t right = 0;
  for (std::size_t i = 0; i < reviews.size(); ++i) {
    const Json& found = results[i]["score"];
    right += !found.is_null() && (found.get<double>() > 0) == reviews[i].praises ? 1 : 0;
  }
  EXPECT_GE(static_cast<double>(right) / static_cast<double>(reviews.size()), 0.87);
}

TEST(ScoreTexts, NamesWhatIsWrong) {
  const Json mistakes = score({"a", 1, nullptr}, 422);
  ASSERT_EQ(mistakes["errors"].size(), 2U);
  EXPECT_EQ(mistakes["errors"][0]["pointer"], "/texts/1");
  EXPECT_EQ(mistakes["errors"][1]["pointer"], "/texts/2");
  EXPECT_EQ(score("text", 422)["errors"][0]["pointer"], "/texts");
  Json many = Json::array();
  for (std::size_t i = 0; i <= kTextsMax; ++i) many.push_back("");
  EXPECT_EQ(score(many, 422)["errors"][0]["pointer"], "/texts");
  score({std::string(kTextsBytesMax, 'x')}, 413);
  ::grapevine::testing::AskedStore asked;
  EXPECT_EQ(asked.ask("POST", "/v1/text/sentiment", "{}").status, 422);
  EXPECT_EQ(asked.ask("POST", "/v1/text/sentiment", "[]").status, 400);
  EXPECT_EQ(asked.ask("POST", "/v1/text/sentiment", R"({"texts":[]})", {{"x", "1"}}).status, 422);
}

}  // namespace
}  // namespace grapevine

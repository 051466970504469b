#include "kernels/listen/text_verdict.hpp"

#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/text/embedded.hpp"
#include "kernels/text/embedded_lines.hpp"

namespace grapevine {
namespace {

// Every phrase of the lexicon, phrases that follow each other, and labelled posts.
std::vector<std::string> texts() {
  std::vector<std::string> texts{"", "?", "hm"};
  for_each_line(embedded_service_words(), [&](std::string_view, std::string_view text) {
    texts.emplace_back(text);
    std::erase(texts.back(), '*');
  });
  std::mt19937_64 random(1);
  const std::size_t phrases = texts.size();
  for (int i = 0; i < 3000; ++i) {
    texts.push_back(texts[random() % phrases] + (random() % 2 == 0 ? " " : " not ") +
                    texts[random() % phrases] + (random() % 3 == 0 ? "?" : ""));
  }
  std::ifstream posts(GRAPEVINE_SOURCE_DIR "/tests/data/korean_service_posts.tsv");
  for (std::string line; std::getline(posts, line);) texts.push_back(line);
  return texts;
}

TEST(TextVerdict, IsWhatTriageTellsForEverySentiment) {
  const std::optional<double> sentiments[] = {std::nullopt, -1.0, -0.6, -0.3,   -0.0501, -0.05F,
                                              -0.01,        0.0,  0.05, 0.0501, 0.3,     1.0};
  std::vector<FoundSign> signs, scratch;
  std::size_t complaints = 0, harms = 0;
  for (const std::string& text : texts()) {
    find_service_signs(text, signs);
    const TextVerdict verdict(text, scratch);
    EXPECT_TRUE(verdict.is_known());
    for (const auto& sentiment : sentiments) {
      const Triage told = triage(signs, sentiment, false);
      const auto by = verdict.complaint(sentiment);
      ASSERT_EQ(by.has_value(), told.concern == Concern::Complaint) << text;
      if (!by) continue;
      ++complaints;
      EXPECT_EQ(*by == ComplaintBy::Harm, told.rule == Triage::Rule::Harm) << text;
      EXPECT_EQ(*by == ComplaintBy::Sentiment, told.rule == Triage::Rule::Sentiment) << text;
      EXPECT_NE(*by, ComplaintBy::Ticket);
    }
    const bool harm = triage(signs, std::nullopt, false).severity >= Severity::Severe;
    EXPECT_EQ(verdict.tells_of_harm(), harm) << text;
    EXPECT_EQ(tells_of_harm(text, scratch), harm) << text;
    harms += harm ? 1 : 0;
  }
  EXPECT_GT(complaints, 1000U);
  EXPECT_GT(harms, 300U);
}

TEST(TextVerdict, OfNoTextIsItsSentiment) {
  const TextVerdict none = TextVerdict::of_no_text();
  EXPECT_EQ(none.complaint(-0.06), ComplaintBy::Sentiment);
  EXPECT_EQ(none.complaint(-0.05F), std::nullopt);
  EXPECT_EQ(none.complaint(std::nullopt), std::nullopt);
  EXPECT_FALSE(none.tells_of_harm());
  EXPECT_FALSE(TextVerdict().is_known());
}

}  // namespace
}  // namespace grapevine

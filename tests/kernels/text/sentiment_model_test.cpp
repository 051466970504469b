// The name of the model stands beside every score that is kept: it changes with what it names.

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <xxhash.h>

#include "kernels/text/embedded.hpp"
#include "kernels/text/sentiment.hpp"

namespace grapevine {
namespace {

// Of all that is embedded, each with its length.
std::uint64_t digest_of_embedded() {
  const auto korean = embedded_korean_model();
  const std::string_view files[] = {
      embedded_words(), embedded_emoji(), embedded_modifiers(), embedded_function_words(),
      std::string_view(reinterpret_cast<const char*>(korean.data()), korean.size())};
  std::string all;
  for (const std::string_view file : files) {
    all.append(std::to_string(file.size())).append(":").append(file);
  }
  return XXH3_64bits(all.data(), all.size());
}

// Scores that show whether rules changed: of both languages, of negation, of emphasis, of emoji.
std::string scores() {
  std::string text;
  for (const char* post : {"I love it", "I do not love it", "VERY bad!!!",
                           "good, but the delivery was awful", "😡", "배송 빠르고 제품도 좋아요",
                           "진짜 최악이네요. 다시는 안 삽니다", "이 제품 최고예요 I hate it"}) {
    text += std::to_string(sentiment(post).score.value_or(9)).substr(0, 7) + " ";
  }
  return text;
}

// Where this fails, texts get other scores: give kSentimentModel another name, so that rows of the
// old one are known, and then note here what the new one is.
TEST(SentimentModel, IsTheOneOfItsName) {
  EXPECT_EQ(kSentimentModel, "2026-11-23");
  EXPECT_EQ(digest_of_embedded(), 5'694'948'938'739'584'617U);
  EXPECT_EQ(scores(), "0.63690 -0.5216 -0.7508 -0.4678 9.00000 0.88920 -0.9815 0.59490 ");
}

}  // namespace
}  // namespace grapevine

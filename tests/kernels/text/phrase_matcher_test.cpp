#include "kernels/text/phrase_matcher.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/text/phrase_matcher_reference.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PhraseMatcher matcher_of(const std::vector<Phrase>& phrases) {
  return PhraseMatcher::build(phrases).value();
}

std::vector<PhraseMatch> matches(const PhraseMatcher& matcher, std::string_view text) {
  std::vector<PhraseMatch> found;
  matcher.for_each_match(text, [&](const PhraseMatch& match) { found.push_back(match); });
  std::sort(found.begin(), found.end(), [](const PhraseMatch& a, const PhraseMatch& b) {
    return a.end != b.end ? a.end < b.end : a.phrase < b.phrase;
  });
  return found;
}

TEST(PhraseMatcher, FindsNamesAsWholeWords) {
  const auto matcher = matcher_of({{"Vine", 1, false}, {"배", 2, false}, {"포도*", 3, false}});
  EXPECT_THAT(matcher.topics_of("a VINE."), ElementsAre(1));
  EXPECT_THAT(matcher.topics_of("Vine은 좋다"), ElementsAre(1)) << "another script ends a word";
  EXPECT_THAT(matcher.topics_of("Grapevine vines vine2 évine"), IsEmpty());
  EXPECT_THAT(matcher.topics_of("배"), ElementsAre(2));
  EXPECT_THAT(matcher.topics_of("배를 샀다"), ElementsAre(2));
  EXPECT_THAT(matcher.topics_of("배에서는 안 돼요"), ElementsAre(2)) << "two particles";
  EXPECT_THAT(matcher.topics_of("배송 담배 배추"), IsEmpty());
  EXPECT_THAT(matcher.topics_of("포도주스, 배까지"), ElementsAre(2, 3));
  EXPECT_THAT(matcher.topics_of("청포도"), IsEmpty());
  EXPECT_THAT(matcher.topics_of(""), IsEmpty());
}

TEST(PhraseMatcher, LeavesOutWhatIsExcluded) {
  const auto matcher = matcher_of({{"apple", 1, false}, {"apple pie", 1, true}, {"pie", 2, false}});
  EXPECT_THAT(matcher.topics_of("my Apple phone"), ElementsAre(1));
  EXPECT_THAT(matcher.topics_of("an apple pie"), ElementsAre(2));
}

TEST(PhraseMatcher, RefusesWhatItCannotFind) {
  const auto code = [](const std::string& text) {
    return PhraseMatcher::build(std::vector<Phrase>{{text, 0, false}}).status().code();
  };
  EXPECT_EQ(code(""), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("*"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("\xff"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(std::string(256, 'a')), absl::StatusCode::kOk);
  EXPECT_EQ(code(std::string(257, 'a')), absl::StatusCode::kInvalidArgument);
  std::vector<Phrase> many(256, Phrase{std::string(256, 'a'), 0, false});
  EXPECT_TRUE(PhraseMatcher::build(many).ok());
  many.push_back({"a", 0, false});
  EXPECT_EQ(PhraseMatcher::build(many).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(PhraseMatcher::build({}).value().topics_of("anything"), IsEmpty());
}

// Few different pieces, so that phrases overlap, end one another and meet particles.
TEST(PhraseMatcher, AgreesWithTheReference) {
  const std::vector<std::string> pieces{"a",    "B", "b", "é", "배", "송", "은",
                                        "에서", " ", "1", "😍", "ㅋ", "日"};
  std::mt19937 chance(5);
  const auto any = [&](std::size_t most) {
    std::string text;
    for (std::size_t n = chance() % most + 1; n != 0; --n) text += pieces[chance() % pieces.size()];
    return text;
  };
  std::size_t found = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Phrase> phrases(chance() % 40);
    for (Phrase& phrase : phrases) {
      phrase.text = (chance() % 4 == 0 ? "*" : "") + any(3) + (chance() % 4 == 0 ? "*" : "");
    }
    const auto matcher = matcher_of(phrases);
    for (int i = 0; i < 30; ++i) {
      const std::string text = any(30);
      const auto expected = match_phrases_reference(phrases, text);
      ASSERT_EQ(matches(matcher, text), expected) << text;
      found += expected.size();
    }
  }
  EXPECT_GT(found, 1'000u);
}

TEST(PhraseMatcher, TakesAnyBytes) {
  const auto matcher = matcher_of({{"배", 0, false}, {"a", 1, false}, {"😍*", 2, false}});
  std::mt19937 chance(9);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t n = chance() % 30; n != 0; --n) {
      text += chance() % 3 == 0 ? std::string(1, static_cast<char>(chance()))
                                : "배a😍" + std::string(chance() % 2, '\xed');
    }
    for (const PhraseMatch& match : matches(matcher, text)) {
      EXPECT_LT(match.begin, match.end);
      EXPECT_LE(match.end, text.size());
    }
  }
}

}  // namespace
}  // namespace grapevine

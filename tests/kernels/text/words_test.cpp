#include "kernels/text/words.hpp"

#include <string>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

// The words with blanks between, and | where there is a gap.
std::string words_of(std::string_view text) {
  std::string words;
  WordSplitter().split(
      text, [&](std::string_view word) { (words += word) += ' '; }, [&] { words += '|'; });
  return words;
}

TEST(Words, AreStretchesOfOneScriptInSmallLetters) {
  struct Case {
    const char* text;
    const char* words;
  };
  for (const Case& of : {
           Case{"", ""},
           Case{"The tent, Élan and DON'T", "the tent |élan and don't "},
           Case{"they\u2019re 5G s24 2024 a1", "they're 5g s24 |a1 "},
           Case{"iPhone이 좋아요ㅋㅋ!!", "iphone 이 좋아요 |"},
           Case{"배송이 늦어요. 환불 해주세요", "배송이 늦어요 |환불 해주세요 "},
           Case{"see https://x.test/a?b=c now", "see |now "},
           Case{"@brand #camping (https://x.test) tent", "|camping |tent "},
           Case{"mail@x.test", "mail |x |test "},
           Case{"\xff\xfe tent", "|tent "},
           Case{"お茶 чай ТЕСТ", "お茶 чай тест "},
           Case{"'quoted' rock'n'roll '", "|quoted |rock'n'roll |"},
       }) {
    EXPECT_EQ(words_of(of.text), of.words) << of.text;
  }
}

TEST(Words, ComposeHangulThatIsSentInJamo) {
  EXPECT_EQ(words_of("\u1112\u1161\u11AB\u1100\u1173\u11AF tent"), "한글 tent ");
}

TEST(Words, AreNotLongerThanTheyMayBe) {
  const std::string longest(WordSplitter::kBytesMax, 'x');
  EXPECT_EQ(words_of(longest + " y z"), longest + " y z ");
  EXPECT_EQ(words_of(longest + "x y z"), "|y z ");
}

}  // namespace
}  // namespace grapevine

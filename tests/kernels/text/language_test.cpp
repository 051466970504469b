#include "kernels/text/language.hpp"

#include <string_view>

#include <gtest/gtest.h>

#include "kernels/text/links.hpp"

namespace grapevine {
namespace {

struct Case {
  std::string_view text;
  Language language;
};

constexpr Case kCases[] = {
    {"배송이 빨라요", Language::Korean},
    {"ㅋㅋㅋㅋ", Language::Korean},
    {"\u1100\u1161\u11A8", Language::Korean},  // Conjoining jamo.
    {"갤럭시 S24 Ultra 카메라가 정말 좋아요", Language::Korean},
    {"iPhone 좋다", Language::Korean},  // A brand is no English.
    {"배송 완료 https://example.com/a/very/long/link @grapevine", Language::Korean},
    {"I love this phone", Language::English},
    {"Grapevine!!", Language::English},
    {"lol", Language::English},
    {"the café was nice", Language::English},
    {"@someone cierra la puerta! Oh yeaaah", Language::English},
    {"이 제품 really love it, 최고예요", Language::Mixed},
    {"배송이 너무 늦어요 very bad service", Language::Mixed},
    {"", Language::Other},
    {"!!! 123", Language::Other},
    {"😍😍", Language::Other},
    {"@someone https://example.com", Language::Other},
    {"すごい製品です", Language::Other},
    {"Это просто ужасно", Language::Other},
    {"Guten Morgen, wie geht es dir heute?", Language::Other},
    {"C'est une très bonne journée pour nous", Language::Other},
    {"hola amigos, esto es para ustedes", Language::Other},
    {"terima kasih banyak untuk semuanya", Language::Other},
    {"Ürün çok güzel ama kargo çok geç geldi", Language::Other},
    {"\xff\xfe\x80", Language::Other},
    {"\xed\xa0\x80\xc0\xafok thanks", Language::English},  // A surrogate and an overlong form.
};

TEST(Language, IsDecidedByLettersAndKnownWords) {
  for (const auto& [text, language] : kCases) EXPECT_EQ(language_of(text), language) << text;
}

TEST(Links, EndWhereTheyEnd) {
  EXPECT_EQ(end_of_link("@me!", 0), 3u);
  EXPECT_EQ(end_of_link("@ me", 0), 0u);
  EXPECT_EQ(end_of_link("x https://a.b/c?d 1", 2), 17u);
  EXPECT_EQ(end_of_link("www.a.b\xed\x95\x9c", 0), 7u);
  EXPECT_EQ(end_of_link("http:/", 0), 0u);
  EXPECT_EQ(end_of_link("", 0), 0u);
}

}  // namespace
}  // namespace grapevine

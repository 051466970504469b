#include "api/encode/hashed_identifier.hpp"

#include <gtest/gtest.h>

namespace grapevine {
namespace {

TEST(HashedIdentifier, EmailIsTrimmedAndInLowerCase) {
  EXPECT_EQ(normalized_text(" Ann@Example.COM\t\r\n"), "ann@example.com");
  EXPECT_EQ(normalized_text("ann.b+x@gmail.com"), "ann.b+x@gmail.com") << "dots and tags stay";
  EXPECT_EQ(normalized_text("\xC2\xA0\xC3\x89LAN@x.kr\xE3\x80\x80"), "\xC3\xA9lan@x.kr")
      << "a no-break space, É, an ideographic space";
  EXPECT_EQ(normalized_text(" \t"), "");
  EXPECT_EQ(normalized_text(""), "");
  EXPECT_EQ(normalized_text("a b"), "a b");
}

TEST(HashedIdentifier, PhoneNumbersNeedACountryCode) {
  EXPECT_EQ(normalized_phone("+82 10-1234-5678"), "+821012345678");
  EXPECT_EQ(normalized_phone(" 0082 10 1234 5678 "), "+821012345678");
  EXPECT_EQ(normalized_phone("+1 (555) 123.4567"), "+15551234567");
  EXPECT_EQ(normalized_phone("+44 (0)20 7946 0018"), "+442079460018");
  EXPECT_EQ(normalized_phone("010-1234-5678"), "") << "of which country?";
  EXPECT_EQ(normalized_phone("821012345678"), "") << "of which country?";
  EXPECT_EQ(normalized_phone("+82 10 1234 5678 ext 3"), "");
  EXPECT_EQ(normalized_phone("+0 10 1234 5678"), "");
  EXPECT_EQ(normalized_phone("++821012345678"), "");
  EXPECT_EQ(normalized_phone("+123456"), "") << "too short";
  EXPECT_EQ(normalized_phone("+1234567890123456"), "") << "more than 15 digits";
  EXPECT_EQ(normalized_phone(""), "");
}

// Hashes by coreutils: printf ann@example.com | sha256sum
TEST(HashedIdentifier, IsSha256InLowerCaseHexadecimal) {
  EXPECT_EQ(hashed_identifier(HashForm::Text, " Ann@example.com"),
            "71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476");
  EXPECT_EQ(hashed_identifier(HashForm::E164, "+82 10 1234 5678"),
            "2efdd01fdf56e3f07de56acd9d40beb256d5983aec5f6d597c2c48354f35f9e0");
  EXPECT_EQ(hashed_identifier(HashForm::Digits, "+82 10 1234 5678"),
            "5d639079300bfabb1fa81139c823d324b2a67e9dd4157475190a31fb17528bc0");
  EXPECT_EQ(hashed_identifier(HashForm::Text, "  "), "");
  EXPECT_EQ(hashed_identifier(HashForm::E164, "555"), "");
}

}  // namespace
}  // namespace grapevine

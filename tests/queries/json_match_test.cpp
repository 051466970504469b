// A judge that lets everything pass would make every .query file worthless.

#include "tests/queries/json_match.hpp"

#include <gtest/gtest.h>

namespace grapevine::tests {
namespace {

TEST(JsonMatch, TakesEqualValuesHoweverWritten) {
  EXPECT_EQ(json_mismatch(R"({"a": 1, "b": [true, null]})", R"({"b":[true,null],"a":1})"), "");
  EXPECT_EQ(json_mismatch("0.3333333333333333", "0.33333333333333331"), "");
  EXPECT_EQ(json_mismatch("5", "5.0"), "");
}

TEST(JsonMatch, NamesThePlaceThatDiffers) {
  EXPECT_EQ(json_mismatch(R"({"a": {"b": [1, 2]}})", R"({"a": {"b": [1, 3]}})"),
            "at /a/b/1 expected 2, got 3");
  EXPECT_EQ(json_mismatch(R"({"a": 1})", R"({})"), "nothing at /a");
  EXPECT_EQ(json_mismatch(R"({})", R"({"a": 1})"), "unexpected: /a");
  EXPECT_EQ(json_mismatch("[1]", "[1, 2]"), " has 2 elements, not 1");
  EXPECT_EQ(json_mismatch("1", "\"1\""), R"(at the top expected 1, got "1")");
  EXPECT_EQ(json_mismatch("0.25", "0.2500001"), "at the top expected 0.25, got 0.2500001");
  EXPECT_EQ(json_mismatch("true", "1"), "at the top expected true, got 1");
  EXPECT_EQ(json_mismatch("{}", "oops"), "the answer is not JSON");
}

TEST(JsonMatch, EllipsisLetsFurtherMembersAndElementsPass) {
  EXPECT_EQ(json_mismatch(R"({"a": 1, ...})", R"({"a": 1, "b": 2})"), "");
  EXPECT_EQ(json_mismatch(R"([{"a": 1, ...}, ...])", R"([{"a": 1, "b": 2}, 3])"), "");
  EXPECT_EQ(json_mismatch("[...]", "[]"), "");
}

TEST(JsonMatch, EllipsisStandsForNothingElse) {
  EXPECT_EQ(json_mismatch(R"({"a": 1, ...})", R"({"b": 2})"), "nothing at /a");
  EXPECT_EQ(json_mismatch("[1, 2, ...]", "[1]"), " has 1 elements, not 2");
  EXPECT_EQ(json_mismatch(R"({"a": [1], ...})", R"({"a": [1, 2]})"), "/a has 2 elements, not 1");
  EXPECT_EQ(json_mismatch(R"(["..."])", R"(["x"])"), R"(at /0 expected "...", got "x")");
}

TEST(JsonMatch, KeepsMembersAsText) {
  EXPECT_EQ(json_member(R"({"next_cursor": "abc", "snapshot": 7})", "next_cursor"), "abc");
  EXPECT_EQ(json_member(R"({"next_cursor": "abc", "snapshot": 7})", "snapshot"), "7");
  EXPECT_ANY_THROW(json_member("{}", "snapshot"));
}

}  // namespace
}  // namespace grapevine::tests

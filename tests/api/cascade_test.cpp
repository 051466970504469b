// Who took a content from whom.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/api/alerts_fixture.hpp"

namespace grapevine {
namespace {

using ::testing::HasSubstr;

class Cascade : public Alerts {
 protected:
  void SetUp() override {
    BatchOf batch;
    const auto post = [&](int i, const char* event, const char* content, const char* parent) {
      batch.event(kBegin + i * 60'000, event, person(i));
      if (content != nullptr) batch.with("content_id", content);
      if (parent != nullptr) batch.with("parent_id", parent);
    };
    post(0, "Post Created", "a", nullptr);
    post(1, "Post Shared", "b", "a");
    post(2, "Post Replied", "c", "b");
    post(3, "Post Shared", nullptr, "c");
    post(4, "Post Shared", nullptr, "a");
    batch.target("c1");  // It was c1's that they saw.
    post(5, "Post Liked", nullptr, "a");
    post(6, "Post Created", "z", nullptr);
    post(7, "Post Shared", "y", "z");
    post(8, "Post Shared", "x", "y");
    post(9, "Post Shared", "w", "v");  // Of each other.
    post(10, "Post Shared", "v", "w");
    post(11, "Post Shared", "u", "lost");
    asked_.append(batch);
    asked_.set_now(now_ = kBegin + kHour);
  }
  std::string tree(const std::string& content, Fields more = {}) {
    more.emplace_back("content_id", content);
    const Json answer = ask("GET", "/v1/listen/cascade", 200, more);
    std::string text;
    for (const Json& node : answer.at("nodes")) {
      const Json& who = node.at("customer_id");
      text += (who.is_null() ? "?" : who.get<std::string>()) + "<" +
              (node.at("parent").is_null() ? "" : std::to_string(node.at("parent").get<int>())) +
              " ";
    }
    return text;
  }
};

TEST_F(Cascade, IsTheTreeOfWhoTookItFromWhom) {
  EXPECT_EQ(tree("a"), "c0< c1<0 c2<1 c3<2 c4<1 ");
  EXPECT_EQ(tree("z"), "c6< c7<0 c8<1 ");
  EXPECT_EQ(tree("y"), "c7< c8<0 ");
  EXPECT_EQ(tree("lost"), "?< c11<0 ");
  EXPECT_EQ(tree("w"), "c9< c10<0 ");  // A circle ends where it began.
  const Json answer = ask("GET", "/v1/listen/cascade", 200, {{"content_id", "a"}});
  EXPECT_EQ(answer.at("shares"), 3);
  EXPECT_EQ(answer.at("replies"), 1);
  EXPECT_EQ(answer.at("depth"), 3);
  EXPECT_EQ(answer.at("count"), 5);
  EXPECT_EQ(answer.at("forecast").at("shares"), 3);
  EXPECT_GE(answer.at("nodes").at(0).at("listeners"), 2);
}

TEST_F(Cascade, IsPagedAndOfItsMoment) {
  const Json first = ask("GET", "/v1/listen/cascade", 200, {{"content_id", "a"}, {"limit", "2"}});
  EXPECT_EQ(first.at("nodes").size(), 2U);
  const Json second = ask("GET", "/v1/listen/cascade", 200, {{"cursor", first.at("next_cursor")}});
  EXPECT_EQ(second.at("nodes").at(0).at("node"), 2);
  EXPECT_EQ(tree("a", {{"as_of", std::to_string(kBegin + 60'000)}}), "c0< c1<0 ");
  ask("GET", "/v1/listen/cascade", 404, {{"content_id", "nothing"}});
  ask("GET", "/v1/listen/cascade", 422);
  ask("GET", "/v1/listen/cascade", 422, {{"content_id", "a"}, {"limit", "0"}});
  EXPECT_EQ(asked_.ask("GET", "/v1/listen/cascade", "", {{"content_id", "a"}, {"format", "arrow"}})
                .status,
            200);
}

}  // namespace
}  // namespace grapevine

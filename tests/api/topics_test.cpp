#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/api/asked.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr TimeMs kThen = 1'600'000'000'000;

class TopicsTest : public ::testing::Test {
 protected:
  TopicsTest() {
    ::grapevine::testing::BatchOf rows;
    const auto post = [&](TimeMs ts, const char* who, const char* text) {
      rows.event(ts, "Post Created", who).with("text", text);
    };
    post(kThen + 1, "ann", "I bought an Apple phone");
    post(kThen + 2, "bob", "애플에서는 아직 소식이 없다");
    post(kThen + 3, "bob", "my apple pie by Apple");
    post(kThen + 4, "cat", "nothing");
    post(kThen + 5, "ann", "APPLE!");
    asked_.append(rows);
  }
  Json put(const std::string& name, const std::string& body, int status = 200) {
    const Response answer = asked_.ask("PUT", "/v1/topics/" + name, body);
    EXPECT_EQ(answer.status, status) << answer.body;
    return Json::parse(answer.body);
  }
  Json get(const std::string& path, Fields query = {}, int status = 200) {
    const Response answer = asked_.ask("GET", path, {}, std::move(query));
    EXPECT_EQ(answer.status, status) << answer.body;
    return Json::parse(answer.body);
  }

  ::grapevine::testing::AskedStore asked_;
};

constexpr char kApple[] =
    R"({"kind":"brand","phrases":["Apple","애플"],"exclusions":["apple pie"],"brand":"apple"})";

TEST_F(TopicsTest, ApplyToThePastAndToWhatComes) {
  const Json put_answer = put("apple", kApple);
  EXPECT_EQ(put_answer["mentions"], 3);
  EXPECT_EQ(put_answer["people"], 2);
  EXPECT_EQ(put_answer["state"], "current");
  EXPECT_EQ(put_answer["first"], "2020-09-13T12:26:40.001Z");
  EXPECT_EQ(put_answer["last"], "2020-09-13T12:26:40.005Z");
  ::grapevine::testing::BatchOf rows;
  rows.event(kThen - 1, "Post Shared", "dan").with("text", "apple");
  rows.event(kThen + 9, "Ticket Opened", "dan").with("text", "Apple support");
  asked_.append(rows);
  const Json after = get("/v1/topics/apple");
  EXPECT_EQ(after["mentions"], 5);
  EXPECT_EQ(after["people"], 3);
  EXPECT_EQ(after["first"], "2020-09-13T12:26:39.999Z");
  const Json then = get("/v1/topics/apple", {{"as_of", std::to_string(kThen + 2)}});
  EXPECT_EQ(then["mentions"], 3);
  EXPECT_EQ(then["as_of"], "2020-09-13T12:26:40.002Z");
}

TEST_F(TopicsTest, AreGivenBackAndListedByName) {
  put("price", R"({"kind":"theme","phrases":["price*"],"description":"What it costs"})");
  put("apple", kApple);
  const Json list = get("/v1/topics");
  ASSERT_EQ(list["topics"].size(), 2U);
  const Json& apple = list["topics"][0];
  EXPECT_EQ(apple["name"], "apple");
  EXPECT_EQ(apple["kind"], "brand");
  EXPECT_EQ(apple["phrases"], Json::parse(R"(["Apple","애플"])"));
  EXPECT_EQ(apple["exclusions"], Json::parse(R"(["apple pie"])"));
  EXPECT_EQ(apple["brand"], "apple");
  EXPECT_TRUE(apple["product_id"].is_null());
  EXPECT_EQ(apple["mentions"], 3);
  const Json& price = list["topics"][1];
  EXPECT_EQ(price["description"], "What it costs");
  EXPECT_EQ(price["mentions"], 0);
  EXPECT_TRUE(price["first"].is_null());
  EXPECT_FALSE(list.contains("next_cursor"));
  const Json page = get("/v1/topics", {{"limit", "1"}});
  ASSERT_EQ(page["topics"].size(), 1U);
  const Json next = get("/v1/topics", {{"limit", "1"}, {"cursor", page["next_cursor"]}});
  EXPECT_EQ(next["topics"][0]["name"], "price");
}

TEST_F(TopicsTest, AreChangedAndForgotten) {
  put("apple", kApple);
  EXPECT_EQ(put("apple", R"({"kind":"theme","phrases":["nothing"]})")["mentions"], 1);
  EXPECT_EQ(asked_.ask("DELETE", "/v1/topics/apple").status, 204);
  EXPECT_EQ(asked_.ask("GET", "/v1/topics/apple").status, 404);
  EXPECT_EQ(asked_.ask("DELETE", "/v1/topics/apple").status, 404);
  put("delivery", R"({"kind":"theme","phrases":["delivery"]})");
  EXPECT_THAT(asked_.ask("GET", "/v1/topics/delivry").body, HasSubstr("did you mean delivery?"));
}

TEST_F(TopicsTest, TellAllMistakesAtOnce) {
  const Json answer = put("Apple", R"({"kind":"firm","phrases":["", "*", "a*b", " x", "ok", "OK", 7,
      "a\u0007"], "exclusions":["ok"], "brand":"", "more":1})",
                          422);
  std::map<std::string, std::string> told;
  for (const Json& error : answer["errors"]) told[error["pointer"]] = error["detail"];
  EXPECT_THAT(told["{name}"], HasSubstr("[a-z]"));
  EXPECT_THAT(told["/kind"], HasSubstr("firm"));
  EXPECT_EQ(told["/phrases/0"], "is empty");
  EXPECT_THAT(told["/phrases/1"], HasSubstr("says nothing but *"));
  EXPECT_THAT(told["/phrases/2"], HasSubstr("*"));
  EXPECT_THAT(told["/phrases/3"], HasSubstr("space"));
  EXPECT_THAT(told["/phrases/5"], HasSubstr("twice"));
  EXPECT_THAT(told["/phrases/6"], HasSubstr("wants a text"));
  EXPECT_THAT(told["/phrases/7"], HasSubstr("control"));
  EXPECT_THAT(told["/exclusions/0"], HasSubstr("twice"));
  EXPECT_TRUE(told.contains("/brand"));
  EXPECT_TRUE(told.contains("/more"));
  EXPECT_EQ(told.size(), 12U);
  EXPECT_EQ(put("x", "[]", 400)["status"], 400);
  EXPECT_EQ(put("x", R"({"kind":"theme","phrases":["a"],"brand":"b"})", 422)["errors"].size(), 1U);
  put("x", R"({"kind":"theme","phrases":[]})", 422);
  EXPECT_EQ(put("x", R"({"kind":"theme","phrases":"a"})", 422)["errors"].size(), 1U);
  put("x", R"({"kind":"theme","phrases":[")" + std::string(257, 'x') + R"("]})", 422);
  put("x", R"({"kind":"theme","description":")" + std::string(70'000, 'x') + R"("})", 413);
}

TEST_F(TopicsTest, HaveTogetherWhatAMatcherCanHold) {
  Json body{{"kind", "theme"}, {"phrases", Json::array()}};
  for (int i = 0; i < 200; ++i)
    body["phrases"].push_back(std::string(150, 'x') + std::to_string(i));
  put("a", body.dump());
  put("b", body.dump());
  EXPECT_THAT(put("c", body.dump(), 409)["detail"], HasSubstr("65536"));
  put("b", body.dump());  // Putting the same again needs no more room.
}

}  // namespace
}  // namespace grapevine

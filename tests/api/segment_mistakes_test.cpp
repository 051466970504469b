#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;
using ::testing::HasSubstr;

class SegmentMistakes : public ::testing::Test {
 protected:
  SegmentMistakes() {
    BatchOf batch;
    batch.event(1'600'000'000'000, "Order Completed", "c1").with("value", 5.0);
    batch.traits(1, "c1").with("age", std::int64_t{30}).with("name", "kim").with("vip", true);
    asked_.append(batch);
  }

  Response preview(const std::string& definition) {
    return asked_.ask("POST", "/v1/segments/preview", R"({"definition":)" + definition + "}");
  }

  AskedStore asked_;
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST_F(SegmentMistakes, AWrongTypeSaysWhatWouldBeRight) {
  const auto detail = [&](const std::string& definition) {
    const Response response = preview(definition);
    EXPECT_EQ(response.status, 422) << definition;
    return response.body;
  };
  EXPECT_THAT(detail(R"({"attribute": "age", "eq": "30"})"),
              HasSubstr("age is a number: compare it with a number"));
  EXPECT_THAT(detail(R"({"attribute": "name", "in": ["kim", 3]})"),
              HasSubstr("name is a string: compare it with a string"));
  EXPECT_THAT(detail(R"({"attribute": "vip", "gt": true})"),
              HasSubstr("vip is true or false: it takes eq, ne, in, not_in and exists"));
  EXPECT_THAT(detail(R"({"attribute": "age", "contains": "3"})"), HasSubstr("takes a string"));
  EXPECT_THAT(detail(R"({"attribute": "first_seen", "gt": "soon"})"),
              HasSubstr("first_seen is a time"));
  EXPECT_THAT(detail(R"({"attribute": "age", "eq": null})"), HasSubstr("ask with exists: false"));
  EXPECT_THAT(detail(R"({"event": "Order Completed", "sum": {"of": "channel", "gt": 1}})"),
              HasSubstr("channel is not a number"));
}

TEST_F(SegmentMistakes, LimitsHold) {
  const auto list = [](std::size_t values) {
    return R"({"attribute": "age", "in": [1)" + repeated(",1", values - 1) + "]}";
  };
  EXPECT_EQ(preview(list(10'000)).status, 200);
  EXPECT_EQ(preview(list(10'001)).status, 422);
  const auto conditions = [](std::size_t count) {
    constexpr char kOne[] = R"(,{"attribute":"age","eq":1})";
    return R"({"all": [)" + repeated(kOne, count).substr(1) + "]}";
  };
  EXPECT_EQ(preview(conditions(499)).status, 200);
  EXPECT_THAT(preview(conditions(500)).body, HasSubstr("more than 500 conditions"));
  EXPECT_EQ(preview(R"({"customers": [")" + std::string(262'144, 'x') + R"("]})").status, 413);
  const auto nested = [](std::size_t levels) {
    return repeated(R"({"not":)", levels) + R"({"all":[]})" + repeated("}", levels);
  };
  EXPECT_EQ(preview(nested(31)).status, 200);
  EXPECT_THAT(preview(nested(32)).body, HasSubstr("nested deeper than 32"));
  EXPECT_EQ(preview(nested(10'000)).status, 400);
}

TEST_F(SegmentMistakes, TextThatIsNoJsonIsNamedByItsByteAndPlace) {
  const auto body = [&](const std::string& text) {
    const Response response = asked_.ask("POST", "/v1/segments/preview", text);
    EXPECT_EQ(response.status, 400) << text;
    return response.body;
  };
  EXPECT_THAT(body(R"({"definition": {"all": [{"attribute": "a)"
                   "\xff"
                   R"("}]}})"),
              HasSubstr(R"({"pointer":"/definition/all/0/attribute","detail":"invalid UTF-8 at)"));
  EXPECT_THAT(
      body(R"({"definition": {"attribute": "age", "eq": 1e999}})"),
      HasSubstr(R"({"pointer":"/definition/eq","detail":"a number out of range at byte 42)"));
  EXPECT_THAT(body(R"({"definition": })"), HasSubstr("not a value at byte 15"));
  EXPECT_THAT(body("[1]"), HasSubstr("the body must be an object, not an array"));
  EXPECT_THAT(body(R"({"a":)"), HasSubstr("the text ends where a value should stand"));
  EXPECT_THAT(body(" "), HasSubstr("the body is empty, where JSON is wanted"));
}

TEST_F(SegmentMistakes, MembersGivenTwiceOrMisspeltAreRefused) {
  EXPECT_THAT(preview(R"({"attribute": "age", "eq": 1, "eq": 2})").body,
              HasSubstr("given twice: eq"));
  EXPECT_THAT(preview(R"({"attribute": "age", "betwen": [1, 2]})").body,
              HasSubstr("no such member: betwen (did you mean between?)"));
  EXPECT_THAT(preview(R"({"attribute": "age", "gte": 1, "lt": 2})").body,
              HasSubstr("not: lt, gte"));
}

TEST_F(SegmentMistakes, NestedSegmentsEndSomewhere) {
  const auto put = [&](const std::string& name, const std::string& definition) {
    return asked_.ask("PUT", "/v1/segments/" + name, R"({"definition":)" + definition + "}");
  };
  ASSERT_EQ(put("s0", R"({"attribute":"age","gte":1})").status, 200);
  for (int i = 1; i <= 32; ++i) {
    ASSERT_EQ(
        put("s" + std::to_string(i), R"({"segment":"s)" + std::to_string(i - 1) + R"("})").status,
        200);
  }
  EXPECT_THAT(put("s33", R"({"segment":"s32"})").body, HasSubstr("nested deeper than 32"));
  ASSERT_EQ(put("below", R"({"attribute":"age","gte":1})").status, 200);
  EXPECT_EQ(put("s0", R"({"segment":"below"})").status, 422) << "it would push s32 too deep";
  EXPECT_THAT(put("s0", R"({"segment":"s5"})").body, HasSubstr("in a circle: s0 -> s5 -> s4"));
  const Response response = asked_.ask("DELETE", "/v1/segments/s4");
  EXPECT_EQ(response.status, 409);
  EXPECT_THAT(response.body, HasSubstr("other segments use it: s5"));
}

TEST_F(SegmentMistakes, AStoppedRequestIsATimeout) {
  asked_.stop().request();
  EXPECT_EQ(preview(R"({"event": "Order Completed"})").status, 503);
}

}  // namespace
}  // namespace grapevine

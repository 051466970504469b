#include <string>

#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

constexpr const char* kPaths[] = {"/v1/listen/voice", "/v1/listen/service"};

// Bob, who plays chess, complains.
class TablesByAttribute : public ::testing::Test {
 protected:
  void SetUp() override {
    asked_.set_now(1'730'592'000'000);  // 2024-11-03T00:00:00Z
    const Response taken = asked_.ask("POST", "/v1/batch", R"({"writeKey": "k", "batch": [
      {"type": "identify", "userId": "bob", "timestamp": "2024-10-01T00:00:00Z",
       "traits": {"hobby": "chess"}},
      {"type": "track", "userId": "bob", "event": "Post Created",
       "timestamp": "2024-11-01T00:00:00Z",
       "properties": {"content_id": "p1", "channel": "web", "sentiment": -0.8}}]})");
    ASSERT_EQ(taken.status, 200) << taken.body;
  }

  Response ask(const char* path, const std::string& by, const std::string& type) {
    return asked_.ask("GET", path, {}, {{"by", by}}, {{"accept", type}});
  }

  testing::AskedStore asked_;
};

TEST_F(TablesByAttribute, HaveItsColumnAsCsv) {
  for (const char* path : kPaths) {
    const Response answer = ask(path, "hobby", "text/csv");
    EXPECT_EQ(answer.content_type, "text/csv") << answer.body;
    EXPECT_NE(answer.body.find(",community,region,hobby,"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find(",,,chess,1,"), std::string::npos) << answer.body;
  }
}

TEST_F(TablesByAttribute, HaveItsColumnAsArrow) {
  constexpr const char* kStream = "application/vnd.apache.arrow.stream";
  for (const char* path : kPaths) {
    const Response answer = ask(path, "hobby", kStream);
    EXPECT_EQ(answer.content_type, kStream) << answer.body;
    EXPECT_NE(answer.body.find("hobby"), std::string::npos);
    EXPECT_NE(answer.body.find("chess"), std::string::npos);
  }
}

TEST_F(TablesByAttribute, HaveAColumnOnceThatIsAlwaysThere) {
  for (const char* path : kPaths) {
    const Response answer = ask(path, "region,channel", "text/csv");
    EXPECT_NE(answer.body.find(",product,channel,account,segment,community,region,"),
              std::string::npos)
        << answer.body;
    EXPECT_EQ(answer.body.find("region"), answer.body.rfind("region")) << answer.body;
  }
}

}  // namespace
}  // namespace grapevine

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;
using ::testing::HasSubstr;

TEST(DescribeSchema, CountsWhatThereIs) {
  AskedStore asked;
  BatchOf batch;
  batch.event(1'600'000'000'000, "Order Completed", "c1").with("value", 5.0);
  batch.event(1'600'000'001'000, "Order Completed", "c2").with("properties.coupon", "X");
  batch.event(1'600'000'002'000, "Page Viewed", "c2").with("properties.coupon", "Y");
  batch.traits(1, "c1").with("age", std::int64_t{30}).with("hobby", "golf").with("vip", true);
  batch.traits(1, "c2").with("age", std::int64_t{40}).with("hobby", "golf").with("vip", false);
  batch.traits(1, "c3").with("age", std::int64_t{30}).with("hobby", "chess").with("vip", true);
  asked.append(batch);
  const std::string body = asked.ask("GET", "/v1/schema").body;
  EXPECT_THAT(body, HasSubstr(R"({"event":"Order Completed","count":2,)"
                              R"("first":"2020-09-13T12:26:40.000Z",)"
                              R"("last":"2020-09-13T12:26:41.000Z"})"));
  EXPECT_THAT(body, HasSubstr(R"({"name":"age","type":"int64","present":3,"distinct":2,)"
                              R"("min":30,"max":40,"top":[]})"));
  EXPECT_THAT(body,
              HasSubstr(R"({"name":"hobby","type":"string","present":3,"distinct":2,)"
                        R"("top":[{"value":"golf","count":2},{"value":"chess","count":1}]})"));
  EXPECT_THAT(body, HasSubstr(R"({"name":"vip","type":"bool","present":3,"distinct":2,)"
                              R"("top":[{"value":true,"count":2},{"value":false,"count":1}]})"));
  EXPECT_THAT(body, HasSubstr(R"({"name":"first_seen","type":"datetime","present":2,)"));
  EXPECT_THAT(body, HasSubstr(R"({"name":"properties.coupon","type":"string","present":2,)"
                              R"("distinct":2})"));
  EXPECT_THAT(body, HasSubstr(R"("totals":{"customers":3,"events":3})"));
}

TEST(DescribeSchema, AnEmptyStoreHasOne) {
  AskedStore asked;
  const Response response = asked.ask("GET", "/v1/schema");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("events":[])"));
  EXPECT_EQ(asked.ask("GET", "/v1/schema", {}, {{"nonsense", "1"}}).status, 422);
}

}  // namespace
}  // namespace grapevine

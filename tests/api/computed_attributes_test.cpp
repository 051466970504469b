#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;
using ::testing::HasSubstr;

constexpr TimeMs kNow = 1'700'000'000'000;

std::string next_cursor_of(const Response& response) {
  constexpr std::string_view kName = R"("next_cursor":")";
  const std::size_t at = response.body.find(kName);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + kName.size();
  return response.body.substr(begin, response.body.find('"', begin) - begin);
}

// Customer i bought i times.
void add_buyers(AskedStore& asked, int count) {
  BatchOf batch;
  for (int i = 0; i < count; ++i) {
    for (int k = 0; k < i; ++k) {
      batch.event(kNow - 1000 - k, "Order Completed", "c" + std::to_string(i));
    }
  }
  for (int i = 0; i < count; ++i) batch.traits(1, "c" + std::to_string(i)).with("age", 30.0);
  asked.append(batch);
  EXPECT_EQ(asked
                .ask("PUT", "/v1/attributes/orders",
                     R"({"definition": {"event": "Order Completed", "count": {}}})")
                .status,
            200);
  asked.ask("PUT", "/v1/segments/all", R"({"definition": {"all": []}})");
}

TEST(ComputedAttributes, PagesStayWhatTheyWereWhileWritesGoOn) {
  for (const std::size_t list_bytes_max : {std::size_t{0}, std::size_t{64} << 20}) {
    AskedStore asked({.list_bytes_max = list_bytes_max});
    add_buyers(asked, 9);
    Response page = asked.ask("GET", "/v1/segments/all/members", {},
                              {{"order_by", "-orders"}, {"fields", "orders"}, {"limit", "4"}});
    EXPECT_THAT(page.body, HasSubstr(R"("members":[{"customer_id":"c8","orders":8},)"));
    BatchOf more;
    for (int k = 0; k < 20; ++k) more.event(kNow - 500, "Order Completed", "c1");
    asked.append(more);
    asked.set_now(kNow + 5000);
    page = asked.ask("GET", "/v1/segments/all/members", {}, {{"cursor", next_cursor_of(page)}});
    EXPECT_THAT(page.body, HasSubstr(R"("members":[{"customer_id":"c4","orders":4},)"));
    EXPECT_THAT(page.body, HasSubstr(R"({"customer_id":"c1","orders":1}])"));
    page = asked.ask("GET", "/v1/segments/all/members", {}, {{"order_by", "-orders"}});
    EXPECT_THAT(page.body, HasSubstr(R"("members":[{"customer_id":"c1"},)"));
  }
}

TEST(ComputedAttributes, TenOfTenOfTenAreNoMoreWorkThanTen) {
  AskedStore asked;
  add_buyers(asked, 3);
  std::string last = "orders";
  for (int level = 0; level < 30; ++level) {
    std::string operands;
    for (int k = 0; k < 10; ++k) operands += (k == 0 ? "\"" : ",\"") + last + '"';
    last = "level_" + std::to_string(level);
    const Response stored = asked.ask("PUT", "/v1/attributes/" + last,
                                      R"({"definition": {"add": [)" + operands + "]}}");
    ASSERT_EQ(stored.status, 200) << stored.body;
  }
  const Response preview = asked.ask("POST", "/v1/segments/preview",
                                     R"({"definition": {"attribute": "level_29", "gte": 2e30}})");
  EXPECT_THAT(preview.body, HasSubstr(R"("size":1,)"));
}

TEST(ComputedAttributes, ADefinitionMayStopFittingTheData) {
  AskedStore asked;
  add_buyers(asked, 3);
  ASSERT_EQ(
      asked.ask("PUT", "/v1/attributes/half", R"({"definition": {"divide": ["age", "orders"]}})")
          .status,
      200);
  BatchOf batch;
  batch.traits(2, "c1").with("age", "thirty");  // The column is one of strings from now on.
  asked.append(batch);
  EXPECT_THAT(asked.ask("GET", "/v1/attributes/half").body, HasSubstr("is not a number"));
  EXPECT_EQ(
      asked
          .ask("POST", "/v1/segments/preview", R"({"definition": {"attribute": "half", "gte": 1}})")
          .status,
      422);
  EXPECT_EQ(asked.ask("GET", "/v1/segments/all/members", {}, {{"fields", "half"}}).status, 422);
  EXPECT_EQ(asked.ask("GET", "/v1/schema").status, 200);
  EXPECT_EQ(asked.ask("GET", "/v1/customers/c1").status, 200);
}

}  // namespace
}  // namespace grapevine

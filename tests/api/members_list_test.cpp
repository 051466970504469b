#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr TimeMs kMinute = 60'000;

void add_people(AskedStore& asked, int count) {
  BatchOf batch;
  for (int i = 0; i < count; ++i) {
    const std::string id = "c" + std::to_string(i);
    batch.traits(1, id).with("age", std::int64_t{i % 7});
    if (i == 3) batch.with("processing_restricted", true);
  }
  asked.append(batch);
  asked.ask("PUT", "/v1/segments/all", R"({"definition": {"all": []}})");
}

std::string cursor_of(const Response& response) {
  constexpr std::string_view kName = R"("next_cursor":")";
  const std::size_t at = response.body.find(kName);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + kName.size();
  return response.body.substr(begin, response.body.find('"', begin) - begin);
}

Response members(AskedStore& asked, Fields query) {
  return asked.ask("GET", "/v1/segments/all/members", {}, std::move(query));
}

TEST(ListMembers, NeverListsThoseWhoRestrictProcessing) {
  AskedStore asked;
  add_people(asked, 10);
  const Response response = members(asked, {});
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("size":10,"withheld":{"consent":0,"restricted":1)"));
  EXPECT_THAT(response.body, Not(HasSubstr(R"("c3")")));
  const Response preview =
      asked.ask("POST", "/v1/segments/preview", R"({"definition": {"all": []}, "sample": 1000})");
  EXPECT_THAT(preview.body, Not(HasSubstr(R"("c3")")));
  EXPECT_THAT(preview.body, HasSubstr(R"("size":10)"));
}

TEST(ListMembers, ACursorLivesTenMinutesAndDiesWithTheProcess) {
  AskedStore asked;
  add_people(asked, 10);
  constexpr TimeMs kNow = 1'700'000'000'000;
  const std::string cursor = cursor_of(members(asked, {{"limit", "4"}}));
  ASSERT_NE(cursor, "");
  asked.set_now(kNow + 10 * kMinute);
  EXPECT_EQ(members(asked, {{"cursor", cursor}}).status, 200);
  const std::string last = cursor_of(members(asked, {{"cursor", cursor}}));
  asked.set_now(kNow + 10 * kMinute + 1);
  EXPECT_EQ(members(asked, {{"cursor", cursor}}).status, 200) << "the last page renewed it";
  asked.set_now(kNow + 21 * kMinute);
  EXPECT_EQ(members(asked, {{"cursor", cursor}}).status, 410);
  AskedStore restarted;
  add_people(restarted, 10);
  EXPECT_EQ(members(restarted, {{"cursor", last}}).status, 410);
  EXPECT_EQ(members(restarted, {{"cursor", "bogus"}}).status, 410);
}

TEST(ListMembers, ParametersMayNotChangeBesideACursor) {
  AskedStore asked;
  add_people(asked, 10);
  const std::string cursor = cursor_of(members(asked, {{"limit", "4"}, {"order_by", "age"}}));
  EXPECT_EQ(members(asked, {{"cursor", cursor}, {"order_by", "age"}}).status, 200);
  EXPECT_EQ(members(asked, {{"cursor", cursor}, {"limit", "2"}}).status, 200);
  EXPECT_EQ(members(asked, {{"cursor", cursor}, {"order_by", "-age"}}).status, 422);
  EXPECT_EQ(members(asked, {{"cursor", cursor}, {"fields", "age"}}).status, 422);
  EXPECT_EQ(asked.ask("GET", "/v1/segments", {}, {{"cursor", cursor}}).status, 422);
}

// The first pages read the newest weeks alone; one page of all reads everything.
TEST(ListMembers, TheLastSeenAreFirstOnEveryPage) {
  constexpr TimeMs kNow = 1'700'000'000'000, kWeek = 7 * 24 * 60 * kMinute;
  AskedStore asked;
  add_people(asked, 200);
  for (int week = 20; week > 0; --week) {  // A part each. Who comes later was there before, too.
    BatchOf batch;
    for (int i = 0; i < 190; ++i) {
      if (i % 20 < week) continue;
      batch.event(kNow - week * kWeek + i * kMinute, "Page Viewed", "c" + std::to_string(i));
    }
    asked.append(batch);
  }
  const auto rows_of = [](const Response& response) {
    const std::size_t begin = response.body.find(R"("members":[)");
    EXPECT_NE(begin, std::string::npos) << response.body.substr(0, 500);
    return response.body.substr(begin + 11, response.body.find(']', begin) - begin - 11) + ",";
  };
  const std::string all = rows_of(
      members(asked, {{"order_by", "-last_seen"}, {"fields", "last_seen"}, {"limit", "1000"}}));
  EXPECT_EQ(std::count(all.begin(), all.end(), '{'), 199);  // One restricts processing.
  for (const char* limit : {"3", "12", "70"}) {
    std::string paged, cursor;
    Fields query{{"order_by", "-last_seen"}, {"fields", "last_seen"}, {"limit", limit}};
    do {
      const Response response = members(asked, query);
      ASSERT_EQ(response.status, 200);
      cursor = cursor_of(response);
      paged += rows_of(response);
      query = {{"cursor", cursor}};
    } while (!cursor.empty());
    EXPECT_EQ(paged, all) << limit;
  }
}

TEST(ListMembers, PagesMadeAgainAreTheSame) {
  AskedStore small({.list_bytes_max = 0});  // No list is kept: every page is made anew.
  AskedStore large;
  for (AskedStore* asked : {&small, &large}) add_people(*asked, 3000);
  std::string bodies[2];
  for (int i = 0; i < 2; ++i) {
    AskedStore& asked = i == 0 ? small : large;
    std::string cursor;
    Fields query{{"order_by", "-age"}, {"limit", "700"}};
    do {
      const Response response = members(asked, query);
      ASSERT_EQ(response.status, 200);
      cursor = cursor_of(response);
      bodies[i] += response.body.substr(0, response.body.find("next_cursor"));
      BatchOf more;  // Someone joins between the pages.
      more.traits(2, "x" + std::to_string(bodies[i].size())).with("age", std::int64_t{9});
      asked.append(more);
      query = {{"cursor", cursor}};
    } while (!cursor.empty());
  }
  const auto listed = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '{');
  };
  EXPECT_EQ(listed(bodies[0]), listed(bodies[1]));
  EXPECT_EQ(bodies[0].substr(0, 60'000), bodies[1].substr(0, 60'000));
  EXPECT_THAT(bodies[0], Not(HasSubstr(R"("x)")));
}

TEST(ListMembers, TooManyPinnedListsAreRefusedForAWhile) {
  AskedStore asked({.snapshots_max = 2});
  add_people(asked, 10);
  for (int i = 0; i < 3; ++i) {
    BatchOf batch;
    batch.traits(2, "y" + std::to_string(i));
    asked.append(batch);
    const Response response = members(asked, {{"limit", "4"}});
    EXPECT_EQ(response.status, i < 2 ? 200 : 503) << response.body;
    EXPECT_EQ(find_field(response.headers, "Retry-After") != nullptr, i == 2);
  }
  EXPECT_EQ(members(asked, {}).status, 200) << "a list of one page needs no room";
}

TEST(ListMembers, RowFormatsCarryTheRestInHeaders) {
  AskedStore asked;
  add_people(asked, 10);
  const Response response = members(asked, {{"format", "ndjson"}, {"limit", "2"}});
  EXPECT_EQ(response.body, "{\"customer_id\":\"c0\"}\n{\"customer_id\":\"c1\"}\n");
  EXPECT_EQ(*find_field(response.headers, "X-Grapevine-Withheld"),
            R"({"consent":0,"restricted":1,"holdout":0})");
  EXPECT_EQ(*find_field(response.headers, "X-Grapevine-As-Of"), "2023-11-14T22:13:20.000Z");
  EXPECT_NE(find_field(response.headers, "X-Grapevine-Next-Cursor"), nullptr);
  EXPECT_EQ(members(asked, {{"format", "json"}, {"limit", "10001"}}).status, 422);
  EXPECT_EQ(members(asked, {{"format", "csv"}, {"limit", "1000000"}}).status, 200);
}

}  // namespace
}  // namespace grapevine

// PostHog's capture API: the same rows as Segment's calls make.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/routes/collect.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr std::string_view kStored = R"(200 {"status":1,"success":true})";

std::string batch_of(const std::string& events) {
  return R"({"api_key": "phc_1", "sent_at": "2026-11-22T00:00:00Z", "batch": [)" + events + "]}";
}

// What posthog-node 5.70 sent on loopback, all four of its kinds of call.
TEST(Posthog, TakesWhatItsNodeSdkSends) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_posthog, batch_of(R"(
    {"event":"X","properties":{"a":1,"$lib":"posthog-node","$is_server":true},
     "timestamp":"2026-01-02T03:04:05.000Z","uuid":"m1","distinct_id":"u1"},
    {"event":"$identify","properties":{"$set":{"email":"a@b.c"},"$set_once":{},"$lib":"posthog-node"},
     "timestamp":"2026-11-22T00:00:00Z","uuid":"m2","distinct_id":"u1"},
    {"event":"$groupidentify","properties":{"$group_type":"company","$group_key":"acme","$group_set":{"n":1}},
     "timestamp":"2026-11-22T00:00:00Z","uuid":"m3","distinct_id":"u1"},
    {"event":"$create_alias","properties":{"distinct_id":"u1","alias":"an1"},
     "timestamp":"2026-11-22T00:00:00Z","uuid":"m4","distinct_id":"u1"})")),
            kStored);
  const auto events = collecting.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_THAT(events[0],
              AllOf(Contains(Pair("event", "X")), Contains(Pair("customer_id", "u1")),
                    Contains(Pair("event_id", "m1")), Contains(Pair("ts", "1767323045000")),
                    Contains(Pair("properties.a", "1")),
                    Contains(Pair("properties.$lib", "posthog-node"))));
  const auto customers = collecting.customers();
  ASSERT_THAT(customers, Contains(Key("u1")));
  EXPECT_THAT(customers.at("u1"),
              AllOf(Contains(Pair("email", "a@b.c")), Contains(Pair("account_id", "acme")),
                    Contains(Pair("account.n", "1"))));
}

TEST(Posthog, TellsPagesAndScreens) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_posthog, batch_of(R"(
    {"event":"$pageview","distinct_id":"u1","properties":{"$current_url":"https://x.example/"}},
    {"event":"$screen","distinct_id":"u1","properties":{"$screen_name":"Main"}},
    {"event":"$pageleave","distinct_id":"u1"})")),
            kStored);
  EXPECT_THAT(collecting.events(),
              UnorderedElementsAre(Contains(Pair("event", "Page Viewed")),
                                   AllOf(Contains(Pair("event", "Screen Viewed")),
                                         Contains(Pair("properties.$screen_name", "Main")),
                                         Not(Contains(Key("context.event")))),
                                   Contains(Pair("event", "$pageleave"))));
}

TEST(Posthog, KnowsWhoIsAnonymous) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_posthog, batch_of(R"(
    {"event":"A","distinct_id":"a1","properties":{"$is_identified":false}},
    {"event":"A","distinct_id":"a2","properties":{"$process_person_profile":false}},
    {"event":"A","distinct_id":"a3","properties":{"$device_id":"a3"}},
    {"event":"A","distinct_id":"u1","properties":{"$device_id":"a3"}})")),
            kStored);
  const auto customers = collecting.customers();
  for (const char* visitor : {"a1", "a2", "a3"}) {
    EXPECT_THAT(customers.at(visitor), Contains(Pair("kind", "visitor"))) << visitor;
  }
  EXPECT_THAT(customers.at("u1"), Contains(Pair("kind", "customer")));
}

TEST(Posthog, KeepsWhatIsSaidOfThePersonAsTraits) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_posthog, batch_of(R"(
    {"event":"A","distinct_id":"u1","properties":{"$set":{"plan":"pro"},"$set_once":{"first_page":"/a"}},
     "timestamp":"2026-11-20T00:00:00Z"},
    {"event":"$set","distinct_id":"u1","properties":{"$set":{"plan":"free","age":30}},
     "timestamp":"2026-11-21T00:00:00Z"},
    {"event":"$set","distinct_id":"u1","$unset":["age"],"timestamp":"2026-11-21T12:00:00Z"})")),
            kStored);
  const auto events = collecting.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_THAT(events[0], Not(Contains(Key(HasSubstr("$set")))));
  const auto u1 = collecting.customers().at("u1");
  EXPECT_THAT(u1, AllOf(Contains(Pair("plan", "free")), Contains(Pair("first_page", "/a"))));
  EXPECT_THAT(u1, Not(Contains(Key("age"))));
}

// The first of $set_once wins, and any $set wins over it, in whatever order they arrive.
TEST(Posthog, SetsOnce) {
  const std::string events[] = {
      R"({"event":"$set","distinct_id":"u1","$set_once":{"a":1,"b":1},"timestamp":"2026-11-20T00:00:00Z"})",
      R"({"event":"$set","distinct_id":"u1","$set_once":{"a":2,"b":2},"timestamp":"2026-11-21T00:00:00Z"})",
      R"({"event":"$set","distinct_id":"u1","$set":{"b":3},"timestamp":"2026-11-19T00:00:00Z"})"};
  const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {1, 2, 0}, {0, 2, 1}, {2, 0, 1}};
  for (const auto& order : orders) {
    Collecting collecting;
    for (const int i : order) {
      EXPECT_EQ(collecting.post(collect_posthog, batch_of(events[i])), kStored);
    }
    EXPECT_THAT(collecting.customers().at("u1"),
                AllOf(Contains(Pair("a", "1")), Contains(Pair("b", "3"))));
  }
}

TEST(Posthog, LinksThePersonToWhomTheyWere) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_posthog, batch_of(R"(
    {"event":"$identify","distinct_id":"u1","properties":{"$anon_distinct_id":"a1"}},
    {"event":"$create_alias","distinct_id":"u1","properties":{"distinct_id":"u1"}})")),
            R"(200 {"status":1,"success":true,)"
            R"("rejected":[{"index":1,"detail":"previousId is not there"}]})");
}

TEST(Posthog, TakesOneEventAndListsToo) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_posthog,
                            R"({"api_key":"k","event":"A","distinct_id":"u1","properties":{}})"),
            kStored);
  EXPECT_EQ(collecting.post(collect_posthog, R"([{"event":"B","distinct_id":"u1"},
                                                 {"event":"C","properties":{"distinct_id":"u2"}}])"),
            kStored);
  EXPECT_THAT(
      collecting.post(collect_posthog, R"([{"event":"D","distinct_id":"u1"}, {"a": "\ud800"}])"),
      AllOf(HasSubstr(R"("rejected":[{"index":1,)"), HasSubstr("byte 42")));
  EXPECT_THAT(collecting.events(), SizeIs(4));
}

TEST(Posthog, RejectsWhatSaysNothing) {
  Collecting collecting;
  const std::string answer = collecting.post(collect_posthog, batch_of(R"(
    {"event":"A"}, {"distinct_id":"u1"}, 7,
    {"event":"$set","distinct_id":"u1","$set":[1]},
    {"event":"$groupidentify","distinct_id":"$company_acme",
     "properties":{"$group_type":"company","$group_key":"acme"}})"));
  EXPECT_THAT(answer, HasSubstr(R"({"index":0,"detail":"distinct_id is not there"})"));
  EXPECT_THAT(answer, HasSubstr(R"({"index":1,"detail":"event is not a text)"));
  EXPECT_THAT(answer, HasSubstr(R"({"index":2,"detail":"the event is not an object"})"));
  EXPECT_THAT(answer, HasSubstr(R"({"index":3,"detail":"$set is not an object"})"));
  EXPECT_THAT(answer, HasSubstr(R"({"index":4,"detail":"$groupidentify names no person)"));
  EXPECT_THAT(collecting.events(), IsEmpty());
  EXPECT_THAT(collecting.customers(), IsEmpty());
}

TEST(Posthog, StoresAUuidOncePerKey) {
  Collecting collecting;
  const std::string event = R"({"event":"A","distinct_id":"u1","uuid":"m1"})";
  for (int i = 0; i < 2; ++i) collecting.post(collect_posthog, batch_of(event));
  EXPECT_THAT(collecting.events(), SizeIs(1));
  collecting.post(collect_posthog,
                  R"({"token":"other","event":"A","distinct_id":"u1","uuid":"m1"})");
  EXPECT_THAT(collecting.events(), SizeIs(2));
}

// Jitsu names the key in a header, and masks it in the body.
TEST(Jitsu, StoresAMessageOncePerKey) {
  Collecting collecting;
  const std::string call =
      R"({"type":"track","event":"A","userId":"u1","messageId":"m1","writeKey":"WK:***"})";
  for (int i = 0; i < 2; ++i) collecting.post(collect_track, call, {{"x-write-key", "WK:1"}});
  EXPECT_THAT(collecting.events(), SizeIs(1));
  collecting.post(collect_track, call, {{"x-write-key", "WK:2"}});
  EXPECT_THAT(collecting.events(), SizeIs(2));
}

}  // namespace
}  // namespace grapevine

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/collect/body.hpp"
#include "api/routes/collect.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

constexpr char kAccepted[] = R"(200 {"success":true})";

// The attributes of "u1" after an `identify` with these members, without those every customer has.
TextRow traits_of(const std::string& members) {
  Collecting collecting;
  const std::string body = R"({"userId": "u1", )" + members + "}";
  EXPECT_EQ(collecting.post(collect_identify, body), kAccepted) << body;
  EXPECT_TRUE(collecting.events().empty());
  TextRow row = collecting.customers()["u1"];
  row.erase("kind");
  return row;
}

TEST(TraitCall, TraitsBecomeAttributes) {
  struct Case {
    const char* members;
    TextRow expected;
  };
  const Case cases[] = {
      {R"("traits": {"age": 31, "hobby": "golf", "vip": true, "score": 0.5})",
       {{"age", "31"}, {"hobby", "golf"}, {"vip", "true"}, {"score", "0.5"}}},
      {R"("traits": {"address": {"city": "Seoul", "lines": [1, 2]}})",
       {{"address.city", "Seoul"}, {"address.lines", "[1,2]"}}},
      {R"("context": {"traits": {"email": "a@b.c"}, "ip": "1.2.3.4"})", {{"email", "a@b.c"}}},
      {R"("traits": {"plan": "pro"}, "context": {"traits": {"email": "a@b.c"}})",
       {{"plan", "pro"}}},
      {R"("traits": {"consent": {"email": true, "sms": false}})",
       {{"consent.email", "true"}, {"consent.sms", "false"}}},
      {R"("traits": {"consent": ["email", "push"]})",
       {{"consent.email", "true"}, {"consent.push", "true"}}},
      {R"("traits": {"consent": ["email", 1]})", {{"consent", R"(["email",1])"}}},
      // Names of what is derived.
      {R"("traits": {"customer_id": "x", "first_seen": "2020", "last_seen": 1})",
       {{"traits.customer_id", "x"}, {"traits.first_seen", "2020"}, {"traits.last_seen", "1"}}},
  };
  for (const Case& c : cases) EXPECT_EQ(traits_of(c.members), c.expected) << c.members;
}

TEST(TraitCall, NullRemovesATrait) {
  Collecting collecting;
  collecting.post(collect_identify, R"({"userId": "u1", "timestamp": 1700000000000,
                                        "traits": {"age": 31, "address": {"city": "X"}}})");
  collecting.post(collect_identify, R"({"userId": "u1", "timestamp": 1700000000001,
                                        "traits": {"age": null, "address": {"city": null}}})");
  const TextRow row = collecting.customers()["u1"];
  EXPECT_EQ(row.count("age"), 0u);
  EXPECT_EQ(row.count("address.city"), 0u);
}

TEST(TraitCall, AGroupIsAnAccount) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_group, R"({"userId": "u1", "groupId": "g1",
                                               "traits": {"name": "ACME", "size": 7}})"),
            kAccepted);
  TextRow row = collecting.customers()["u1"];
  row.erase("kind");
  EXPECT_EQ(row, (TextRow{{"account_id", "g1"}, {"account.name", "ACME"}, {"account.size", "7"}}));
}

TEST(TraitCall, LinksIds) {
  const std::string body = R"({"batch": [
      {"type": "identify", "userId": "u1", "anonymousId": "a1", "messageId": "m1",
       "timestamp": 1700000000000},
      {"type": "identify", "anonymousId": "a2"},
      {"type": "alias", "userId": "u1", "previousId": "u0"}]})";
  const auto read = read_body(body, {Dialect::Segment, std::nullopt, kReceived});
  ASSERT_TRUE(read.ok()) << read.status();
  const Batch& batch = read->batch;
  const auto text = [&](StringRef ref) { return std::string(batch.strings.at(ref)); };
  ASSERT_EQ(batch.links.size(), 2u);
  EXPECT_EQ(batch.links[0].kind, IdentityLink::Kind::Identify);
  EXPECT_EQ(text(batch.links[0].from), "a1");
  EXPECT_EQ(text(batch.links[0].to), "u1");
  EXPECT_EQ(text(batch.links[0].message_id), "m1");
  EXPECT_EQ(batch.links[0].ts, 1700000000000);
  EXPECT_EQ(batch.links[1].kind, IdentityLink::Kind::Alias);
  EXPECT_EQ(text(batch.links[1].from), "u0");
  EXPECT_EQ(text(batch.links[1].to), "u1");
  ASSERT_EQ(batch.traits.size(), 2u);
  EXPECT_EQ(batch.traits[0].kind, CustomerKind::Customer);
  EXPECT_EQ(batch.traits[1].kind, CustomerKind::Visitor);
  EXPECT_TRUE(batch.events.empty());
}

}  // namespace
}  // namespace grapevine

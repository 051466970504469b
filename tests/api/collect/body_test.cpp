// Bodies as senders make them, good and bad: what is rejected, what is kept, what is refused whole.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/collect/limits.hpp"
#include "api/routes/collect.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kAccepted[] = R"(200 {"success":true})";

std::string track(const std::string& user, const std::string& more = "") {
  return R"({"type":"track","event":"E","userId":")" + user + "\"" + more + "}";
}

std::vector<std::string> users(const Collecting& collecting) {
  std::vector<std::string> ids;
  for (TextRow& row : collecting.events()) ids.push_back(row["customer_id"]);
  return ids;
}

// A batch of a bad event between two good ones: these are stored, and the answer names the bad one.
// Returns the detail.
std::string detail_of_rejected(const std::string& bad) {
  Collecting collecting;
  const std::string answer = collecting.post(
      collect_batch, "{\"batch\": [" + track("u1") + ", " + bad + ", " + track("u2") + "]}");
  EXPECT_THAT(users(collecting), ElementsAre("u1", "u2")) << answer;
  const std::string before = R"(200 {"success":true,"rejected":[{"index":1,"detail":")";
  const std::string after = R"("}]})";
  if (!answer.starts_with(before) || !answer.ends_with(after)) return "not rejected: " + answer;
  return answer.substr(before.size(), answer.size() - before.size() - after.size());
}

std::string detail_of_track(const std::string& more) {
  return detail_of_rejected(track("u9", ", " + more));
}

TEST(CollectBody, ABadEventIsRejectedAloneAndNamed) {
  EXPECT_EQ(detail_of_rejected("7"), "the event is not an object");
  EXPECT_EQ(detail_of_rejected("null"), "the event is not an object");
  EXPECT_THAT(detail_of_rejected("{}"), StartsWith("type is none of"));
  EXPECT_THAT(detail_of_rejected(R"({"type": "tracks"})"), StartsWith("type is none of"));
  EXPECT_THAT(detail_of_rejected(R"({"type": 1})"), StartsWith("type is none of"));
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "event": "E"})"),
            "neither userId nor anonymousId is there");
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "event": "E", "userId": {}})"),
            "userId is neither text nor a number");
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "event": "E", "userId": true})"),
            "userId is neither text nor a number");
  const std::string no_event = "event is not a text of 1 to 200 bytes";
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "userId": "u9"})"), no_event);
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "userId": "u9", "event": ""})"), no_event);
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "userId": "u9", "event": 1})"), no_event);
  EXPECT_EQ(detail_of_rejected(R"({"type": "group", "userId": "u9"})"), "groupId is not there");
  EXPECT_EQ(detail_of_rejected(R"({"type": "alias", "userId": "u9"})"), "previousId is not there");
  EXPECT_EQ(detail_of_rejected(R"({"type": "alias", "anonymousId": "u9", "previousId": "a"})"),
            "userId is not there");
  EXPECT_EQ(detail_of_rejected(R"({"type": "identify", "userId": "u9", "traits": []})"),
            "traits is not an object");
  EXPECT_EQ(detail_of_track(R"("properties": [])"), "properties is not an object");
  EXPECT_EQ(detail_of_track(R"("context": "x")"), "context is not an object");
  EXPECT_EQ(detail_of_track(R"("messageId": [])"), "messageId is neither text nor a number");
  EXPECT_THAT(detail_of_track(R"("timestamp": "soon")"), StartsWith("timestamp is neither"));
  EXPECT_THAT(detail_of_track(R"("timestamp": {})"), StartsWith("timestamp is not a time"));
  EXPECT_EQ(detail_of_track(R"("sentAt": "soon")"), "sentAt is not a time");
  EXPECT_EQ(detail_of_track(R"("properties": {"sentiment": 1.5})"),
            "properties.sentiment is not between -1 and 1");
  EXPECT_EQ(detail_of_track(R"("properties": {"latitude": -91})"),
            "properties.latitude is not between -90 and 90");
  EXPECT_EQ(detail_of_track(R"("context": {"location": {"longitude": 181}})"),
            "context.location.longitude is not between -180 and 180");
  EXPECT_THAT(detail_of_track(R"("properties": {"rating": 1e300})"),
              StartsWith("properties.rating is not between"));
}

TEST(CollectBody, WhatIsTooLargeIsRejectedByName) {
  const auto quoted = [](std::size_t bytes) { return "\"" + std::string(bytes, 'x') + "\""; };
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "event": "E", "userId": )" + quoted(513) + "}"),
            "userId has more than 512 bytes");
  EXPECT_EQ(detail_of_track(R"("messageId": )" + quoted(257)), "messageId has more than 256 bytes");
  EXPECT_EQ(detail_of_track(R"("properties": {"brand": )" + quoted(1025) + "}"),
            "properties.brand has more than 1024 bytes");
  EXPECT_EQ(detail_of_track(R"("properties": {"target_id": )" + quoted(513) + "}"),
            "properties.target_id has more than 512 bytes");
  EXPECT_EQ(detail_of_track(R"("properties": {)" + quoted(190) + ": 1}"),
            "a name has more than 200 bytes: " + std::string(80, 'x') + "...");
  EXPECT_EQ(detail_of_track(R"("properties": {"a": )" + quoted(kEventBytesMax) + R"(, "b": "x"})"),
            "the event has more than 524288 bytes");
  std::string many;
  for (std::size_t i = 0; i <= kEventCellsMax; ++i) {
    many += (i == 0 ? "\"p" : ", \"p") + std::to_string(i) + "\": 1";
  }
  EXPECT_EQ(detail_of_track(R"("properties": {)" + many + "}"),
            "the event has more than 500 values, the first too many: p500");
  std::string items;
  for (std::size_t i = 0; i <= kOrderItemsMax; ++i) items += i == 0 ? "{}" : ",{}";
  EXPECT_EQ(detail_of_rejected(R"({"type": "track", "userId": "u9", "event": "Order Completed",
                                   "properties": {"products": [)" +
                               items + "]}}"),
            "properties.products has more than 1000 items");
}

// A whole number that no 64 bits hold stays as its digits: in one call, in a batch and in a line.
TEST(CollectBody, KeepsTheDigitsOfLongNumbers) {
  const std::string longs = R"("a": 123456789012345678901234567890, "b": -98765432109876543210,
                               "c": [1, 18446744073709551616], "d": 18446744073709551615,
                               "e": "x, 99999999999999999999 \" 99999999999999999999")";
  const std::string call = R"({"type": "track", "event": "E", "properties": {)" + longs + "}, ";
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_track, call + R"("userId": "u1", "writeKey": "k"})"),
            "200 {\"success\":true}");
  EXPECT_EQ(
      collecting.post(collect_batch, R"({"context": {"n": 99999999999999999999}, "batch": [)" +
                                         call + R"("userId": "u2"}]})"),
      "200 {\"success\":true}");
  std::string line = call + R"("userId": "u3"})";
  std::replace(line.begin(), line.end(), '\n', ' ');
  EXPECT_THAT(collecting.import(line, {{"table", "events"}}), HasSubstr("\"accepted\":1,"));
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 3u);
  for (const TextRow& row : rows) {
    EXPECT_EQ(row.at("properties.a"), "123456789012345678901234567890");
    EXPECT_EQ(row.at("properties.b"), "-98765432109876543210");
    EXPECT_EQ(row.at("properties.c"), R"([1,"18446744073709551616"])");
    EXPECT_EQ(row.at("properties.d"), "18446744073709551615");
    EXPECT_EQ(row.at("properties.e"), R"(x, 99999999999999999999 " 99999999999999999999)");
  }
  EXPECT_EQ(rows[1].at("context.n"), "99999999999999999999");
}

// Each of these makes the JSON parser give up the whole body.
TEST(CollectBody, AValueThatCannotBeParsedTakesNoOtherEventWithIt) {
  const auto with = [](const std::string& value) {
    return detail_of_track("\"properties\": {\"x\": " + value + "}");
  };
  EXPECT_THAT(with("1e999"), HasSubstr("number"));
  EXPECT_THAT(with("-"), HasSubstr("number"));
  EXPECT_THAT(with("\"\\ud800\""), HasSubstr("string"));
  EXPECT_THAT(with("\"\\udc00 \""), HasSubstr("string"));
  EXPECT_THAT(with("\"\\q\""), HasSubstr("string"));
  EXPECT_THAT(with("\"\xff\""), HasSubstr("UTF-8"));
  EXPECT_THAT(with("\"\xed\xa0\x80\""), HasSubstr("UTF-8"));
  EXPECT_THAT(with("\"a\nb\""), HasSubstr("unescaped"));
  EXPECT_THAT(with(std::string("\"a\0b\"", 5)), HasSubstr("unescaped"));
  EXPECT_THAT(with(std::string(10'000, '[') + std::string(10'000, ']')), HasSubstr("deep"));
  std::string nested = "1";
  for (int i = 0; i < 10'000; ++i) nested = "{\"a\":" + nested + "}";
  EXPECT_THAT(with(nested), HasSubstr("deep"));
}

TEST(CollectBody, TheCharacterNulIsRejectedWherever) {
  EXPECT_EQ(detail_of_track(R"("properties": {"x": "a\u0000b"})"),
            "a text holds the character U+0000: x");
  EXPECT_EQ(detail_of_track(R"("properties": {"x": [["\u0000"]]})"),
            "a text holds the character U+0000: x");
  EXPECT_EQ(detail_of_track(R"("messageId": "\u0000")"),
            "a text holds the character U+0000: messageId");
  EXPECT_THAT(detail_of_track(R"("properties": {"x\u0000": 1})"), HasSubstr("U+0000"));
  Collecting collecting;  // A backslash before "u0000" that is itself escaped is no NUL.
  EXPECT_EQ(collecting.post(collect_track, track("u1", R"(, "properties": {"x": "\\u0000"})")),
            kAccepted);
  EXPECT_EQ(collecting.events()[0]["properties.x"], "\\u0000");
}

TEST(CollectBody, DepthThatTheParserTakesIsKeptAsText) {
  std::string deep = "1";
  for (int i = 0; i < 900; ++i) deep = "[" + deep + "]";
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_track, track("u1", ", \"properties\": {\"x\": " + deep + "}")),
            kAccepted);
  EXPECT_EQ(collecting.events()[0]["properties.x"], deep);
}

TEST(CollectBody, ABodyThatIsNotJsonIsRefusedWithThePlace) {
  struct Case {
    const char* body;
    const char* place;  // Byte of the first fault, counted by hand.
  };
  const Case cases[] = {
      {"", "(byte 0)"},
      {"{", "(byte 1)"},
      {"nonsense", "(byte 1)"},
      {R"({"batch": [{"a" 1}]})", "(byte 16)"},
      {R"({"batch": [{"a": 1}})", "(byte 19)"},
      {R"({"batch": [{"a": 1},]})", "(byte 20)"},
      {R"({"batch": []} x)", "(byte 14)"},
      {R"({"batch": ["abc)", "(byte 15)"},
      {R"({"batch": [tru]})", "(byte 14)"},
      // One value cannot be parsed, and apart from that the text is no JSON.
      {R"({"batch": [1e999, {"a": }]})", "(byte 24)"},
      {R"({"batch": [1e999 {}]})", "(byte"},
      {R"({"batch": [], "context": {"a": 1e999}})", "(byte"},
  };
  for (const Case& c : cases) {
    Collecting collecting;
    const std::string answer = collecting.post(collect_batch, c.body);
    EXPECT_THAT(answer, StartsWith("400 the body is not JSON: ")) << c.body;
    if (std::string_view(c.body).find("1e999 {}") == std::string_view::npos) {
      EXPECT_THAT(answer, HasSubstr(c.place)) << c.body;
    }
    EXPECT_TRUE(collecting.events().empty());
  }
}

TEST(CollectBody, ABodyOfAnotherShapeIsRefused) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_batch, "[]"), "400 the body is not a JSON object");
  EXPECT_EQ(collecting.post(collect_track, "[]"), "400 the body is not a JSON object");
  EXPECT_EQ(collecting.post(collect_track, "3"), "400 the body is not a JSON object");
  EXPECT_EQ(collecting.post(collect_batch, "{}"), "400 the body has no array `batch`");
  EXPECT_EQ(collecting.post(collect_batch, R"({"batch": {}})"),
            "400 the body has no array `batch`");
  EXPECT_EQ(collecting.post(collect_batch, R"({"batch": 1e999})"),
            "400 the body has no array `batch`");
  EXPECT_EQ(collecting.post(collect_batch, R"({"batch": []})"), kAccepted);
  std::string too_many = "1";
  for (std::size_t i = 0; i < kBatchEventsMax; ++i) too_many += ",1";
  EXPECT_EQ(collecting.post(collect_batch, "{\"batch\": [" + too_many + "]}"),
            "413 the batch has more events than 100000");
}

TEST(CollectBody, ASingleBadCallIsAnsweredLikeABatchOfOne) {
  Collecting collecting;
  EXPECT_THAT(collecting.post(collect_track, R"({"userId": "u1"})"),
              StartsWith(R"(200 {"success":true,"rejected":[{"index":0,"detail":"event is)"));
  EXPECT_THAT(collecting.post(collect_track, R"({"userId": "u1", "event": "E", "x": 1e999})"),
              StartsWith(R"(200 {"success":true,"rejected":[{"index":0,)"));
  EXPECT_TRUE(collecting.events().empty());
}

TEST(CollectBody, TheBatchsContextAndTimeHoldForItsEvents) {
  Collecting collecting;
  // Sent 10 s after the first event, and received at kReceived: the clock is corrected.
  EXPECT_EQ(collecting.post(collect_batch, R"({
      "sentAt": "2026-11-21T00:00:10Z",
      "context": {"ip": "1.2.3.4", "channel": "app", "os": {"name": "x"}},
      "batch": [
        {"type": "track", "event": "E", "userId": "u1", "timestamp": "2026-11-21T00:00:00Z",
         "context": {"ip": "5.6.7.8", "channel": "own"}},
        {"type": "track", "event": "E", "userId": "u2", "timestamp": "2026-11-21T00:00:00Z",
         "sentAt": "2026-11-21T00:00:01Z"},
        {"type": "track", "event": "E", "userId": "u3"}]})"),
            kAccepted);
  EXPECT_THAT(collecting.events(), ElementsAre(TextRow{{"event", "E"},
                                                       {"customer_id", "u1"},
                                                       {"ts", std::to_string(kReceived - 10'000)},
                                                       {"channel", "own"},
                                                       {"context.ip", "5.6.7.8"},
                                                       {"context.os.name", "x"}},
                                               TextRow{{"event", "E"},
                                                       {"customer_id", "u2"},
                                                       {"ts", std::to_string(kReceived - 1000)},
                                                       {"channel", "app"},
                                                       {"context.ip", "1.2.3.4"},
                                                       {"context.os.name", "x"}},
                                               TextRow{{"event", "E"},
                                                       {"customer_id", "u3"},
                                                       {"ts", std::to_string(kReceived)},
                                                       {"channel", "app"},
                                                       {"context.ip", "1.2.3.4"},
                                                       {"context.os.name", "x"}}));
}

TEST(CollectBody, ABatchReadApartIsReadLikeAWholeOne) {
  const std::string head = R"({"sentAt": "2026-11-21T00:00:10Z", "context": {"ip": "1.2.3.4"},
      "writeKey": "k", "batch": [{"type": "track", "event": "E", "userId": "u1", "messageId": "m",
      "timestamp": "2026-11-21T00:00:00Z", "properties": {"a": "x,]}\"", "b": [1, {"c": 2}]}})";
  Collecting whole;
  Collecting apart;
  EXPECT_EQ(whole.post(collect_batch, head + "]}"), kAccepted);
  EXPECT_THAT(apart.post(collect_batch, head + " , 1e999 ] }"), HasSubstr("\"index\":1"));
  EXPECT_EQ(whole.events(), apart.events());
  EXPECT_EQ(apart.events().size(), 1u);
  EXPECT_EQ(apart.post(collect_batch, head + "]}"), kAccepted);  // The same key: stored once.
  EXPECT_EQ(apart.events().size(), 1u);
}

TEST(CollectBody, ALimitOfTheStoreRejectsTheEventThatPassesIt) {
  StoreOptions options;
  options.event_columns_max = 17;
  Collecting collecting(options);
  const std::string answer = collecting.post(
      collect_batch, "{\"batch\": [" + track("u1", R"(, "properties": {"a": 1})") + "," +
                         track("u2", R"(, "properties": {"b": 1})") + ", 7]}");
  EXPECT_THAT(answer, HasSubstr(R"({"index":1,"detail":"a new property)"));
  EXPECT_THAT(answer, HasSubstr(R"({"index":2,"detail":"the event is not an object"})"));
  EXPECT_THAT(users(collecting), ElementsAre("u1"));
}

// What the Segment and RudderStack SDKs send, shortened, with values of our own.
TEST(CollectBody, TakesWhatSdksSend) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_batch, R"({"batch":[
      {"timestamp":"2026-11-21T23:59:58.663Z","integrations":{},"type":"identify","userId":"u1",
       "traits":{"email":"a@b.c","plan":"pro"},
       "context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}},
       "messageId":"node-next-1","_metadata":{"nodeVersion":"v20.20.2","jsRuntime":"node"}},
      {"timestamp":"2026-01-02T03:04:05.000Z","integrations":{},"event":"Order Completed",
       "type":"track","properties":{"revenue":9.5,"tags":["a"]},
       "context":{"ip":"1.2.3.4","campaign":{"source":"tw"}},"userId":"u1",
       "messageId":"node-next-2","_metadata":{"nodeVersion":"v20.20.2"}},
      {"timestamp":"2026-11-21T23:59:58.681Z","integrations":{},"type":"group",
       "traits":{"name":"ACME"},"groupId":"g1","userId":"u1","messageId":"node-next-3"},
      {"timestamp":"2026-11-21T23:59:58.681Z","userId":"u1","type":"alias","previousId":"an1",
       "messageId":"node-next-4"}],
      "writeKey":"WK123","sentAt":"2026-11-21T23:59:59.000Z"})"),
            kAccepted);
  EXPECT_EQ(collecting.post(collect_batch, R"({"batch":[
      {"userId":"u2","event":"Order Completed","properties":{"revenue":9.5},
       "timestamp":"2026-01-02T03:04:05.000Z","type":"track",
       "context":{"library":{"name":"analytics-node"}},"channel":"server",
       "_metadata":{"nodeVersion":"20.20.2"},"originalTimestamp":"2026-11-21T23:59:58.991Z",
       "messageId":"r1","sentAt":"2026-11-21T23:59:59.992Z"},
      {"anonymousId":"an1","name":"Home","type":"page","channel":"server",
       "originalTimestamp":"2026-11-21T23:59:58.992Z","messageId":"r2",
       "sentAt":"2026-11-21T23:59:59.992Z"}],
      "timestamp":"2026-11-21T23:59:59.992Z","sentAt":"2026-11-21T23:59:59.992Z"})"),
            kAccepted);
  // 2026-01-02T03:04:05Z is 1767323045000; Segment's clock is 1 s behind receipt, Rudder's 8 ms.
  EXPECT_THAT(collecting.events(),
              ElementsAre(TextRow{{"event", "Order Completed"},
                                  {"customer_id", "u1"},
                                  {"event_id", "node-next-2"},
                                  {"ts", "1767323046000"},
                                  {"value", "9.5"},
                                  {"properties.tags", R"(["a"])"},
                                  {"context.ip", "1.2.3.4"},
                                  {"context.campaign.source", "tw"}},
                          TextRow{{"event", "Order Completed"},
                                  {"customer_id", "u2"},
                                  {"event_id", "r1"},
                                  {"ts", "1767323045008"},
                                  {"channel", "server"},
                                  {"value", "9.5"},
                                  {"context.library.name", "analytics-node"},
                                  {"context.originalTimestamp", "2026-11-21T23:59:58.991Z"}},
                          TextRow{{"event", "Page Viewed"},
                                  {"customer_id", "u1"},
                                  {"event_id", "r2"},
                                  {"ts", std::to_string(kReceived - 1000)},
                                  {"channel", "server"},
                                  {"properties.name", "Home"}}));
  TextRow customer = collecting.customers()["u1"];
  EXPECT_EQ(customer["email"], "a@b.c");
  EXPECT_EQ(customer["account_id"], "g1");
  EXPECT_EQ(customer["account.name"], "ACME");
}

}  // namespace
}  // namespace grapevine

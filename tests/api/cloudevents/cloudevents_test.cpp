// CloudEvents in every content mode of the HTTP binding, and activities of ActivityStreams in them.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/routes/collect.hpp"
#include "kernels/text/sentiment.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kStored = R"(200 {"success":true})";
const Fields kStructured{{"content-type", "application/cloudevents+json; charset=utf-8"}};
const Fields kBatch{{"content-type", "application/cloudevents-batch+json"}};

// An event with these data, and these members beside the ones that are needed.
std::string event_with(const std::string& data, const std::string& id = "1",
                       const std::string& others = "") {
  return R"({"specversion":"1.0","source":"https://m.example/","type":"org.example.post","id":")" +
         id + "\"" + others + R"(,"data":)" + data + "}";
}

// The rows that one activity makes.
std::vector<TextRow> rows_of(const std::string& data) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_cloud_events, event_with(data), kStructured), kStored) << data;
  return collecting.events();
}

// What the npm package `cloudevents` sends in binary mode.
TEST(CloudEvents, ReadsBinaryMode) {
  Collecting collecting;
  const Fields headers{{"content-type", "application/json"},
                       {"ce-id", "abc-1"},
                       {"ce-time", "2026-01-02T03:04:05.000Z"},
                       {"ce-type", "org.example.social.post"},
                       {"ce-source", "https://mastodon.example/"},
                       {"ce-specversion", "1.0"},
                       {"ce-subject", "acct:bob@x"},
                       {"ce-flavour", "caf%C3%A9%20au lait"}};
  EXPECT_EQ(collecting.post(collect_cloud_events,
                            R"({"type":"Create","actor":"https://x/users/bob",
                                "object":{"type":"Note","content":"hi"}})",
                            headers),
            kStored);
  const auto rows = collecting.events();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0], (TextRow{{"event", "Post Created"},
                              {"customer_id", "https://x/users/bob"},
                              {"event_id", "https://mastodon.example/ abc-1"},
                              {"ts", "1767323045000"},
                              {"text", "hi"},
                              {"sentiment", "0"},
                              {"sentiment_model", std::string(kSentimentModel)},
                              {"context.source", "https://mastodon.example/"},
                              {"context.type", "org.example.social.post"},
                              {"context.subject", "acct:bob@x"},
                              {"context.flavour", "café au lait"},
                              {"properties.type", "Create"},
                              {"properties.object.type", "Note"}}));
}

TEST(CloudEvents, StoresAnEventOnceInWhicheverModeItComes) {
  Collecting collecting;
  const std::string data = R"({"type":"Like","actor":"a","object":"p1"})";
  const Fields binary{{"content-type", "application/json"},
                      {"ce-id", "1"},
                      {"ce-source", "https://m.example/"},
                      {"ce-type", "org.example.post"},
                      {"ce-specversion", "1.0"}};
  EXPECT_EQ(collecting.post(collect_cloud_events, event_with(data), kStructured), kStored);
  EXPECT_EQ(collecting.post(collect_cloud_events, data, binary), kStored);
  const std::string batch = "[" + event_with(data) + "," + event_with(data, "2") + "]";
  EXPECT_EQ(collecting.post(collect_cloud_events, batch, kBatch), kStored);
  EXPECT_THAT(collecting.events(), SizeIs(2));
  std::string elsewhere = event_with(data);
  elsewhere.replace(elsewhere.find("m.example"), 9, "n.example");
  EXPECT_EQ(collecting.post(collect_cloud_events, elsewhere, kStructured), kStored);
  EXPECT_THAT(collecting.events(), SizeIs(3));
}

TEST(CloudEvents, ReadsPosts) {
  const auto rows = rows_of(R"({
      "@context": "https://www.w3.org/ns/activitystreams", "id": "https://m/1/activity",
      "type": "Create", "actor": {"id": "https://m/users/ann", "type": "Person"},
      "published": "2026-11-20T10:00:00Z",
      "object": {"id": "https://m/1", "type": ["Note", "x"], "attributedTo": "https://m/users/ann",
                 "content": "<p>Hello &amp; welcome<br/>all</p>", "url": "https://m/@ann/1",
                 "tag": [{"type": "Hashtag", "name": "#hi"}]}})");
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(
      rows[0],
      AllOf(Contains(Pair("event", "Post Created")),
            Contains(Pair("customer_id", "https://m/users/ann")),
            Contains(Pair("content_id", "https://m/1")),
            Contains(Pair("text", "Hello & welcome\nall")), Contains(Pair("ts", "1795168800000")),
            Contains(Pair("properties.id", "https://m/1/activity")),
            Contains(Pair("properties.object.url", "https://m/@ann/1")),
            Contains(Pair("properties.actor.type", "Person")),
            Contains(Pair("properties.object.content", "<p>Hello &amp; welcome<br/>all</p>"))));
  EXPECT_THAT(rows[0], AllOf(Not(Contains(Key("properties.@context"))),
                             Not(Contains(Key("properties.object.id"))),
                             Not(Contains(Key("parent_id"))), Not(Contains(Key("target_id")))));
}

TEST(CloudEvents, ReadsRepliesAndMentions) {
  const auto rows = rows_of(R"({
      "type": "Create", "actor": "ann",
      "object": {"id": "p2", "type": "Note", "content": "a < b", "mediaType": "text/plain",
                 "inReplyTo": {"id": "p1", "attributedTo": "bob"},
                 "tag": [{"type": "Mention", "href": "cat"}, {"type": "Hashtag", "name": "#x"},
                         {"type": "Mention", "href": "bob"}, {"type": "Mention", "href": "cat"}]}})");
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_THAT(rows[0], AllOf(Contains(Pair("event", "Post Replied")),
                             Contains(Pair("parent_id", "p1")), Contains(Pair("target_id", "bob")),
                             Contains(Pair("content_id", "p2")), Contains(Pair("text", "a < b"))));
  EXPECT_EQ(rows[1], (TextRow{{"event", "Customer Mentioned"},
                              {"customer_id", "ann"},
                              {"event_id", "https://m.example/ 1#1"},
                              {"ts", "1795305600000"},
                              {"target_id", "cat"},
                              {"content_id", "p2"}}));
  EXPECT_THAT(rows[2], AllOf(Contains(Pair("event", "Customer Mentioned")),
                             Contains(Pair("target_id", "bob"))));
}

TEST(CloudEvents, ReadsReactions) {
  Collecting collecting;
  const std::string batch =
      "[" +
      event_with(R"({"type":"Create","actor":"ann","object":{"id":"p1","type":"Note"}})", "1") +
      "," +
      event_with(R"({"type":"Create","actor":"bob",
                           "object":{"id":"p2","type":"Note","inReplyTo":"p1"}})",
                 "2") +
      "," + event_with(R"({"type":"Announce","id":"s1","actor":"cat","object":"p1"})", "3") + "," +
      event_with(R"({"type":"as:Like","actor":"dan","object":{"id":"p2","type":"Note"}})", "4") +
      "," +
      event_with(R"({"type":"Follow","actor":"eve","object":{"id":"ann","type":"Person"}})", "5") +
      "]";
  EXPECT_EQ(collecting.post(collect_cloud_events, batch, kBatch), kStored);
  const auto rows = collecting.events();
  ASSERT_THAT(rows, SizeIs(5));
  EXPECT_THAT(rows[1],
              AllOf(Contains(Pair("event", "Post Replied")), Contains(Pair("parent_id", "p1"))));
  EXPECT_THAT(rows[2],
              AllOf(Contains(Pair("event", "Post Shared")), Contains(Pair("content_id", "s1")),
                    Contains(Pair("parent_id", "p1"))));
  EXPECT_THAT(rows[3], AllOf(Contains(Pair("event", "Post Liked")),
                             Contains(Pair("parent_id", "p2")), Not(Contains(Key("content_id")))));
  EXPECT_THAT(rows[4], AllOf(Contains(Pair("event", "Customer Followed")),
                             Contains(Pair("target_id", "ann")), Not(Contains(Key("parent_id")))));
}

TEST(CloudEvents, CallsOtherEventsAfterTheirType) {
  Collecting collecting;
  const auto post = [&](const std::string& data, const std::string& id, const std::string& others) {
    return collecting.post(collect_cloud_events, event_with(data, id, others), kStructured);
  };
  EXPECT_EQ(post(R"({"userId":"u1","revenue":9.5,"nested":{"a":1}})", "1", ""), kStored);
  EXPECT_EQ(post(R"({"type":"Undo","actor":"u2","object":"x"})", "2", R"(,"region":7)"), kStored);
  EXPECT_EQ(post(R"("some text")", "3", R"(,"subject":"u3","datacontenttype":"text/plain")"),
            kStored);
  EXPECT_EQ(post(R"({"type":"Create","actor":"u4","object":{"type":"Person"}})", "4", ""), kStored);
  const auto rows = collecting.events();
  ASSERT_THAT(rows, SizeIs(4));
  for (const TextRow& row : rows) EXPECT_THAT(row, Contains(Pair("event", "org.example.post")));
  EXPECT_THAT(rows[0], AllOf(Contains(Pair("customer_id", "u1")), Contains(Pair("value", "9.5")),
                             Contains(Pair("properties.nested.a", "1"))));
  EXPECT_THAT(rows[1],
              AllOf(Contains(Pair("customer_id", "u2")), Contains(Pair("properties.type", "Undo")),
                    Contains(Pair("context.region", "7"))));
  EXPECT_THAT(rows[2], AllOf(Contains(Pair("customer_id", "u3")),
                             Contains(Pair("context.data", "some text"))));
}

TEST(CloudEvents, ReadsEncodedData) {
  Collecting collecting;
  const std::string head = R"({"specversion":"1.0","source":"s","type":"t","subject":"u1","id":)";
  // {"type":"Like","actor":"ann","object":"p1"}
  EXPECT_EQ(
      collecting.post(
          collect_cloud_events,
          head +
              R"("1","data_base64":"eyJ0eXBlIjoiTGlrZSIsImFjdG9yIjoiYW5uIiwib2JqZWN0IjoicDEifQ=="})",
          kStructured),
      kStored);
  EXPECT_EQ(collecting.post(collect_cloud_events,
                            head + R"("2","datacontenttype":"image/png","data_base64":"AAEC"})",
                            kStructured),
            kStored);
  const auto rows = collecting.events();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0], Contains(Pair("event", "Post Liked")));
  EXPECT_THAT(rows[1], Contains(Pair("context.data_base64", "AAEC")));
  EXPECT_THAT(
      collecting.post(collect_cloud_events, head + R"("3","data_base64":"?"})", kStructured),
      "422 /data_base64 is not base64");
  EXPECT_THAT(collecting.post(collect_cloud_events, head + R"("3","data_base64":"e30=","data":1})",
                              kStructured),
              "422 /data_base64 stands beside data: one of them may");
}

TEST(CloudEvents, RefusesWhatIsNone) {
  Collecting collecting;
  const auto post = [&](const std::string& body, const Fields& headers) {
    return collecting.post(collect_cloud_events, body, headers);
  };
  EXPECT_THAT(post("{}", {}), StartsWith("415 no CloudEvent"));
  EXPECT_THAT(post("{}", {{"content-type", "application/json"}}), StartsWith("415 no CloudEvent"));
  EXPECT_THAT(post("", {{"content-type", "application/cloudevents+avro"}}), StartsWith("415 "));
  EXPECT_THAT(post("{}", {{"content-type", "application/cloudevents+json; charset=utf-16"}}),
              StartsWith("415 the charset"));
  EXPECT_THAT(post("{", kStructured), StartsWith("400 the body is not JSON: "));
  EXPECT_EQ(post("[]", kStructured), "400 the body is not a JSON object");
  EXPECT_EQ(post("{}", kBatch), "400 the body is not a JSON array of events");
  EXPECT_EQ(post("[]", kBatch), kStored);
  EXPECT_EQ(post(event_with("{}", ""), kStructured), "422 /id is not a text, or is empty");
  EXPECT_EQ(post("{}", {{"ce-id", "1"}, {"ce-source", "s"}, {"ce-type", "t"}}),
            "422 ce-specversion is not there");
  EXPECT_EQ(post(R"({"type":"Like","actor":"a"})",
                 {{"ce-id", "1"}, {"ce-source", "s"}, {"ce-type", "t"}, {"ce-specversion", "1.0"}}),
            "422 /object is not there");
  EXPECT_THAT(post("{", {{"ce-id", "1"}}),
              AllOf(StartsWith("400 the body is not JSON: "), HasSubstr("(byte 1)")));
  EXPECT_EQ(post("\xff", {{"ce-id", "1"}, {"content-type", "text/plain"}}),
            "415 the data is neither JSON nor UTF-8 text");
  EXPECT_EQ(post("", {{"ce-id", "%ff"}}), "400 a header is not UTF-8 text: ce-id");
  EXPECT_THAT(collecting.events(), IsEmpty());
}

TEST(CloudEvents, NamesWhatIsWrong) {
  const auto answer = [](const std::string& data, const std::string& others) {
    Collecting collecting;
    return collecting.post(collect_cloud_events, event_with(data, "1", others), kStructured);
  };
  EXPECT_EQ(answer("{}", R"(,"time":"yesterday","subject":"u1")"),
            "422 /time is not a time of RFC 3339 between 1900 and 2200");
  EXPECT_THAT(answer("{}", ""), StartsWith("422 /subject is not there"));
  EXPECT_EQ(answer(R"({"type":"Create","object":{"type":"Note"}})", ""),
            "422 /data/actor names nobody, and there is no subject");
  EXPECT_EQ(answer(R"({"type":"Announce","actor":"a","object":{}})", ""),
            "422 /data/object has no id");
  EXPECT_EQ(answer(R"({"type":"Create","actor":"a","object":{"type":"Note"},"published":"x"})", ""),
            "422 /data/published is not a time");
  EXPECT_EQ(answer(R"({"userId":"u1","a":"\u0000"})", ""),
            "422 /data holds the character U+0000: a");
  EXPECT_EQ(answer(R"({"userId":"u1"})", R"(,"x":"\u0000")"), "422 /x holds the character U+0000");
  EXPECT_EQ(answer(R"({"userId":")" + std::string(600, 'u') + "\"}", ""),
            "422 /data userId has more than 512 bytes");
  EXPECT_EQ(answer(R"({"userId":"u1"})", R"(,"source":"a b")").substr(0, 13), R"(200 {"success)");
}

// A 4xx would make a sender drop the good ones too.
TEST(CloudEvents, ABadEventTakesNoOtherOfItsBatchWithIt) {
  Collecting collecting;
  const std::string good = event_with(R"({"type":"Like","actor":"a","object":"p"})");
  EXPECT_EQ(
      collecting.post(collect_cloud_events, "[7," + good + R"(,{"specversion":"0.3"}])", kBatch),
      R"(200 {"success":true,"rejected":[{"index":0,"detail":"/0 is not an object"},)"
      R"({"index":2,"detail":"/2/specversion is not 1.0; /2/id is not there; )"
      R"(/2/source is not there; /2/type is not there; /2/subject is not there, and neither )"
      R"(data.userId nor data.customer_id names a customer"}]})");
  EXPECT_THAT(collecting.post(collect_cloud_events, "[" + good + R"(, {"x": "\ud800"}])", kBatch),
              AllOf(StartsWith("200"), HasSubstr(R"("index":1,)")));
  EXPECT_THAT(collecting.events(), SizeIs(1));
  EXPECT_EQ(collecting.post(collect_cloud_events, "[7, 8]", kBatch), "422 /0 is not an object");
}

}  // namespace
}  // namespace grapevine

// What is told of alerts, and done with them. How they come to be is in live/alert_keeper_test.cpp.

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "api/live/alert_events.hpp"
#include "tests/api/alerts_fixture.hpp"

namespace grapevine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Alerts, AreListedTheNewestFirst) {
  const Json all = ask("GET", "/v1/alerts", 200);
  EXPECT_THAT(ids(all), ElementsAre(3, 1));  // 2: the other one grew.
  const Json& alert = all.at("alerts").at(0);
  EXPECT_EQ(alert.at("product_id"), "p1");
  EXPECT_EQ(alert.at("brand"), nullptr);
  EXPECT_EQ(alert.at("channel"), "web");
  EXPECT_EQ(alert.at("status"), "open");
  EXPECT_GT(alert.at("score"), 3.25);
  EXPECT_FALSE(all.contains("next_cursor"));

  const Json first = ask("GET", "/v1/alerts", 200, {{"limit", "1"}});
  EXPECT_THAT(ids(first), ElementsAre(3));
  const Json second = ask("GET", "/v1/alerts", 200, {{"cursor", first.at("next_cursor")}});
  EXPECT_THAT(ids(second), ElementsAre(1));
  EXPECT_FALSE(second.contains("next_cursor"));
}

TEST_F(Alerts, AreFiltered) {
  const auto filtered = [&](Fields query) { return ids(ask("GET", "/v1/alerts", 200, query)); };
  EXPECT_THAT(filtered({{"sentiment", "negative"}}), ElementsAre(3));
  EXPECT_THAT(filtered({{"sentiment", "negative,all"}, {"product", "p1"}}), ElementsAre(3, 1));
  EXPECT_THAT(filtered({{"brand", "p1"}}), IsEmpty());
  EXPECT_THAT(filtered({{"product", "p0,p1"}, {"channel", "app,web"}}), ElementsAre(3, 1));
  EXPECT_THAT(filtered({{"severity", "critical,warning"}}), ElementsAre(3));
  EXPECT_THAT(filtered({{"severity", "warning"}}), IsEmpty());
  EXPECT_THAT(filtered({{"channel", "none"}}), IsEmpty());
  EXPECT_THAT(filtered({{"channel", "app"}}), ElementsAre(1));
  EXPECT_THAT(filtered({{"status", "acknowledged,closed"}}), IsEmpty());
  EXPECT_THAT(filtered({{"to", "2023-11-18"}}), ElementsAre(3, 1));
  EXPECT_THAT(filtered({{"from", "2023-11-19"}}), IsEmpty());
  const Json wrong = ask("GET", "/v1/alerts", 422,
                         {{"status", "new"},
                          {"sentiment", "bad"},
                          {"from", "x"},
                          {"limit", "0"},
                          {"severity", "2"},
                          {"unknown", ""}});
  EXPECT_EQ(wrong.at("errors").size(), 6U);
  const Json typo = ask("GET", "/v1/alerts", 200, {{"product", "p11"}});
  EXPECT_THAT(typo.at("warnings").at(0), HasSubstr("nearest: \"p1\""));
  ask("GET", "/v1/alerts", 410, {{"cursor", "x"}});
}

TEST_F(Alerts, HaveFourFormats) {
  const Response lines = asked_.ask("GET", "/v1/alerts", "", {{"format", "ndjson"}});
  EXPECT_EQ(std::count(lines.body.begin(), lines.body.end(), '\n'), 2);
  const Response csv = asked_.ask("GET", "/v1/alerts", "", {{"format", "csv"}});
  EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 3);
  EXPECT_THAT(csv.body, HasSubstr(",burst,notice,open,,p1,,app,all,"));
  EXPECT_THAT(csv.body, HasSubstr(",burst,critical,open,,p1,,web,negative,"));
  const Response arrow = asked_.ask("GET", "/v1/alerts", "", {{"format", "arrow"}});
  EXPECT_EQ(arrow.status, 200) << arrow.body;
  EXPECT_EQ(arrow.content_type, "application/vnd.apache.arrow.stream");
}

TEST_F(Alerts, AreAcknowledgedOnce) {
  const Json before = ask("POST", "/v1/alerts/3/acknowledge", 200);
  EXPECT_EQ(before.at("status"), "acknowledged");
  EXPECT_EQ(ask("POST", "/v1/alerts/3/acknowledge", 200, {}, "{}").at("acknowledged_at"),
            before.at("acknowledged_at"));
  ask("POST", "/v1/alerts/7/acknowledge", 404);
  ask("POST", "/v1/alerts/x/acknowledge", 404);
  ask("POST", "/v1/alerts/1/acknowledge", 422, {}, R"({"by": "me"})");
  advance(kBurst + 2 * kDay);
  EXPECT_EQ(ask("GET", "/v1/alerts/3", 200).at("status"), "closed");
  EXPECT_EQ(ask("POST", "/v1/alerts/3/acknowledge", 200).at("status"), "closed");
  ask("POST", "/v1/alerts/1/acknowledge", 409);
}

TEST_F(Alerts, SayWhoSpokeAndHowFarItGoes) {
  const Json alert = ask("GET", "/v1/alerts/3", 200);
  EXPECT_EQ(alert.at("mentions"), 30);
  EXPECT_EQ(alert.at("people"), 30);
  EXPECT_EQ(alert.at("first_speakers").size(), 5U);
  EXPECT_EQ(alert.at("first_speakers").at(0).at("customer_id"), "c0");
  EXPECT_EQ(alert.at("most_influential").at(0).at("customer_id"), "c3");
  EXPECT_EQ(alert.at("forecast").at("shares"), 29);
  EXPECT_GE(alert.at("spread").at("mean"), 30.0);
  ask("GET", "/v1/alerts/9", 404);
  ask("GET", "/v1/alerts/-1", 404);
}

class AlertTerms : public Alerts {
 protected:
  void SetUp() override {
    BatchOf usual;
    for (int i = 0; i < 72 * 3; ++i) {
      say(usual, kBegin + i * kHour / 3, i, i % 2 == 0 ? "the tent is small" : "it was late");
    }
    asked_.append(usual);
    advance(kBegin + 3 * kDay);
  }
  void burst(const char* text, const char* product = "p1") {
    BatchOf batch;
    for (int i = 0; i < 40; ++i) say(batch, kBurst + i * 10'000, 100 + i, text, product);
    asked_.append(batch);
    advance(kBurst + 401'000);
  }
  static void say(BatchOf& batch, TimeMs ts, int i, const char* text, const char* product = "p1") {
    batch.event(ts, "Post Created", person(i)).with("product_id", product).with("text", text);
    batch.with("channel", "web").with("sentiment", -0.8);
  }
  static std::vector<std::string> terms(const Json& alert) {
    std::vector<std::string> texts;
    for (const Json& term : alert.at("terms")) texts.push_back(term.at("term"));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
};

TEST_F(AlertTerms, SetItsPostsApartFromTheWeeksBefore) {
  BatchOf other;  // Of another series: they count nowhere.
  for (int i = 0; i < 50; ++i) say(other, kBurst - i * kHour, i, "poles broken", "p2");
  asked_.append(other);
  burst("the tent poles broken");
  const Json alert = ask("GET", "/v1/alerts/1", 200);
  EXPECT_THAT(terms(alert), ElementsAre("broken", "poles", "poles broken", "tent", "tent poles"));
  for (const Json& term : alert.at("terms")) {
    EXPECT_EQ(term.at("posts"), 40);
    EXPECT_EQ(term.at("rest_posts"), term.at("term") == "tent" ? 108 : 0);
  }
  EXPECT_EQ(alert.at("compared"), Json::parse(R"({"posts": 40, "rest_posts": 216, "whole": true,
                                                 "rest_since": "2023-11-14T22:13:20.000Z"})"));
  const Json list = ask("GET", "/v1/alerts", 200);
  EXPECT_FALSE(list.at("alerts").at(0).contains("terms"));
}

TEST_F(AlertTerms, OfWhoIsErasedAreGone) {
  burst("the tent poles broken");
  for (int i = 100; i < 138; ++i) {
    EXPECT_EQ(asked_.ask("DELETE", "/v1/customers/" + person(i)).status / 100, 2);
  }
  const Json alert = ask("GET", "/v1/alerts/1", 200);
  EXPECT_THAT(alert.at("terms"), IsEmpty());  // Two people are too few.
  EXPECT_EQ(alert.at("compared").at("posts"), 2);
}

TEST_F(AlertTerms, NeedPostsToCompareWith) {
  burst("the stove is on fire", "p9");
  const Json alert = ask("GET", "/v1/alerts/1", 200);
  EXPECT_THAT(alert.at("terms"), IsEmpty());
  EXPECT_EQ(alert.at("compared").at("rest_since"), nullptr);
}

// People who tell of harm are in a bad mood, whatever the sentiment of their words is.
TEST_F(AlertTerms, OfHarmAreNegative) {
  BatchOf batch;
  for (int i = 0; i < 40; ++i) {
    batch.event(kBurst + i * 10'000, "Post Created", person(100 + i)).with("product_id", "p1");
    batch.with("channel", "web").with("sentiment", 0.5);
    batch.with("text", i % 2 == 0 ? "wow, the kettle exploded, it burned my hand" : "폭발했어요");
  }
  asked_.append(batch);
  advance(kBurst + 401'000);
  const Json alert = ask("GET", "/v1/alerts/1", 200);
  EXPECT_EQ(alert.at("sentiment"), "negative");
  EXPECT_EQ(alert.at("severity"), "critical");
  EXPECT_GT(alert.at("harm"), 0);
  EXPECT_EQ(alert.at("harm"), alert.at("observed"));
  EXPECT_EQ(alert.at("mentions"), 40);
  EXPECT_EQ(alert.at("harm_mentions"), 40);
  const Json rows = ask("POST", "/v1/sql", 200, {}, R"({"query": "SELECT harm FROM alerts"})");
  EXPECT_THAT(rows.dump(), HasSubstr(alert.at("harm").dump()));
}

TEST_F(AlertTerms, OfHarmTellHowMuchOfItIs) {
  BatchOf batch;
  for (int i = 0; i < 40; ++i) {
    say(batch, kBurst + i * 1'000, 100 + i, i == 3 ? "it burned my hand" : "the tent is small");
  }
  asked_.append(batch);
  advance(kBurst + 401'000);
  EXPECT_EQ(ask("GET", "/v1/alerts/1", 200).at("harm"), 1);
}

// What the company itself says is no burst, and it is no speaker of one.
TEST_F(AlertTerms, PassOverTheCompanysVoices) {
  BatchOf batch;
  batch.traits(kBegin, "clerk").with("kind", "employee");
  batch.traits(kBegin, "tents").with("kind", "brand").with("own", true);
  for (int i = 0; i < 60; ++i) {
    batch.event(kBurst + i * 1000, "Post Created", i % 2 == 0 ? "clerk" : "tents");
    batch.with("product_id", "p1").with("channel", "web").with("sentiment", -0.8);
  }
  for (int i = 0; i < 50; ++i) batch.event(kBurst, "Post Liked", person(i)).target("clerk");
  asked_.append(batch);
  advance(kBurst + 101'000);
  EXPECT_THAT(ask("GET", "/v1/alerts", 200).at("alerts"), IsEmpty());
  burst("the tent poles broken");
  const Json alert = ask("GET", "/v1/alerts/1", 200);
  EXPECT_EQ(alert.at("mentions"), 40);
  EXPECT_EQ(alert.at("people"), 40);
  for (const char* list : {"first_speakers", "most_influential"}) {
    EXPECT_THAT(alert.at(list).dump(), ::testing::Not(HasSubstr("clerk")));
    EXPECT_THAT(alert.at(list).dump(), ::testing::Not(HasSubstr("tents")));
  }
}

TEST_F(Alerts, NobodyIsNamedWhoseProcessingIsRestricted) {
  BatchOf batch;
  batch.traits(now_, "c0").with("processing_restricted", true);
  batch.traits(now_, "c3").with("processing_restricted", true);
  asked_.append(batch);
  const Json alert = ask("GET", "/v1/alerts/3", 200);
  EXPECT_EQ(alert.at("people"), 30);
  EXPECT_EQ(alert.at("withheld"), 2);
  EXPECT_EQ(alert.at("first_speakers").at(0).at("customer_id"), "c1");
  EXPECT_THAT(alert.at("most_influential").dump(), ::testing::Not(HasSubstr("\"c3\"")));
}

TEST_F(Alerts, AreContained) {
  const Json contained = ask("POST", "/v1/wom/contain", 200, {},
                             R"({"spreading": {"alert": 3}, "k": 1, "simulations": 100})");
  EXPECT_TRUE(contained.contains("customers"));
  const Json wrong =
      ask("POST", "/v1/wom/contain", 422, {}, R"({"spreading": {"alert": 77}, "k": 1})");
  EXPECT_EQ(wrong.at("errors").at(0).at("pointer"), "/spreading/alert");
  ask("POST", "/v1/wom/contain", 422, {}, R"({"spreading": {"alert": "2"}, "k": 1})");
}

TEST_F(Alerts, BeginWithThoseThatAreOpen) {
  const auto listen = [&](Fields query = {}) {
    const Response response =
        asked_.ask("GET", "/v1/alerts", "", std::move(query), {{"accept", "text/event-stream"}});
    EXPECT_EQ(response.content_type, "text/event-stream");
    EXPECT_TRUE(response.rest != nullptr && response.rest->ready());
    return response.rest;
  };
  const auto stream = listen();
  const std::string begun = stream->next()->bytes;
  EXPECT_THAT(begun, ::testing::StartsWith("event: snapshot\ndata: {\"change\":\"snapshot\""));
  EXPECT_THAT(begun, ::testing::EndsWith("\n\nevent: live\nid: 5\n"
                                         "data: {\"number\":5,\"open\":2}\n\n"));
  EXPECT_THAT(begun, HasSubstr("\"number\":5,\"id\":3"));
  EXPECT_FALSE(stream->ready());
  EXPECT_EQ(stream->next()->bytes, "");
  ask("POST", "/v1/alerts/3/acknowledge", 200);
  EXPECT_TRUE(stream->ready());
  EXPECT_THAT(stream->next()->bytes, HasSubstr("event: acknowledged\nid: 6\n"));
  EXPECT_THAT(listen({{"status", "acknowledged"}})->next()->bytes, HasSubstr("\"open\":1}"));
  advance(kBurst + 2 * kDay);
  const std::string ended = stream->next()->bytes;
  EXPECT_THAT(ended, HasSubstr("event: closed\nid: 7\n"));
  EXPECT_THAT(ended, HasSubstr("event: closed\nid: 8\n"));
  EXPECT_EQ(listen()->next()->bytes, "event: live\nid: 8\ndata: {\"number\":8,\"open\":0}\n\n");
}

TEST_F(Alerts, AreToldStepByStepAsTheyWere) {
  ask("POST", "/v1/alerts/3/acknowledge", 200);
  advance(kBurst + 2 * kDay);
  const auto after = [&](const char* id, Fields query = {}) {
    const Response later = asked_.ask("GET", "/v1/alerts", "", std::move(query),
                                      {{"accept", "text/event-stream"}, {"last-event-id", id}});
    return later.rest == nullptr ? std::to_string(later.status) : later.rest->next()->bytes;
  };
  const std::string rest = after("5", {{"sentiment", "negative"}});
  EXPECT_THAT(rest, ::testing::StartsWith("event: acknowledged\nid: 6\n"));
  EXPECT_EQ(std::count(rest.begin(), rest.end(), '\n'), 8);  // And its end.
  EXPECT_EQ(after("x"), "410");

  const std::string all = after("0");
  EXPECT_THAT(all, ::testing::StartsWith("event: opened\nid: 1\n"));
  std::vector<std::string> told;
  std::map<int, std::vector<std::string>> sizes;
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("data: ")) continue;
    const Json step = Json::parse(line.substr(6));
    told.push_back(step.at("change").get<std::string>() + ":" +
                   step.at("status").get<std::string>());
    EXPECT_EQ(step.contains("closed_at"), step.at("status") == "closed");
    EXPECT_EQ(step.contains("escalated_at"), step.at("change") != "opened");
    EXPECT_GE(step.value("escalated_at", "9"), step.at("ts").get<std::string>());
    sizes[step.at("id")].push_back(step.at("severity").get<std::string>() + " of " +
                                   step.at("observed").dump());
  }
  EXPECT_THAT(told, ElementsAre("opened:open", "escalated:open", "opened:open", "escalated:open",
                                "escalated:open", "acknowledged:acknowledged", "closed:closed",
                                "closed:closed"));
  EXPECT_THAT(sizes.at(3), ElementsAre("warning of 9", "warning of 18", "critical of 27",
                                       "critical of 27", "critical of 30"));
  const std::string opened = after("0", {{"status", "open"}});
  EXPECT_THAT(opened, HasSubstr("id: 5\n"));
  EXPECT_THAT(opened, ::testing::Not(HasSubstr("id: 6\n")));
}

TEST_F(Alerts, HaveAWebhook) {
  ask("GET", "/v1/alerts/webhook", 404);
  ask("DELETE", "/v1/alerts/webhook", 404);
  ask("PUT", "/v1/alerts/webhook", 422, {},
      R"({"url": "https://example.com/a", "secret": "s", "consent": "email"})");
  const Json put = ask("PUT", "/v1/alerts/webhook", 200, {},
                       R"({"url": "https://example.com/a", "secret": "s", "batch": 3})");
  EXPECT_EQ(put.at("state"), "active");
  EXPECT_EQ(put.at("waiting"), 0);
  EXPECT_FALSE(put.contains("secret"));
  ask("POST", "/v1/alerts/3/acknowledge", 200);
  EXPECT_EQ(ask("GET", "/v1/alerts/webhook", 200).at("waiting"), 1);
  EXPECT_EQ(ask("PUT", "/v1/alerts/webhook", 200, {},
                R"({"url": "https://example.com/a", "secret": "other"})")
                .at("waiting"),
            1);
  EXPECT_EQ(asked_.ask("DELETE", "/v1/alerts/webhook").status, 204);
  ask("GET", "/v1/alerts/webhook", 404);
}

TEST_F(Alerts, AreATable) {
  const Json rows =
      ask("POST", "/v1/sql", 200, {},
          R"({"query": "SELECT id, product_id, brand, channel, sentiment, ts > since )"
          R"(AS later, observed > expected AS more FROM alerts ORDER BY id"})");
  EXPECT_THAT(rows.dump(), HasSubstr("p1"));
  EXPECT_THAT(rows.dump(), HasSubstr("negative"));
}

}  // namespace
}  // namespace grapevine

// Webhooks, sent to real receivers on loopback.

#include "server/webhooks/webhook_sender.hpp"

#include <optional>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/plan/webhook_document.hpp"
#include "server/webhooks/delivery.hpp"
#include "tests/api/asked.hpp"
#include "tests/api/told_segment.hpp"
#include "tests/server/webhooks/hook_receiver.hpp"

namespace grapevine {
namespace {

using std::chrono::milliseconds;
using testing::AskedStore;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::HookReceiver;
using ::testing::StartsWith;
using testing::ToldSegment;

// "+c1" entered, "-c1" left, of all bodies in order.
std::vector<std::string> told(const std::vector<HookReceiver::Call>& calls) {
  static const std::regex kChange(R"re("customer_id":"(\w+)","change":"(\w+)")re");
  std::vector<std::string> texts;
  for (const HookReceiver::Call& call : calls) {
    for (std::sregex_iterator at(call.body.begin(), call.body.end(), kChange), end; at != end;
         ++at) {
      texts.push_back(((*at)[2] == "entered" ? "+" : "-") + (*at)[1].str());
    }
  }
  return texts;
}

class WebhookSending : public ::testing::Test {
 protected:
  WebhookSending() {
    options_.look_interval = milliseconds(2);
    options_.retry_first = milliseconds(4);
    options_.retry_longest = milliseconds(20);
  }

  void put(const std::string& url, int batch = 500, const std::string& segment = "vip",
           const std::string& rules = "") {
    WebhookDocument webhook{url, "s3cr3t", static_cast<std::size_t>(batch), {}, 0, {}};
    if (!rules.empty()) webhook.rules.consent = rules;
    webhook.revision = asked_.store().snapshot()->number();
    const auto before = find_webhook(*asked_.store().snapshot(), segment);
    if (before) {
      webhook.begin =
          position_of(*before, find_delivery(*asked_.store().snapshot(), segment, *before));
    }
    ASSERT_TRUE(asked_.store()
                    .put_document(kWebhookDocuments, segment, write_webhook_document(webhook))
                    .ok());
  }
  void start() { sender_.emplace(asked_.store(), nullptr, board_, nullptr, options_); }

  DeliveryDocument delivery(const std::string& segment = "vip") {
    const auto snapshot = asked_.store().snapshot();
    return find_delivery(*snapshot, segment, *find_webhook(*snapshot, segment));
  }
  // Until what is noted of a webhook is as it should be.
  template <typename Condition>
  void wait_until(const Condition& condition) {
    while (!condition()) {
      static_cast<void>(
          asked_.store().wait_past(asked_.store().snapshot()->number(), milliseconds(5)));
    }
  }
  void wait_until_told(ToldSegment& segment) {
    wait_until([&] {
      const auto noted = delivery();
      return noted.position && !has_more(segment.stream(), *noted.position);
    });
  }

  AskedStore asked_;
  WebhookOptions options_;
  WebhookBoard board_{{.loopback = true}};
  std::optional<WebhookSender> sender_;  // Last: it uses the others.
};

TEST_F(WebhookSending, TellsEverythingOnceAndInOrder) {
  ToldSegment vip(asked_.store(), 9, {0, 1, 2, 3});
  vip.enter(4);
  vip.leave(0);
  HookReceiver receiver;
  put(receiver.url(), 3);
  start();
  wait_until_told(vip);
  EXPECT_THAT(told(receiver.calls()), ElementsAre("+c0", "+c1", "+c2", "+c3", "+c4", "-c0"));
  EXPECT_EQ(receiver.calls().size(), 2u) << "three changes each";
  vip.enter(5);
  EXPECT_THAT(told(receiver.wait_for(3)),
              ElementsAre("+c0", "+c1", "+c2", "+c3", "+c4", "-c0", "+c5"));
}

TEST_F(WebhookSending, GoesOnWhereItStoodWhenItIsStartedAgain) {
  ToldSegment vip(asked_.store(), 9, {0, 1});
  HookReceiver receiver;
  put(receiver.url());
  start();
  wait_until_told(vip);
  sender_.reset();
  vip.enter(2);
  start();
  wait_until_told(vip);
  EXPECT_THAT(told(receiver.calls()), ElementsAre("+c0", "+c1", "+c2"));
}

TEST_F(WebhookSending, SaysWhoAndWhatAndSignsIt) {
  ToldSegment vip(asked_.store(), 2, {0});
  HookReceiver receiver;
  put(receiver.url());
  start();
  const HookReceiver::Call call = receiver.wait_for(1).front();
  EXPECT_THAT(call.head, StartsWith("POST /hook?a=b HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_EQ(call.header("Content-Type"), "application/json");
  const std::string id = call.header("X-Grapevine-Delivery");
  EXPECT_THAT(call.body, StartsWith("{\"segment\":\"vip\",\"delivery\":\"" + id +
                                    "\",\"restart\":true,\"changes\":[{"));
  EXPECT_THAT(call.body, HasSubstr("\"cursor\":\""));
  const std::string signature = call.header("X-Grapevine-Signature");
  ASSERT_THAT(signature, StartsWith("t="));
  EXPECT_EQ(signature, sign("s3cr3t", std::stoll(signature.substr(2)), call.body));
}

// By Python: hmac.new(b"s3cr3t", b"1700000000." + b'{"a":1}', "sha256").hexdigest()
TEST(WebhookSignature, IsWhatAnotherImplementationSays) {
  EXPECT_EQ(sign("s3cr3t", 1'700'000'000, R"({"a":1})"),
            "t=1700000000,v1=8dbbbbf4523b10bbb793e74d854144c45acccc2d233667b1c06b805b6ded8a84");
}

TEST_F(WebhookSending, SendsWhatFailedAgainAsItWas) {
  ToldSegment vip(asked_.store(), 9, {0, 1});
  const std::vector<std::string> answers = {"500 Oops", "", "302 Found\r\nLocation: /other",
                                            "100 Continue\r\n\r\nHTTP/1.1 204 Nothing"};
  HookReceiver receiver([&](std::size_t index) {
    if (index == 0) vip.enter(2);  // What comes meanwhile is of the next delivery.
    return index < answers.size() ? answers[index] : HookReceiver::kOk;
  });
  put(receiver.url());
  start();
  wait_until_told(vip);
  const auto calls = receiver.wait_for(5);
  ASSERT_EQ(calls.size(), 5u);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(calls[i].body, calls[0].body) << i;
  EXPECT_THAT(told({calls[4]}), ElementsAre("+c2"));
  EXPECT_THAT(calls[4].body, HasSubstr("\"restart\":false"));
  EXPECT_EQ(delivery().failing_since, std::nullopt);
  EXPECT_EQ(board_.find("vip", delivery().revision).last_error, "");
}

TEST_F(WebhookSending, AFailedDeliveryIsTheSameAfterARestart) {
  options_.retry_first = options_.retry_longest = milliseconds(3'600'000);
  ToldSegment vip(asked_.store(), 9, {0, 1});
  HookReceiver receiver([](std::size_t index) { return index == 0 ? "500 Oops" : "200 OK"; });
  put(receiver.url());
  start();
  wait_until([&] { return delivery().failing_since.has_value(); });
  sender_.reset();
  vip.enter(2);
  start();
  wait_until_told(vip);
  const auto calls = receiver.calls();
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].header("X-Grapevine-Delivery"), calls[1].header("X-Grapevine-Delivery"));
  EXPECT_EQ(calls[0].body, calls[1].body);
  EXPECT_THAT(told(calls), ElementsAre("+c0", "+c1", "+c0", "+c1", "+c2"));
}

TEST_F(WebhookSending, WhatWasBeingSentAtAStopIsSentAgainAsItWas) {
  ToldSegment vip(asked_.store(), 9, {0, 1});
  HookReceiver receiver([](std::size_t index) { return index == 0 ? "never" : "200 OK"; });
  put(receiver.url());
  start();
  receiver.wait_for(1);
  sender_.reset();
  vip.enter(2);
  start();
  wait_until_told(vip);
  const auto calls = receiver.calls();
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].header("X-Grapevine-Delivery"), calls[1].header("X-Grapevine-Delivery"));
}

TEST_F(WebhookSending, TellsThatSomebodyWhoLeftWasErased) {
  ToldSegment vip(asked_.store(), 9, {0, 1});
  HookReceiver receiver;
  put(receiver.url());
  start();
  wait_until_told(vip);
  ASSERT_TRUE(asked_.store().erase("c1", 100).ok());
  vip.leave_identity(1);
  const auto calls = receiver.wait_for(2);
  EXPECT_THAT(calls[1].body, HasSubstr(R"("changes":[],"withheld":{"consent":0,"restricted":0,)"
                                       R"("holdout":0,"erased":1})"));
}

TEST_F(WebhookSending, SaysWhatFailsAndWhenItIsTriedAgain) {
  options_.retry_first = options_.retry_longest = milliseconds(3'600'000);
  ToldSegment vip(asked_.store(), 9, {0});
  HookReceiver receiver([](std::size_t) { return "503 Busy"; });
  put(receiver.url());
  start();
  wait_until([&] { return delivery().failing_since.has_value(); });
  wait_until([&] { return board_.find("vip", delivery().revision).next_try.has_value(); });
  const WebhookTry last = board_.find("vip", delivery().revision);
  EXPECT_EQ(last.last_error, "answered 503");
  EXPECT_GE(*last.next_try - last.last_error_at, 1'800'000);
  EXPECT_LE(*last.next_try - last.last_error_at, 3'600'000);
  EXPECT_EQ(delivery().dead, "");
}

TEST_F(WebhookSending, ASlowReceiverHoldsNobody) {
  options_.deliveries_max = 2;
  options_.timeout = milliseconds(60'000);
  ToldSegment slow(asked_.store(), 3, {0}, {"slow", ""});
  ToldSegment vip(asked_.store(), 3, {0});
  HookReceiver never([](std::size_t) { return "never"; });
  HookReceiver quick;
  put(never.url(), 500, "slow");
  start();
  never.wait_for(1);
  put(quick.url());
  for (int i = 0; i < 5; ++i) {
    vip.enter(1);
    vip.leave(1);
    wait_until_told(vip);
  }
  EXPECT_EQ(told(quick.calls()).size(), 11u);
  EXPECT_EQ(never.calls().size(), 1u);
  sender_.reset();  // Ends at once, although one is not answered.
}

TEST_F(WebhookSending, OneThatDoesNotAnswerInTimeHasFailed) {
  options_.timeout = milliseconds(20);
  ToldSegment vip(asked_.store(), 3, {0});
  HookReceiver receiver([](std::size_t index) { return index == 0 ? "never" : "200 OK"; });
  put(receiver.url());
  start();
  wait_until_told(vip);
  EXPECT_EQ(receiver.calls().size(), 2u);
}

TEST_F(WebhookSending, OneThatIsGoneIsDeadAtOnceAndRevivedByPut) {
  ToldSegment vip(asked_.store(), 3, {0});
  HookReceiver receiver([](std::size_t index) { return index == 0 ? "410 Gone" : "200 OK"; });
  put(receiver.url());
  start();
  wait_until([&] { return !delivery().dead.empty(); });
  EXPECT_EQ(delivery().dead, "answered 410");
  sender_.reset();
  start();  // Not forgotten by a restart.
  vip.enter(1);
  put(receiver.url());
  wait_until_told(vip);
  EXPECT_THAT(told(receiver.calls()), ElementsAre("+c0", "+c0", "+c1"));
}

TEST_F(WebhookSending, OneThatFailsForTooLongIsDead) {
  options_.dead_after = milliseconds(30);
  ToldSegment vip(asked_.store(), 3, {0});
  HookReceiver receiver([](std::size_t) { return "500 Oops"; });
  put(receiver.url());
  start();
  wait_until([&] { return !delivery().dead.empty(); });
  EXPECT_GE(receiver.calls().size(), 2u) << "it was tried again before";
}

TEST_F(WebhookSending, ANameDoesNotLeadInside) {
  sender_.reset();
  WebhookBoard strict{{}};
  ToldSegment vip(asked_.store(), 3, {0});
  HookReceiver receiver;
  std::string url = receiver.url();
  url.replace(url.find("127.0.0.1"), 9, "localhost");
  put(url);
  {
    WebhookSender sender(asked_.store(), nullptr, strict, nullptr, options_);
    wait_until([&] { return delivery().failing_since.has_value(); });
  }
  EXPECT_EQ(strict.find("vip", delivery().revision).last_error, "the host has no public address");
  EXPECT_TRUE(receiver.calls().empty());
}

TEST_F(WebhookSending, WhoIsKeptBackMovesItOnWithoutADelivery) {
  ToldSegment vip(asked_.store(), 3, {});
  HookReceiver receiver;
  put(receiver.url());
  vip.enter(0);
  ASSERT_TRUE(asked_.store().erase("c0", 100).ok());
  start();
  wait_until_told(vip);
  EXPECT_TRUE(receiver.calls().empty());
}

TEST_F(WebhookSending, BeginsAnewWhereItsPlaceIsKeptNoLonger) {
  ToldSegment vip(asked_.store(), 3, {0});
  HookReceiver receiver;
  put(receiver.url());
  start();
  wait_until_told(vip);
  sender_.reset();
  ASSERT_TRUE(asked_.store().put_document(kSegmentDocuments, "vip", "").ok());
  ToldSegment again(asked_.store(), 3, {1, 2});
  start();
  wait_until([&] {
    const auto noted = delivery();
    return noted.position && noted.position->stream == again.stream().number;
  });
  const auto calls = receiver.wait_for(2);
  EXPECT_THAT(calls[1].body, HasSubstr("\"restart\":true"));
  EXPECT_THAT(told({calls[1]}), ElementsAre("+c1", "+c2"));
}

TEST_F(WebhookSending, WaitsUntilThereIsAStream) {
  HookReceiver receiver;
  ASSERT_TRUE(asked_.store().put_document(kSegmentDocuments, "vip", "{}").ok());
  put(receiver.url());
  start();
  ToldSegment vip(asked_.store(), 3, {0});
  wait_until_told(vip);
  EXPECT_THAT(told(receiver.calls()), ElementsAre("+c0"));
}

}  // namespace
}  // namespace grapevine

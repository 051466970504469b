// What a webhook may be, and how it is kept.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/parse/webhook_url.hpp"
#include "api/plan/webhook_document.hpp"
#include "tests/api/asked.hpp"
#include "tests/api/told_segment.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ToldSegment;

TEST(WebhookUrls, AreTakenApart) {
  const auto url = parse_webhook_url("https://Hooks.example.com:8443/a%20b?c=d");
  ASSERT_TRUE(url.ok());
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "Hooks.example.com");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->authority, "Hooks.example.com:8443");
  EXPECT_EQ(url->target, "/a%20b?c=d");
  EXPECT_EQ(parse_webhook_url("http://[2001:db8::1]?x")->host, "2001:db8::1");
  EXPECT_EQ(parse_webhook_url("http://[2001:db8::1]?x")->target, "/?x");
  EXPECT_EQ(parse_webhook_url("http://a")->port, "80");
}

TEST(WebhookUrls, OthersAreRefused) {
  for (const char* text :
       {"", "example.com", "/hook", "ftp://example.com/", "file:///etc/passwd", "http://",
        "http:///x", "http://user@example.com/", "http://u:p@example.com/", "http://example.com/#f",
        "http://example.com:0/", "http://example.com:65536/", "http://exa mple.com/",
        "http://example.com/\r\nX: y", "javascript:alert(1)", "http://a%00b/"}) {
    EXPECT_FALSE(parse_webhook_url(text).ok()) << text;
  }
  EXPECT_FALSE(parse_webhook_url("http://a/" + std::string(3000, 'x')).ok());
}

TEST(WebhookUrls, KnowWhatIsPublic) {
  for (const char* address :
       {"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1",
        "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"}) {
    EXPECT_EQ(reach_of(address), AddressReach::Public) << address;
  }
  for (const char* address : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(reach_of(address), AddressReach::Loopback) << address;
  }
  for (const char* address : {"0.0.0.0",
                              "10.0.0.1",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "198.18.0.1",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::",
                              "fe80::1",
                              "fc00::1",
                              "fd12::1",
                              "ff02::1",
                              "2001:db8::1",
                              "::ffff:10.0.0.1",
                              "64:ff9b::10.0.0.1",
                              "2002:a00:1::1",
                              "2001::1",
                              "localhost",
                              "8.8.8",
                              "0x7f.1"}) {
    EXPECT_EQ(reach_of(address), AddressReach::Private) << address;
  }
}

class Webhooks : public ::testing::Test {
 protected:
  Response put(const std::string& body) { return asked_.ask("PUT", kPath, body); }

  static constexpr char kPath[] = "/v1/segments/vip/webhook";
  AskedStore asked_;
  ToldSegment vip_{asked_.store(), 5, {0, 1}};
};

TEST_F(Webhooks, AreShownWithoutTheirSecret) {
  const Response put_answer =
      put(R"({"url": "https://example.com/hook", "secret": "s3cr3t", "batch": 7})");
  EXPECT_EQ(put_answer.status, 200) << put_answer.body;
  const Response got = asked_.ask("GET", kPath);
  EXPECT_EQ(got.status, 200);
  for (const std::string& body : {put_answer.body, got.body}) {
    EXPECT_THAT(body, HasSubstr(R"("url":"https://example.com/hook","batch":7,"state":"active")"));
    EXPECT_THAT(body, HasSubstr(R"("waiting":2)"));
    EXPECT_THAT(body, Not(HasSubstr("s3cr3t")));
  }
  EXPECT_EQ(asked_.ask("DELETE", kPath).status, 204);
  EXPECT_EQ(asked_.ask("GET", kPath).status, 404);
  EXPECT_EQ(asked_.ask("DELETE", kPath).status, 404);
}

TEST_F(Webhooks, SayAllThatIsWrongAtOnce) {
  const Response answer = put(
      R"({"url": "http://169.254.169.254/latest", "batch": 0, "holdout": 2, "campaign": "x", "x": 1})");
  EXPECT_EQ(answer.status, 422);
  for (const char* pointer : {"/url", "/secret", "/batch", "/holdout", "/x"}) {
    EXPECT_THAT(answer.body, HasSubstr("\"pointer\":\"" + std::string(pointer) + "\""));
  }
  EXPECT_EQ(put("[]").status, 400);
  EXPECT_EQ(put(R"({"url": "http://a/", "secret": ""})").status, 422);
  EXPECT_EQ(put(R"({"url": "http://a/", "secret": "s", "consent": "emial"})").status, 422);
  EXPECT_EQ(put(std::string(20'000, ' ')).status, 413);
  EXPECT_EQ(
      asked_.ask("PUT", "/v1/segments/nobody/webhook", R"({"url": "http://a/", "secret": "s"})")
          .status,
      404);
}

TEST_F(Webhooks, GoWithTheirSegment) {
  ASSERT_EQ(put(R"({"url": "http://a/", "secret": "s"})").status, 200);
  const WebhookDocument webhook = *find_webhook(*asked_.store().snapshot(), "vip");
  DeliveryDocument delivery;
  delivery.revision = webhook.revision;
  ASSERT_TRUE(asked_.store()
                  .put_document(kDeliveryDocuments, "vip", write_delivery_document(delivery))
                  .ok());
  EXPECT_EQ(asked_.ask("DELETE", "/v1/segments/vip").status, 204);
  EXPECT_TRUE(asked_.store().snapshot()->documents().empty());
}

TEST_F(Webhooks, ThatArePutAgainGoOnUnlessTheReceiverIsAnother) {
  const std::string first = R"({"url": "http://a/", "secret": "s"})";
  ASSERT_EQ(put(first).status, 200);
  WebhookDocument webhook = *find_webhook(*asked_.store().snapshot(), "vip");
  EXPECT_EQ(webhook.begin, std::nullopt);
  const ChangeCursor position{vip_.stream().number, 0, 1};
  DeliveryDocument delivery{webhook.revision, position, false, 5, 6, 4, "answered 500"};
  const std::string document = write_delivery_document(delivery);
  ASSERT_TRUE(asked_.store().put_document(kDeliveryDocuments, "vip", document).ok());
  EXPECT_THAT(asked_.ask("GET", kPath).body, HasSubstr(R"("state":"dead")"));

  const Response revived = put(R"({"url": "http://a/", "secret": "another", "batch": 9})");
  EXPECT_THAT(revived.body, HasSubstr(R"("state":"active")"));
  webhook = *find_webhook(*asked_.store().snapshot(), "vip");
  EXPECT_EQ(webhook.begin, position);
  EXPECT_FALSE(find_delivery(*asked_.store().snapshot(), "vip", webhook).restart);

  ASSERT_EQ(put(R"({"url": "http://b/", "secret": "s"})").status, 200);
  webhook = *find_webhook(*asked_.store().snapshot(), "vip");
  EXPECT_EQ(webhook.begin, std::nullopt);
  EXPECT_TRUE(find_delivery(*asked_.store().snapshot(), "vip", webhook).restart);
}

}  // namespace
}  // namespace grapevine

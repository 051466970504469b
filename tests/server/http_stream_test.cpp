// Answers that go on while something happens.

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/http_peer.hpp"
#include "tests/server/test_server.hpp"

namespace grapevine {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

class HttpStream : public TestServer {
 protected:
  std::string metrics() { return HttpPeer(port()).ask(http("GET /metrics"))->body; }
};

TEST_F(HttpStream, ComesInChunksAsThingsHappen) {
  start();
  HttpPeer peer(port());
  const auto head = peer.ask(http("GET /stream"));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(head->headers.count("content-length"), 0u);
  EXPECT_EQ(head->headers.count("x-request-id"), 1u);
  EXPECT_EQ(peer.read_chunk(), "first ");
  state_.streams_waiting.wait_for(1);
  state_.say("second ");
  EXPECT_EQ(peer.read_chunk(), "second ");
  state_.streams_waiting.wait_for(2);
  state_.say("third ");
  state_.say("fourth");
  EXPECT_EQ(peer.read_chunk(), "third ");
  EXPECT_EQ(peer.read_chunk(), "fourth");
  state_.end_stream(true);
  EXPECT_EQ(peer.read_chunk(), "");
  EXPECT_EQ(peer.ask(http("GET /hello"))->body, "hello") << "the connection may go on";
}

TEST_F(HttpStream, HoldsNoWorkerWhileItWaits) {
  Limits limits;
  limits.query_threads = 1;
  start(limits);
  std::vector<std::unique_ptr<HttpPeer>> followers;
  for (std::size_t i = 1; i <= 20; ++i) {
    followers.push_back(std::make_unique<HttpPeer>(port()));
    ASSERT_TRUE(followers.back()->ask(http("GET /stream")));
    state_.streams_waiting.wait_for(i);
  }
  EXPECT_EQ(HttpPeer(port()).ask(http("GET /hello"))->body, "hello");
  EXPECT_THAT(metrics(), HasSubstr("grapevine_streams 20\n"));
}

TEST_F(HttpStream, AHangUpFreesIt) {
  start();
  HttpPeer peer(port());
  ASSERT_TRUE(peer.ask(http("GET /stream")));
  state_.streams_waiting.wait_for(1);
  peer.close();
  state_.streams_gone.wait_for(1);
}

TEST_F(HttpStream, OneTooManyIsToldSo) {
  Limits limits;
  limits.streams_max = 1;
  start(limits);
  HttpPeer first(port());
  ASSERT_TRUE(first.ask(http("GET /stream")));
  state_.streams_waiting.wait_for(1);
  HttpPeer second(port());
  const auto refused = second.ask(http("GET /stream"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_NE(refused->body.find("1 streams are open already"), std::string::npos) << refused->body;
  EXPECT_EQ(refused->headers.count("retry-after"), 1u);
  EXPECT_EQ(second.ask(http("GET /hello"))->status, 200);
  state_.end_stream(true);
  EXPECT_EQ(first.read_chunk(), "first ");
  EXPECT_EQ(first.read_chunk(), "");
  // The place is free again, a moment after the last chunk was sent.
  int status = 0;
  for (int tries = 0; tries < 100'000 && status != 200; ++tries) {
    status = second.ask(http("GET /stream"))->status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(HttpStream, StoppingEndsItWell) {
  start();
  HttpPeer peer(port());
  ASSERT_TRUE(peer.ask(http("GET /stream")));
  EXPECT_EQ(peer.read_chunk(), "first ");
  state_.streams_waiting.wait_for(1);
  server_->stop();
  EXPECT_EQ(peer.read_chunk(), "") << "the last chunk says that the body is whole";
  EXPECT_TRUE(peer.closed());
}

TEST_F(HttpStream, AFailureCutsItOff) {
  start();
  HttpPeer peer(port());
  ASSERT_TRUE(peer.ask(http("GET /stream")));
  EXPECT_EQ(peer.read_chunk(), "first ");
  state_.streams_waiting.wait_for(1);
  state_.end_stream(false);
  EXPECT_EQ(peer.read_chunk(), std::nullopt);
  state_.streams_gone.wait_for(1);
  server_.reset();
  EXPECT_THAT(log(), HasSubstr("the source broke"));
}

TEST_F(HttpStream, WhoDoesNotReadIsLetGo) {
  Limits limits;
  limits.write_timeout = milliseconds(30);
  start(limits);
  HttpPeer peer(port());
  ASSERT_TRUE(peer.ask(http("GET /stream")));
  for (int i = 0; i < 100; ++i) state_.say(std::string(kMiB, 'x'));
  state_.streams_gone.wait_for(1);
}

TEST_F(HttpStream, HeadSaysWhatGetWould) {
  start();
  HttpPeer peer(port());
  const auto head = peer.ask(http("HEAD /stream"), true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->headers.at("transfer-encoding"), "chunked");
  state_.streams_gone.wait_for(1);
  EXPECT_EQ(peer.ask(http("GET /hello"))->body, "hello");
}

TEST_F(HttpStream, AnOldClientReadsToTheEndOfTheConnection) {
  start();
  HttpPeer peer(port());
  peer.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  state_.streams_waiting.wait_for(1);
  state_.say("second");
  state_.end_stream(true);
  const std::string answer = peer.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("chunked")));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nfirst second"));
}

TEST_F(HttpStream, IsLoggedWithAllItsBytesWhenItEnds) {
  start();
  HttpPeer peer(port());
  ASSERT_TRUE(peer.ask(http("GET /stream")));
  state_.end_stream(true);
  EXPECT_EQ(peer.read_chunk(), "first ");
  EXPECT_EQ(peer.read_chunk(), "");
  server_.reset();
  EXPECT_THAT(log(), HasSubstr("\"operation\":\"stream\""));
}

}  // namespace
}  // namespace grapevine

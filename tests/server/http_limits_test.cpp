#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http/compressor.hpp"
#include "tests/server/http_peer.hpp"
#include "tests/server/test_server.hpp"

namespace grapevine {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class HttpLimits : public TestServer {};

TEST_F(HttpLimits, HeadersMayBeSoLong) {
  Limits limits;
  limits.header_bytes_max = 4 * kKiB;
  start(limits);
  const std::string line = "X-A: " + std::string(1000, 'a') + "\r\n";
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("GET /hello", line + line + line))->status, 200);
  const auto refused = peer.ask(http("GET /hello", line + line + line + line + line));
  EXPECT_EQ(refused->status, 431);
  EXPECT_THAT(refused->body, HasSubstr(R"("status":431)"));
  peer.close_sending();
  EXPECT_TRUE(peer.closed());
}

TEST_F(HttpLimits, HeadersThatNeverEndAreCutShort) {
  start();
  for (const std::string& part : {std::string("X-A: b\r\n"), std::string(64, 'a')}) {
    HttpPeer peer(port());
    peer.send("GET /hello HTTP/1.1\r\n");
    for (std::size_t sent = 0; sent < 64 * kKiB; sent += part.size()) peer.send(part);
    const auto refused = peer.read();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 431);
  }
}

TEST_F(HttpLimits, TargetsMayBeSoLong) {
  start();
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("GET /show/" + std::string(8 * kKiB - 6, 'a')))->status, 200);
  EXPECT_EQ(peer.ask(http("GET /show/" + std::string(8 * kKiB - 5, 'a')))->status, 414);
}

TEST_F(HttpLimits, BodiesMayBeSoLarge) {
  Limits limits;
  limits.body_bytes_max = 10'000;
  start(limits);
  const std::string fits(10'000, 'a');
  const std::string more(10'001, 'a');
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("POST /echo", "", fits))->body, fits);
  EXPECT_EQ(peer.ask(http("POST /echo", chunked) + "2710\r\n" + fits + "\r\n0\r\n\r\n")->body,
            fits);
  EXPECT_EQ(peer.ask(http("POST /echo", "", more))->status, 413);
  HttpPeer other(port());
  EXPECT_EQ(other.ask(http("POST /echo", chunked) + "2711\r\n" + more + "\r\n0\r\n\r\n")->status,
            413);
}

TEST_F(HttpLimits, BodiesOfRowsMayBeLarger) {
  Limits limits;
  limits.body_bytes_max = 10'000;
  limits.large_body_bytes_max = 20'000;
  start(limits);
  const std::string fits(20'000, 'a');
  const std::string more(20'001, 'a');
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("POST /rows", "", fits))->body, fits);
  for (const ContentCoding coding :
       {ContentCoding::Gzip, ContentCoding::Zstd, ContentCoding::Lz4}) {
    const std::string header = "Content-Encoding: " + std::string(name_of(coding)) + "\r\n";
    EXPECT_EQ(peer.ask(http("POST /rows", header, compress(coding, fits)))->body, fits);
    EXPECT_EQ(peer.ask(http("POST /rows", header, compress(coding, more)))->status, 413);
  }
  EXPECT_EQ(peer.ask(http("POST /rows", "", more))->status, 413);
}

TEST_F(HttpLimits, ARefusedSenderCanStillReadTheAnswer) {
  start();
  HttpPeer peer(port());
  const std::string body(20 * kMiB, 'a');  // Sent to its end before listening, as most clients do.
  EXPECT_TRUE(peer.send(http("POST /echo", "", body)));
  const auto refused = peer.read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413);
  EXPECT_THAT(refused->body, HasSubstr("/problems/too-large"));
}

TEST_F(HttpLimits, ABodyMustNotGrowBeyondItWhenInflated) {
  start();
  HttpPeer peer(port());
  for (const ContentCoding coding : {ContentCoding::Gzip, ContentCoding::Zstd}) {
    const std::string header = "Content-Encoding: " + std::string(name_of(coding)) + "\r\n";
    const std::string fits(4 * kMiB, 'a');
    const std::string bomb = compress(coding, std::string(256 * kMiB, '\0'));
    EXPECT_EQ(peer.ask(http("POST /echo", header, compress(coding, fits)))->body, fits);
    const auto refused = peer.ask(http("POST /echo", header, bomb.substr(0, 4 * kMiB)));
    EXPECT_EQ(refused->status, 413);
  }
  EXPECT_EQ(peer.ask(http("GET /hello"))->status, 200);
}

TEST_F(HttpLimits, BodiesTogetherMayBeSoLarge) {
  Limits limits;
  limits.bodies_bytes_max = 4 * kMiB;
  start(limits);
  const std::string half(3 * kMiB, 'a');
  HttpPeer holder(port());
  holder.send(http("POST /slow", "", half));
  state_.gate.wait_for(1);
  HttpPeer peer(port());
  const auto refused = peer.ask(http("POST /echo", "", half));
  EXPECT_EQ(refused->status, 429);
  state_.gate.open();
  EXPECT_EQ(holder.read()->status, 200);
}

TEST_F(HttpLimits, ASlowRequestIsEnded) {
  Limits limits;
  limits.request_timeout = milliseconds(30);
  start(limits);
  for (const std::string& begun :
       {std::string("GET /hello HT"), http("POST /echo", "Content-Length: 9\r\n")}) {
    HttpPeer peer(port());
    const auto ended = peer.ask(begun);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 408);
    EXPECT_THAT(ended->body, HasSubstr("/problems/timeout"));
  }
}

TEST_F(HttpLimits, AnIdleConnectionIsClosed) {
  Limits limits;
  limits.idle_timeout = milliseconds(30);
  start(limits);
  HttpPeer silent(port());
  EXPECT_TRUE(silent.closed());
  HttpPeer used(port());
  EXPECT_EQ(used.ask(http("GET /hello"))->status, 200);
  EXPECT_TRUE(used.closed());
}

TEST_F(HttpLimits, AClientMustTakeItsAnswer) {
  Limits limits;
  limits.write_timeout = milliseconds(50);
  start(limits);
  HttpPeer peer(port());
  peer.send(http("GET /big?bytes=50000000"));
  HttpPeer other(port());  // Waits for the first to be given up: nothing is in flight but this.
  std::string metrics;
  do {
    metrics = other.ask(http("GET /metrics"))->body;
  } while (metrics.find("grapevine_connections 1\n") == std::string::npos);
}

TEST_F(HttpLimits, LongComputingIsStopped) {
  Limits limits;
  limits.compute_timeout = milliseconds(30);
  start(limits);
  HttpPeer peer(port());
  const auto answer = peer.ask(http("GET /slow"));
  EXPECT_EQ(answer->status, 503);
  EXPECT_THAT(answer->body, HasSubstr("/problems/timeout"));
  EXPECT_EQ(answer->headers.count("retry-after"), 1U);
  EXPECT_EQ(peer.ask(http("GET /hello"))->status, 200);  // The connection goes on.
}

TEST_F(HttpLimits, ConnectionsMayBeSoMany) {
  Limits limits;
  limits.connections_max = 2;
  start(limits);
  HttpPeer first(port());
  HttpPeer second(port());
  EXPECT_EQ(first.ask(http("GET /hello"))->status, 200);
  EXPECT_EQ(second.ask(http("GET /hello"))->status, 200);
  HttpPeer third(port());
  const auto refused = third.read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_TRUE(third.closed());
}

// One runs, one waits, the others are told to come back.
class WorkMayWaitSoLong : public HttpLimits,
                          public testing::WithParamInterface<std::pair<const char*, int>> {};

TEST_P(WorkMayWaitSoLong, ThenItIsRefused) {
  Limits limits;
  limits.query_threads = limits.collect_threads = 1;
  limits.query_queue_max = limits.collect_queue_max = 1;
  start(limits);
  const auto [method, status] = GetParam();
  const std::string request = http(std::string(method) + " /slow");
  HttpPeer runs(port());
  runs.send(request);
  state_.gate.wait_for(1);
  constexpr int kOthers = 4;
  std::atomic<int> refused{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> others;
  for (int i = 0; i < kOthers; ++i) {  // Which of them waits depends on who comes first.
    others.emplace_back([&, expected = status] {
      HttpPeer peer(port());
      const auto answer = peer.ask(request);
      if (!answer) return;
      answered += answer->status == 200 ? 1 : 0;
      if (answer->status == expected && answer->headers.count("retry-after") == 1 &&
          ++refused == kOthers - 1) {
        // Light work goes on meanwhile.
        EXPECT_EQ(HttpPeer(port()).ask(http("GET /healthz"))->status, 200);
        state_.gate.open();
      }
    });
  }
  for (std::thread& other : others) other.join();
  EXPECT_EQ(refused, kOthers - 1);
  EXPECT_EQ(answered, 1);
  EXPECT_EQ(runs.read()->status, 200);
}

INSTANTIATE_TEST_SUITE_P(Kinds, WorkMayWaitSoLong,
                         testing::Values(std::pair("GET", 503), std::pair("POST", 429)),
                         [](const auto& test) { return std::string(test.param.first); });

}  // namespace
}  // namespace grapevine

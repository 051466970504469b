#include <atomic>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/http_peer.hpp"
#include "tests/server/test_server.hpp"

namespace grapevine {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class HttpLifecycle : public TestServer {};

TEST_F(HttpLifecycle, AHangUpStopsTheWork) {
  start();
  HttpPeer peer(port());
  peer.send(http("GET /slow"));
  state_.gate.wait_for(1);
  peer.close();
  state_.stopped.wait_for(1);
}

TEST_F(HttpLifecycle, AHangUpBehindAPipelinedRequestStopsTheWorkToo) {
  start();
  HttpPeer peer(port());
  peer.send(http("GET /slow") + http("GET /hello"));
  state_.gate.wait_for(1);
  peer.close();
  state_.stopped.wait_for(1);
}

TEST_F(HttpLifecycle, StoppingFinishesWhatIsInFlight) {
  start();
  HttpPeer busy(port());
  busy.send(http("GET /slow"));
  state_.gate.wait_for(1);
  HttpPeer idle(port());
  EXPECT_EQ(idle.ask(http("GET /hello"))->status, 200);
  std::thread stopper([this] { server_->stop(); });
  EXPECT_TRUE(idle.closed());  // Only once stopping has begun.
  state_.gate.open();
  const auto answer = busy.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "slow");
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_TRUE(busy.closed());
  stopper.join();
  EXPECT_FALSE(HttpPeer(port()).connected());
}

TEST_F(HttpLifecycle, StoppingDoesNotWaitForEver) {
  Limits limits;
  limits.drain_timeout = milliseconds(30);
  start(limits);
  HttpPeer slow(port());
  slow.send(http("GET /slow"));
  state_.gate.wait_for(1);
  HttpPeer half(port());
  half.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nab");
  HttpPeer upload(port());
  upload.send(http("POST /upload", "Content-Length: 5\r\n") + "ab");
  server_->stop();
  const auto answer = slow.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
}

TEST_F(HttpLifecycle, StoppingWhileClientsComeEndsWell) {
  for (int i = 0; i < 50; ++i) {
    start();
    std::atomic<bool> stopped = false;
    std::thread clients([&, port = port()] {
      while (!stopped) HttpPeer(port).ask(http("GET /hello"));
    });
    EXPECT_TRUE(HttpPeer(port()).ask(http("GET /hello")));
    server_.reset();
    stopped = true;
    clients.join();
  }
}

TEST_F(HttpLifecycle, ATakenPortIsAnError) {
  start();
  ServerOptions options;
  options.listen.port = port();
  const RouteTable table{test_handlers::kRoutes, test_handlers::find};
  Server second(std::move(options), table, services());
  const absl::Status started = second.start();
  EXPECT_EQ(started.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(started.message()), HasSubstr("cannot listen on 127.0.0.1"));
}

TEST_F(HttpLifecycle, ReadinessIsWhatTheDataSays) {
  ServerOptions options;
  options.listen.port = 0;
  options.log = [](std::string_view) {};
  options.ready = [] { return absl::UnavailableError("the log cannot be written"); };
  options.gauges.push_back({"grapevine_events", "Events stored.", [] { return 42.0; }});
  const RouteTable table{test_handlers::kRoutes, test_handlers::find};
  Server server(std::move(options), table, services());
  ASSERT_TRUE(server.start().ok());
  HttpPeer peer(server.port());
  const auto answer = peer.ask(http("GET /readyz"));
  EXPECT_EQ(answer->status, 503);
  EXPECT_THAT(answer->body, HasSubstr("the log cannot be written"));
  EXPECT_THAT(peer.ask(http("GET /metrics"))->body, HasSubstr("grapevine_events 42\n"));
}

}  // namespace
}  // namespace grapevine

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/http_peer.hpp"
#include "tests/server/test_server.hpp"

namespace grapevine {
namespace {

using testing::HasSubstr;
using testing::Not;

class HttpRequests : public TestServer {};

TEST_F(HttpRequests, KeepsAConnectionForMany) {
  start();
  HttpPeer peer(port());
  for (int i = 0; i < 100; ++i) {
    const auto answer = peer.ask(http("GET /hello"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->headers.at("connection"), "keep-alive");
    EXPECT_EQ(answer->headers.at("keep-alive"), "timeout=75");
  }
}

TEST_F(HttpRequests, ClosesWhereTheClientAsksForIt) {
  start();
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("GET /hello", "Connection: close\r\n"))->status, 200);
  EXPECT_TRUE(peer.closed());
  HttpPeer old(port());
  EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\n\r\n")->status, 200);
  EXPECT_TRUE(old.closed());
}

TEST_F(HttpRequests, AnswersPipelinedRequestsInOrder) {
  start();
  HttpPeer peer(port());
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    requests += http("POST /echo", "", "body " + std::to_string(i));
    requests += http("GET /show/" + std::to_string(i));
  }
  std::thread sender([&] { peer.send(requests); });
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(peer.read()->body, "body " + std::to_string(i));
    EXPECT_EQ(peer.read()->body, "/show/" + std::to_string(i));
  }
  sender.join();
}

TEST_F(HttpRequests, TakesARequestByteByByte) {
  start();
  const std::string plain = http("POST /echo", "", "abc");
  const std::string chunked = http("POST /echo", "Transfer-Encoding: chunked\r\n") +
                              "3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n";
  const std::string empty = http("POST /echo", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n";
  HttpPeer peer(port());
  for (const std::string& request : {plain, chunked, empty}) {
    for (const char byte : request) peer.send(std::string_view(&byte, 1));
    const auto answer = peer.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
  }
  EXPECT_EQ(peer.ask(chunked)->body, "abcde");
  EXPECT_EQ(peer.ask(empty)->body, "");
}

TEST_F(HttpRequests, IgnoresEmptyLinesBeforeARequest) {
  start();
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask("\r\n\r\n" + http("GET /hello"))->status, 200);
}

TEST_F(HttpRequests, TellsAWaitingClientToGoOn) {
  start();
  HttpPeer peer(port());
  const auto go_on = peer.ask(http("POST /echo", "Expect: 100-continue\r\nContent-Length: 3\r\n"));
  EXPECT_EQ(go_on->status, 100);
  EXPECT_EQ(peer.ask("abc")->body, "abc");
}

TEST_F(HttpRequests, RefusesBeforeAWaitingClientSends) {
  start();
  HttpPeer peer(port());
  const auto refused =
      peer.ask(http("POST /nothing", "Expect: 100-continue\r\nContent-Length: 3\r\n"));
  EXPECT_EQ(refused->status, 404);
  EXPECT_EQ(refused->headers.at("connection"), "close");
}

TEST_F(HttpRequests, DecodesPathAndQuery) {
  start();
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("GET /show/a%20b?x=1+2&y=%ED%95%9C&x=&z"))->body,
            "/show/a b x=1 2 y=\xED\x95\x9C x= z=");
  EXPECT_EQ(peer.ask(http("GET http://test/show/c?d=e"))->body, "/show/c d=e");
}

TEST_F(HttpRequests, AnswersHeadWithoutABody) {
  start();
  HttpPeer peer(port());
  const auto head = peer.ask(http("HEAD /hello"), true);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->headers.at("content-length"), "5");
  EXPECT_EQ(peer.ask(http("GET /hello"))->body, "hello");  // Nothing stood between.
}

TEST_F(HttpRequests, NamesTheMethodsOfAPath) {
  start();
  HttpPeer peer(port());
  const auto refused = peer.ask(http("DELETE /slow"));
  EXPECT_EQ(refused->status, 405);
  EXPECT_EQ(refused->headers.at("allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(refused->headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(peer.ask(http("POST /metrics"))->headers.at("allow"), "GET, HEAD, OPTIONS");
  const auto options = peer.ask(http("OPTIONS /hello", "Origin: http://shop.example\r\n"));
  EXPECT_EQ(options->status, 204);
  EXPECT_EQ(options->headers.at("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(options->headers.count("access-control-allow-origin"), 0U);
  EXPECT_EQ(peer.ask(http("OPTIONS *"))->status, 204);
}

TEST_F(HttpRequests, LetsPagesOfOtherOriginsCollect) {
  start();
  HttpPeer peer(port());
  const auto preflight = peer.ask(http("OPTIONS /v1/track",
                                       "Origin: http://shop.example\r\n"
                                       "Access-Control-Request-Method: POST\r\n"
                                       "Access-Control-Request-Headers: x-own\r\n"));
  EXPECT_EQ(preflight->status, 204);
  EXPECT_EQ(preflight->headers.at("access-control-allow-origin"), "http://shop.example");
  EXPECT_EQ(preflight->headers.at("access-control-allow-methods"), "POST, OPTIONS");
  EXPECT_EQ(preflight->headers.at("access-control-allow-headers"), "x-own");
  EXPECT_EQ(preflight->headers.at("access-control-max-age"), "86400");
  const auto posted = peer.ask(http("POST /v1/track", "Origin: http://shop.example\r\n", "{}"));
  EXPECT_EQ(posted->headers.at("access-control-allow-origin"), "http://shop.example");
  EXPECT_EQ(peer.ask(http("POST /v1/track", "", "{}"))->headers.at("access-control-allow-origin"),
            "*");
}

TEST_F(HttpRequests, HidesWhatWentWrongInside) {
  start();
  HttpPeer peer(port());
  const auto answer = peer.ask(http("GET /fail"));
  EXPECT_EQ(answer->status, 500);
  EXPECT_THAT(answer->body, Not(HasSubstr("secret")));
  EXPECT_EQ(peer.ask(http("GET /hello"))->status, 200);
  server_->stop();
  server_.reset();
  EXPECT_THAT(log(), HasSubstr("secret"));
}

TEST_F(HttpRequests, KeepsLineBreaksOutOfHeaders) {
  start();
  HttpPeer peer(port());
  const auto answer = peer.ask(http("GET /inject"));
  EXPECT_EQ(answer->headers.count("x-evil"), 0U);
  EXPECT_EQ(answer->headers.at("x-name"), "a  X-Evil: b");
}

TEST_F(HttpRequests, LogsOperationsButNoPersonalData) {
  start();
  HttpPeer peer(port());
  const auto answer = peer.ask(http("GET /show/jane@shop.example?email=jane@shop.example"));
  EXPECT_EQ(answer->status, 200);
  peer.ask("JANE /show/jane HTTP/1.1\r\nHost: jane\r\n\r\n");
  const std::string id = answer->headers.at("x-request-id");
  server_.reset();
  EXPECT_THAT(log(), HasSubstr(R"("method":"GET","operation":"show","status":200)"));
  EXPECT_THAT(log(), HasSubstr(R"("request_id":")" + id + '"'));
  EXPECT_THAT(log(), HasSubstr(R"("method":"other","operation":"unmatched","status":405)"));
  EXPECT_THAT(log(), Not(HasSubstr("jane")));
  EXPECT_THAT(log(), Not(HasSubstr("JANE")));
}

TEST_F(HttpRequests, OperatingEndpointsSayHowItIs) {
  start();
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("GET /healthz"))->status, 200);
  EXPECT_EQ(peer.ask(http("GET /readyz"))->status, 200);
  peer.ask(http("GET /hello"));
  const auto metrics = peer.ask(http("GET /metrics"));
  for (const char* line : {"grapevine_requests_total{operation=\"hello\",status=\"2xx\"} 1",
                           "grapevine_request_seconds_count{operation=\"hello\"} 1",
                           "grapevine_connections 1", "grapevine_requests_in_flight 1",
                           "process_resident_memory_bytes ", "process_start_time_seconds "}) {
    EXPECT_THAT(metrics->body, HasSubstr(line));
  }
}

// Each is refused with a problem and the connection closed: what follows could be anything.
TEST_F(HttpRequests, RefusesWhatIsNoHttp) {
  start();
  const std::string host = "Host: test\r\n";
  const std::string cases[] = {
      "\x16\x03\x01\x02\r\n\r\n",  // A TLS handshake.
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET\r\n\r\n",
      "GET /hello\r\n\r\n",
      "GET /hello HTTP/3.0\r\n" + host + "\r\n",
      "GET /hello HTTP/1.1\n" + host + "\n\r\n\r\n",
      "GET  /hello HTTP/1.1\r\n" + host + "\r\n",
      "G(T /hello HTTP/1.1\r\n" + host + "\r\n",
      "GET /hello HTTP/1.1\r\n\r\n",
      "GET /hello HTTP/1.1\r\n" + host + host + "\r\n",
      "GET hello HTTP/1.1\r\n" + host + "\r\n",
      "GET /show/%zz HTTP/1.1\r\n" + host + "\r\n",
      "GET /show/%00 HTTP/1.1\r\n" + host + "\r\n",
      "GET /show/a?b=%00 HTTP/1.1\r\n" + host + "\r\n",
      "GET /show/a?b=%f HTTP/1.1\r\n" + host + "\r\n",
      std::string("GET /show/\0 HTTP/1.1\r\n", 23) + host + "\r\n",
      "GET /show/\xED\x95\x9C HTTP/1.1\r\n" + host + "\r\n",
      "GET /hello HTTP/1.1\r\n" + host + "No colon\r\n\r\n",
      "GET /hello HTTP/1.1\r\n" + host + "Space : x\r\n\r\n",
      std::string("GET /hello HTTP/1.1\r\nX: a\0b\r\n", 30) + host + "\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1x\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host +
          "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n\r\n",
      "POST /echo HTTP/1.1\r\n" + host +
          "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n\r\n",
  };
  for (const std::string& request : cases) {
    SCOPED_TRACE(request);
    HttpPeer peer(port());
    const auto answer = peer.ask(request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
    EXPECT_EQ(answer->headers.at("content-type"), "application/problem+json");
    EXPECT_THAT(answer->body, HasSubstr("/problems/malformed"));
    EXPECT_EQ(answer->headers.at("connection"), "close");
    peer.close_sending();
    EXPECT_TRUE(peer.closed());
  }
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("GET /hello"))->status, 200);
}

TEST_F(HttpRequests, TellsThatABodyIsCutOff) {
  start();
  for (const std::string& request :
       {http("POST /echo", "Content-Length: 10\r\n") + "abc",
        http("POST /echo", "Transfer-Encoding: chunked\r\n") + "a\r\nabc"}) {
    HttpPeer peer(port());
    peer.send(request);
    peer.close_sending();
    const auto answer = peer.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
  }
}

TEST_F(HttpRequests, AnswersTenThousandFrom32Connections) {
  start();
  constexpr int kConnections = 32;
  constexpr int kRequests = 10'000;
  std::atomic<int> next{0};
  std::atomic<int> right{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kConnections; ++c) {
    clients.emplace_back([&] {
      HttpPeer peer(port());
      for (int i = next++; i < kRequests; i = next++) {
        const std::string body = "event " + std::to_string(i);
        const auto answer = peer.ask(http("POST /v1/track", "", body));
        if (answer && answer->status == 200 && answer->body == body) ++right;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, kRequests);
}

}  // namespace
}  // namespace grapevine

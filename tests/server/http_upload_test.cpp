#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http/compressor.hpp"
#include "tests/server/http_peer.hpp"
#include "tests/server/test_server.hpp"

namespace grapevine {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr char kChunked[] = "Transfer-Encoding: chunked\r\n";

std::string chunk(std::string_view text) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return std::string(size).append(text).append("\r\n");
}

class HttpUpload : public TestServer {};

TEST_F(HttpUpload, TakesABodyOfAnySizeInPieces) {
  start();
  HttpPeer peer(port());
  peer.send(http("POST /upload", kChunked));
  const std::string part = chunk(std::string(1 * kMiB, 'a'));
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(peer.send(part));
  const auto answer = peer.ask("0\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, std::to_string(64 * kMiB));
  EXPECT_LE(state_.largest_piece, 1 * kMiB);
  EXPECT_EQ(peer.ask(http("GET /hello"))->status, 200);
}

TEST_F(HttpUpload, TakesAnEmptyBody) {
  start();
  HttpPeer peer(port());
  EXPECT_EQ(peer.ask(http("POST /upload", kChunked) + "0\r\n\r\n")->body, "0");
  EXPECT_EQ(peer.ask(http("POST /upload"))->body, "0");
}

TEST_F(HttpUpload, InflatesInBoundedPieces) {
  start();
  for (const ContentCoding coding : {ContentCoding::Gzip, ContentCoding::Zstd}) {
    state_.upload_bytes = 0;
    const std::string bomb = compress(coding, std::string(300 * kMiB, 'a'));
    ASSERT_LT(bomb.size(), 3 * kMiB);
    HttpPeer peer(port());
    const auto answer = peer.ask(
        http("POST /upload", "Content-Encoding: " + std::string(name_of(coding)) + "\r\n", bomb));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, std::to_string(300 * kMiB));
    EXPECT_LE(state_.largest_piece, 512 * kKiB);
  }
}

TEST_F(HttpUpload, RefusesWhatCannotBeInflated) {
  start();
  const std::string whole = compress(ContentCoding::Gzip, std::string(100'000, 'a'));
  const std::pair<std::string, int> cases[] = {
      {http("POST /upload", "Content-Encoding: gzip\r\n", whole.substr(0, whole.size() - 5)), 400},
      {http("POST /upload", "Content-Encoding: gzip\r\n", "no gzip"), 400},
      {http("POST /upload", "Content-Encoding: br\r\n", "x"), 415},
  };
  for (const auto& [request, status] : cases) {
    HttpPeer peer(port());
    const auto answer = peer.ask(request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
  }
}

// The reader stands still: the server takes what fills its pieces and the sockets' buffers, and no more.
TEST_F(HttpUpload, HoldsAFastSenderBack) {
  start();
  HttpPeer peer(port());
  peer.send(http("POST /upload?mode=gate", "Content-Length: 1000000000\r\n"));
  const std::string part(64 * kKiB, 'a');
  std::size_t sent = 0;
  for (; sent < 512 * kKiB; sent += part.size()) peer.send(part);
  state_.gate.wait_for(1);
  int refused_in_a_row = 0;
  while (sent < 1'000'000'000 && refused_in_a_row < 1000) {
    const std::size_t count = peer.send_now(
        std::string_view(part).substr(0, std::min(part.size(), 1'000'000'000 - sent)));
    sent += count;
    refused_in_a_row = count == 0 ? refused_in_a_row + 1 : 0;
    if (count == 0) std::this_thread::yield();
  }
  EXPECT_LT(sent, 64 * kMiB);
  state_.gate.open();
  while (sent < 1'000'000'000) {
    const std::size_t count = std::min<std::size_t>(part.size(), 1'000'000'000 - sent);
    ASSERT_TRUE(peer.send(std::string_view(part).substr(0, count)));
    sent += count;
  }
  EXPECT_EQ(peer.read()->body, "1000000000");
}

// One byte, and the body goes on: it is handed over when it has waited, not when a piece is full.
TEST_F(HttpUpload, HandsOverWhatComesSlowly) {
  Limits limits;
  limits.piece_wait = milliseconds(0);
  start(limits);
  HttpPeer peer(port());
  peer.send(http("POST /upload?mode=gate", kChunked) + chunk("a"));
  state_.gate.wait_for(1);
  state_.gate.open();
  EXPECT_EQ(peer.ask(chunk("b") + "0\r\n\r\n")->body, "2");
}

TEST_F(HttpUpload, AFailureIsAnsweredAtOnce) {
  start();
  HttpPeer peer(port());
  peer.send(http("POST /upload?mode=fail", kChunked));
  const std::string part = chunk(std::string(1 * kMiB, 'a'));
  peer.send(part);  // And pauses, with the body unfinished.
  const auto answer = peer.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 422);
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_TRUE(state_.upload_destroyed);
}

TEST_F(HttpUpload, ASenderThatLeavesEndsIt) {
  start();
  {
    HttpPeer peer(port());
    peer.send(http("POST /upload", kChunked) + chunk(std::string(1 * kMiB, 'a')));
  }
  while (!state_.upload_destroyed) std::this_thread::yield();
}

TEST_F(HttpUpload, ASilentSenderIsGivenUp) {
  Limits limits;
  limits.upload_idle_timeout = milliseconds(30);
  start(limits);
  HttpPeer peer(port());
  const auto answer = peer.ask(http("POST /upload", kChunked) + chunk("abc"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
}

TEST_F(HttpUpload, ADrippingSenderIsGivenUp) {
  Limits limits;
  limits.upload_rate_grace = milliseconds(30);
  limits.upload_bytes_per_second_min = 100 * kMiB;
  limits.linger_timeout = milliseconds(30);
  start(limits);
  HttpPeer peer(port());
  peer.send(http("POST /upload", kChunked));
  while (peer.send_now(chunk("abc")) > 0) std::this_thread::yield();
  const auto answer = peer.read();
  if (answer) {  // Else the socket broke under what was still sent.
    EXPECT_EQ(answer->status, 408);
  }
}

TEST_F(HttpUpload, UploadsMayBeSoMany) {
  Limits limits;
  limits.uploads_max = 1;
  start(limits);
  HttpPeer first(port());
  first.send(http("POST /upload?mode=gate", kChunked) + chunk(std::string(1 * kMiB, 'a')));
  state_.gate.wait_for(1);
  const auto refused = HttpPeer(port()).ask(http("POST /upload", kChunked));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 429);
  state_.gate.open();
  EXPECT_EQ(first.ask("0\r\n\r\n")->body, std::to_string(1 * kMiB));
  // The place is free before the answer is written.
  EXPECT_EQ(HttpPeer(port()).ask(http("POST /upload", "", "abc"))->status, 200);
}

}  // namespace
}  // namespace grapevine

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http/compressor.hpp"
#include "server/http/content_coding.hpp"
#include "tests/server/http_peer.hpp"
#include "tests/server/test_server.hpp"

namespace grapevine {
namespace {

constexpr ContentCoding kCodings[] = {ContentCoding::Gzip, ContentCoding::Zstd, ContentCoding::Lz4};

TEST(ContentCodings, ChoosesWhatIsLikedBest) {
  const std::pair<const char*, ContentCoding> cases[] = {
      {"", ContentCoding::Identity},
      {"gzip", ContentCoding::Gzip},
      {"GZIP", ContentCoding::Gzip},
      {"zstd", ContentCoding::Zstd},
      {"gzip, deflate, br", ContentCoding::Gzip},
      {"deflate, gzip, br, zstd", ContentCoding::Zstd},
      {"gzip;q=1.0, zstd;q=0.5", ContentCoding::Gzip},
      {"gzip ; q=0.2 , zstd ; q=0.3", ContentCoding::Zstd},
      {"gzip;q=0, zstd;q=0", ContentCoding::Identity},
      {"identity", ContentCoding::Identity},
      {"*", ContentCoding::Gzip},
      {"*;q=0", ContentCoding::Identity},
      {"gzip;q=0, *", ContentCoding::Identity},
      {",;,;q=,gzip;q=x", ContentCoding::Identity},
  };
  for (const auto& [header, expected] : cases) {
    EXPECT_EQ(choose_coding(header), expected) << header;
  }
}

TEST(ContentCodings, RoundTripInPiecesOfAnySize) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "row " + std::to_string(i * 7919 % 1000) + "\n";
  for (const ContentCoding coding : kCodings) {
    const std::string compressed = compress(coding, text);
    EXPECT_LT(compressed.size(), text.size() / 2);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
      Inflater inflater(coding, 1000);
      std::string inflated;
      const auto append = [&](std::span<const char> bytes) {
        inflated.append(bytes.data(), bytes.size());
        return absl::OkStatus();
      };
      for (std::size_t at = 0; at < compressed.size(); at += piece) {
        ASSERT_TRUE(inflater.feed(std::string_view(compressed).substr(at, piece), append).ok());
      }
      EXPECT_TRUE(inflater.finish().ok());
      EXPECT_EQ(inflated, text);
    }
  }
}

TEST(ContentCodings, SeveralMembersAreOneBody) {
  for (const ContentCoding coding : kCodings) {
    const std::string both =
        compress(coding, "first ") + compress(coding, "") + compress(coding, "last");
    EXPECT_EQ(inflate_all(coding, both, 100).value(), "first last");
  }
}

TEST(ContentCodings, WhatIsCutOffOrCorruptIsMalformed) {
  const std::string text(10'000, 'a');
  for (const ContentCoding coding : kCodings) {
    const std::string whole = compress(coding, text);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto inflated = inflate_all(coding, std::string_view(whole).substr(0, size), 20'000);
      ASSERT_FALSE(inflated.ok()) << size;
      EXPECT_EQ(to_response(inflated.status()).status, 400);
    }
    EXPECT_EQ(to_response(inflate_all(coding, whole + "x", 20'000).status()).status, 400);
    EXPECT_EQ(to_response(inflate_all(coding, "plain text", 20'000).status()).status, 400);
    EXPECT_TRUE(inflate_all(coding, whole, 10'000).ok());
    EXPECT_EQ(to_response(inflate_all(coding, whole, 9'999).status()).status, 413);
  }
}

class CompressedAnswers : public TestServer {};

TEST_F(CompressedAnswers, ComeToThoseWhoAcceptThem) {
  start();
  HttpPeer peer(port());
  const std::string plain = peer.ask(http("GET /big?bytes=5000000"))->body;
  for (const ContentCoding coding : kCodings) {
    const std::string accept = "Accept-Encoding: " + std::string(name_of(coding)) + "\r\n";
    const auto answer = peer.ask(http("GET /big?bytes=5000000", accept));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->headers.at("content-encoding"), name_of(coding));
    EXPECT_EQ(answer->headers.at("vary"), "Accept-Encoding");
    EXPECT_EQ(inflate_all(coding, answer->body, 10'000'000).value(), plain);
    EXPECT_EQ(peer.ask(http("GET /hello", accept))->headers.count("content-encoding"), 0U);
  }
}

TEST_F(CompressedAnswers, RequestsMayBeCompressedToo) {
  start();
  HttpPeer peer(port());
  for (const ContentCoding coding : kCodings) {
    const std::string header = "Content-Encoding: " + std::string(name_of(coding)) + "\r\n";
    const std::string body = compress(coding, "some text");
    EXPECT_EQ(peer.ask(http("POST /echo", header, body))->body, "some text");
    EXPECT_EQ(peer.ask(http("POST /echo", header, body.substr(0, body.size() - 1)))->status, 400);
  }
  EXPECT_EQ(peer.ask(http("POST /echo", "Content-Encoding: br\r\n", "x"))->status, 415);
  EXPECT_EQ(peer.ask(http("POST /echo", "Content-Encoding: identity\r\n", "x"))->body, "x");
}

class CompressedStreams : public TestServer {
 protected:
  // All that a compressed answer says, which begins with `answer`; none where it is cut off.
  static std::optional<std::string> inflated(HttpPeer& peer, ContentCoding coding) {
    std::string body;
    while (true) {
      const auto chunk = peer.read_chunk();
      if (!chunk) return std::nullopt;
      if (chunk->empty()) break;
      body += *chunk;
    }
    return inflate_all(coding, body, 100'000'000).value();
  }
};

TEST_F(CompressedStreams, SayAllThatTheirSourceSaysWhenItSaysIt) {
  start();
  for (const ContentCoding coding : kCodings) {
    HttpPeer peer(port());
    const auto head =
        peer.ask(http("GET /rows", "Accept-Encoding: " + std::string(name_of(coding)) + "\r\n"));
    ASSERT_TRUE(head);
    EXPECT_EQ(head->headers.at("content-encoding"), name_of(coding));
    EXPECT_EQ(head->headers.at("transfer-encoding"), "chunked");
    Inflater inflater(coding, 1000);
    std::string said;
    const auto listen_until = [&](const std::string& wanted) {
      while (said.size() < wanted.size()) {
        const auto chunk = peer.read_chunk();
        ASSERT_TRUE(chunk);
        ASSERT_TRUE(inflater
                        .feed(*chunk,
                              [&](std::span<const char> bytes) {
                                said.append(bytes.data(), bytes.size());
                                return absl::OkStatus();
                              })
                        .ok());
      }
      EXPECT_EQ(said, wanted);
    };
    listen_until("first ");
    state_.say("second ");
    listen_until("first second ");
    state_.say("third");
    listen_until("first second third");
    state_.end_stream(true);
    std::string rest;
    while (const auto chunk = peer.read_chunk()) {
      if (chunk->empty()) break;
      rest += *chunk;
    }
    EXPECT_TRUE(inflater.feed(rest, [](auto) { return absl::OkStatus(); }).ok());
    EXPECT_TRUE(inflater.finish().ok());
    state_.stream_ends = false;
  }
}

TEST_F(CompressedStreams, MayBeLong) {
  start();
  std::string expected = "first ";
  for (int i = 0; i < 20; ++i) {
    std::string piece;
    while (piece.size() < 300'000) piece += "row " + std::to_string(piece.size() * 7919 % 1000);
    expected += piece;
    state_.say(std::move(piece));
  }
  const auto says = state_.stream_says;
  state_.end_stream(true);
  for (const ContentCoding coding : kCodings) {
    state_.stream_says = says;
    HttpPeer peer(port());
    ASSERT_TRUE(
        peer.ask(http("GET /rows", "Accept-Encoding: " + std::string(name_of(coding)) + "\r\n")));
    EXPECT_EQ(inflated(peer, coding), expected);
  }
}

TEST_F(CompressedStreams, AreOnlyThoseThatAskForIt) {
  start();
  state_.end_stream(true);
  HttpPeer peer(port());
  const auto plain = peer.ask(http("GET /rows"));
  EXPECT_EQ(plain->headers.count("content-encoding"), 0u);
  EXPECT_EQ(peer.read_chunk(), "first ");
  EXPECT_EQ(peer.read_chunk(), "");
  const auto followed = peer.ask(http("GET /stream", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(followed->headers.count("content-encoding"), 0u) << "one that may wait for ever";
  EXPECT_EQ(peer.read_chunk(), "first ");
  EXPECT_EQ(peer.read_chunk(), "");
  const auto always = peer.ask(http("GET /rows?always=1"));
  EXPECT_EQ(always->headers.at("content-encoding"), "gzip");
  EXPECT_EQ(inflated(peer, ContentCoding::Gzip), "first ");
}

TEST_F(CompressedStreams, AreCutOffWhereTheirSourceFails) {
  start();
  HttpPeer peer(port());
  ASSERT_TRUE(peer.ask(http("GET /rows", "Accept-Encoding: zstd\r\n")));
  state_.end_stream(false);
  EXPECT_EQ(inflated(peer, ContentCoding::Zstd), std::nullopt);
}

}  // namespace
}  // namespace grapevine

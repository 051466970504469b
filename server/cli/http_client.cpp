#include "server/cli/http_client.hpp"

#include <array>
#include <cctype>
#include <cstdio>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <poll.h>

namespace grapevine {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 256 * 1024;

absl::Status broken(const std::string& what, const error_code& error) {
  return absl::UnavailableError(what + ": " + error.message());
}

template <typename Body>
ClientResponse head_of(const http::response<Body>& message) {
  ClientResponse response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    response.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return response;
}

class SocketPost final : public StreamingPost {
 public:
  absl::Status connect(const ServerUrl& url) {
    error_code error;
    asio::ip::tcp::resolver resolver(context_);
    const auto found = resolver.resolve(url.host, url.port, error);
    if (error) return broken("no such host: " + url.host, error);
    asio::connect(socket_, found, error);
    if (error) return broken("cannot connect to " + url.host + ":" + url.port, error);
    socket_.set_option(asio::ip::tcp::no_delay(true), error);
    socket_.set_option(asio::socket_base::keep_alive(true), error);
    return absl::OkStatus();
  }

  absl::Status send_head(const std::string& head) {
    error_code error;
    asio::write(socket_, asio::buffer(head), error);
    return error ? broken("the connection broke", error) : absl::OkStatus();
  }

  absl::Status send(std::span<const char> piece) override {
    char size[20];
    const int length = std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    const std::array<asio::const_buffer, 3> buffers = {
        asio::buffer(size, static_cast<std::size_t>(length)),
        asio::buffer(piece.data(), piece.size()), asio::buffer("\r\n", 2)};
    error_code error;
    asio::write(socket_, buffers, error);
    failed_ = failed_ || error;
    return error ? broken("the connection broke", error) : absl::OkStatus();
  }

  bool answers_early() override {
    pollfd watched{socket_.native_handle(), POLLIN, 0};
    return poll(&watched, 1, 0) > 0;
  }

  absl::StatusOr<ClientResponse> finish() override {
    end_body();
    error_code error;
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    http::read(socket_, buffer, parser, error);
    if (error) return broken("the connection broke before the answer", error);
    ClientResponse response = head_of(parser.get());
    response.body = std::move(parser.get().body());
    return response;
  }

  absl::Status finish(AnswerReader& reader) override {
    end_body();
    error_code error;
    boost::beast::flat_buffer buffer;
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    http::read_header(socket_, buffer, parser, error);
    if (error) return broken("the connection broke before the answer", error);
    reader.head(head_of(parser.get()));
    std::string space(kReadBytes, '\0');
    while (!parser.is_done()) {
      auto& body = parser.get().body();
      body.data = space.data();
      body.size = space.size();
      http::read_some(socket_, buffer, parser, error);
      if (error == http::error::need_buffer) error = {};
      if (error) return broken("the connection broke in the middle of the answer", error);
      reader.piece(std::string_view(space).substr(0, space.size() - body.size));
    }
    return absl::OkStatus();
  }

 private:
  void end_body() {
    error_code ignored;  // What comes back says more.
    if (!failed_) asio::write(socket_, asio::buffer("0\r\n\r\n", 5), ignored);
  }

  asio::io_context context_;
  asio::ip::tcp::socket socket_{context_};
  bool failed_ = false;
};

}  // namespace

absl::StatusOr<ServerUrl> parse_server_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (parsed.has_error() || parsed->scheme() != "http" || parsed->host().empty() ||
      parsed->has_query() || parsed->has_fragment()) {
    return absl::InvalidArgumentError("must be http://HOST:PORT: " + std::string(text));
  }
  ServerUrl url;
  url.host = parsed->host_address();
  if (!parsed->port().empty()) url.port = std::string(parsed->port());
  url.prefix = parsed->encoded_path();
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  return url;
}

absl::StatusOr<std::unique_ptr<StreamingPost>> StreamingPost::open(const ServerUrl& url,
                                                                   std::string_view target,
                                                                   const Fields& headers) {
  auto post = std::make_unique<SocketPost>();
  if (absl::Status connected = post->connect(url); !connected.ok()) return connected;
  const bool v6 = url.host.find(':') != std::string::npos;
  std::string head = "POST " + url.prefix + std::string(target) + " HTTP/1.1\r\n";
  head += "Host: " + (v6 ? "[" + url.host + "]" : url.host) + ":" + url.port + "\r\n";
  head += "Transfer-Encoding: chunked\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  head += "\r\n";
  if (absl::Status sent = post->send_head(head); !sent.ok()) return sent;
  return post;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02X", byte);
    plain ? encoded.push_back(c) : void(encoded.append(escaped));
  }
  return encoded;
}

}  // namespace grapevine

#include "server/webhooks/post.hpp"

#include <array>
#include <exception>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

namespace grapevine {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kLookAtStop{100};
constexpr int kInterimAnswersMax = 8;  // 1xx, of which a server may send some.

std::string encode_post(const WebhookUrl& url, const Fields& headers, std::size_t bytes) {
  std::string head = "POST " + url.target + " HTTP/1.1\r\nHost: " + url.authority + "\r\n";
  head += "User-Agent: grapevine\r\nConnection: close\r\n";
  head += "Content-Length: " + std::to_string(bytes) + "\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  return head + "\r\n";
}

// Looks the host up and keeps the addresses that may be connected to.
std::vector<tcp::endpoint> find_endpoints(asio::io_context& context, const WebhookUrl& url,
                                          const WebhookReach& reach, PostResult& result) {
  error_code error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(url.host, url.port, tcp::resolver::numeric_service, error);
  std::vector<tcp::endpoint> endpoints;
  for (const auto& entry : found) {
    if (reach.allows(reach_of(entry.endpoint().address().to_string()))) {
      endpoints.push_back(entry.endpoint());
    }
  }
  if (error) {
    result.failure = "the host was not found";
  } else if (endpoints.empty()) {
    result.failure = "the host has no public address";
  }
  return endpoints;
}

// Sends over a stream that is connected and reads the head of the answer.
template <typename Stream>
asio::awaitable<void> exchange(Stream& stream, const std::string& head, std::string_view body,
                               PostResult& result) {
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(body)};
  // A receiver may answer before it has read all: the answer counts, not that writing failed.
  const auto [unsent, sent] = co_await asio::async_write(stream, buffers, kAwait);
  beast::flat_buffer buffer;
  for (int answers = 0; answers < kInterimAnswersMax; ++answers) {
    http::response_parser<http::empty_body> parser;
    const auto [error, count] = co_await http::async_read_header(stream, buffer, parser, kAwait);
    if (error) {
      const error_code why = unsent ? unsent : error;
      result.failure = why == beast::error::timeout ? "no answer in time"
                                                    : "the connection broke: " + why.message();
      co_return;
    }
    const int status = static_cast<int>(parser.get().result_int());
    if (status >= 200) {
      result.status = status;
      co_return;
    }
  }
  result.failure = "no final answer";
}

asio::awaitable<void> connect(beast::tcp_stream& stream, std::vector<tcp::endpoint> endpoints,
                              PostResult& result) {
  const auto [error, endpoint] = co_await stream.async_connect(endpoints, kAwait);
  if (!error) co_return;
  result.failure = error == beast::error::timeout ? "no connection in time"
                                                  : "no connection: " + error.message();
}

asio::awaitable<void> send_plain(beast::tcp_stream& stream, std::vector<tcp::endpoint> endpoints,
                                 std::string head, std::string_view body, PostResult& result) {
  co_await connect(stream, std::move(endpoints), result);
  if (result.failure.empty()) co_await exchange(stream, head, body, result);
}

asio::awaitable<void> send_secure(asio::ssl::stream<beast::tcp_stream&>& stream, std::string host,
                                  std::vector<tcp::endpoint> endpoints, std::string head,
                                  std::string_view body, PostResult& result) {
  co_await connect(stream.next_layer(), std::move(endpoints), result);
  if (!result.failure.empty()) co_return;
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(host));
  if (!is_address(host)) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (error) {
    result.failure =
        error == beast::error::timeout ? "no TLS in time" : "TLS failed: " + error.message();
    co_return;
  }
  co_await exchange(stream, head, body, result);
}

}  // namespace

PostResult post(const WebhookUrl& url, const Fields& headers, std::string_view body,
                const PostOptions& options, const Stop& stop) {
  PostResult result;
  try {
    asio::io_context context(1);
    std::vector<tcp::endpoint> endpoints = find_endpoints(context, url, options.reach, result);
    if (!result.failure.empty()) return result;
    std::string head = encode_post(url, headers, body.size());
    beast::tcp_stream stream(context);
    stream.expires_after(options.timeout);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    asio::ssl::stream<beast::tcp_stream&> secure(stream, tls);
    if (url.tls) {
      tls.set_default_verify_paths();
      asio::co_spawn(
          context,
          send_secure(secure, url.host, std::move(endpoints), std::move(head), body, result),
          asio::detached);
    } else {
      asio::co_spawn(context,
                     send_plain(stream, std::move(endpoints), std::move(head), body, result),
                     asio::detached);
    }
    while (!context.stopped() && !stop.requested()) context.run_for(kLookAtStop);
    if (!context.stopped()) result.failure = "the server is stopping";
  } catch (const std::exception& thrown) {
    result.failure = thrown.what();
  }
  return result;
}

}  // namespace grapevine

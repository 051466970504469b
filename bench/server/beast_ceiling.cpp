// The most that Boost.Beast answers on this machine: a server that reads each request whole and answers
// it with the same few bytes. Prints its port; serves until it is killed.
//
//   beast_ceiling THREADS
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

// One connection: reads and writes take turns until the client hangs up.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(tcp::socket socket) : stream_(std::move(socket)) {}

  void read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->write();
                     });
  }

 private:
  void write() {
    response_ = {};
    response_.result(http::status::ok);
    response_.version(11);
    response_.keep_alive(true);
    response_.set(http::field::content_type, "text/tab-separated-values; charset=UTF-8");
    response_.body() = "1\n";
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (!error) self->read();
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

class Listener {
 public:
  explicit Listener(asio::io_context& loop)
      : loop_(loop), acceptor_(loop, {asio::ip::make_address("127.0.0.1"), 0}) {}

  [[nodiscard]] unsigned short port() const { return acceptor_.local_endpoint().port(); }
  void accept() {
    acceptor_.async_accept(loop_, [this](beast::error_code error, tcp::socket socket) {
      if (!error) std::make_shared<Connection>(std::move(socket))->read();
      accept();
    });
  }

 private:
  asio::io_context& loop_;
  tcp::acceptor acceptor_;
};

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  asio::io_context loop(threads);
  Listener listener(loop);
  listener.accept();
  std::cout << listener.port() << std::endl;
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back([&loop] { loop.run(); });
  loop.run();
  for (std::thread& other : others) other.join();
}

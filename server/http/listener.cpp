#include "server/http/listener.hpp"

#include <chrono>
#include <future>
#include <string>
#include <utility>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

namespace grapevine {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Out of descriptors, mostly: some close before long, and trying at once again would only burn.
constexpr std::chrono::milliseconds kAcceptRetry{50};

}  // namespace

struct Listener::Impl {
  using Executor = asio::io_context::executor_type;
  using Clock = std::chrono::steady_clock;
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

  Impl(IoLoop& loop, Accepted on_accept)
      : context(loop.context()),
        acceptor(context),
        retry(context),
        accepted(std::move(on_accept)) {}

  void accept() {
    acceptor.async_accept([this](const error_code& error, Socket socket) {
      if (!acceptor.is_open()) return;
      if (error) return accept_later();
      accepted(socket.release());
      accept();
    });
  }

  void accept_later() {
    retry.expires_after(kAcceptRetry);
    retry.async_wait([this](const error_code& error) {
      if (!error && acceptor.is_open()) accept();
    });
  }

  asio::io_context& context;
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> retry;
  Accepted accepted;
  std::uint16_t port = 0;
};

Listener::Listener(IoLoop& loop, Accepted accepted)
    : impl_(std::make_unique<Impl>(loop, std::move(accepted))) {}
Listener::~Listener() = default;

absl::Status Listener::open(const ListenAddress& address) {
  auto& acceptor = impl_->acceptor;
  error_code error;
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(address.address, error),
                                         address.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) impl_->port = acceptor.local_endpoint(error).port();
  if (!error) return absl::OkStatus();
  return absl::UnavailableError("cannot listen on " + address.host + ":" +
                                std::to_string(address.port) + ": " + error.message());
}

std::uint16_t Listener::port() const { return impl_->port; }

void Listener::start() {
  asio::post(impl_->context, [this] { impl_->accept(); });
}

void Listener::close() {
  std::promise<void> closed;
  asio::post(impl_->context, [this, &closed] {
    error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->retry.cancel();
    closed.set_value();
  });
  closed.get_future().wait();
}

}  // namespace grapevine

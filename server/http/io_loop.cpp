#include "server/http/io_loop.hpp"

#include <thread>
#include <unordered_set>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <poll.h>

#include "server/spare_cores.hpp"

namespace grapevine {

namespace asio = boost::asio;

struct IoLoop::Impl {
  using Clock = std::chrono::steady_clock;
  using Timer =
      asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, asio::io_context::executor_type>;

  explicit Impl(std::chrono::milliseconds interval)
      : sweep_interval(interval), context(1), guard(context.get_executor()), timer(context) {}

  void schedule_sweep() {
    timer.expires_after(sweep_interval);
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      sweep();
      schedule_sweep();
    });
  }

  // A connection may leave while it is swept, but only later, when its coroutine goes on.
  void sweep() {
    const Clock::time_point now = Clock::now();
    std::vector<pollfd> sockets;
    std::vector<Connection*> watched;
    for (Connection* connection : connections) {
      connection->sweep(now);
      if (const int socket = connection->watched_socket(); socket >= 0) {
        sockets.push_back({socket, POLLRDHUP, 0});
        watched.push_back(connection);
      }
    }
    if (sockets.empty() || poll(sockets.data(), sockets.size(), 0) <= 0) return;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      if ((sockets[i].revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) watched[i]->hung_up();
    }
  }

  template <typename Call>
  void post_to_all(Call call) {
    asio::post(context, [this, call] {
      for (Connection* connection : connections) call(*connection);
    });
  }

  const std::chrono::milliseconds sweep_interval;
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  Timer timer;
  std::unordered_set<Connection*> connections;
  std::thread thread;
};

IoLoop::IoLoop(std::chrono::milliseconds sweep_interval)
    : impl_(std::make_unique<Impl>(sweep_interval)) {}

IoLoop::~IoLoop() { stop(); }

asio::io_context& IoLoop::context() { return impl_->context; }

void IoLoop::start() {
  impl_->schedule_sweep();
  impl_->thread = std::thread([this] {
    const AttentiveThread attentive;
    impl_->context.run();
  });
}

void IoLoop::stop() {
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void IoLoop::add(Connection& connection) { impl_->connections.insert(&connection); }
void IoLoop::remove(Connection& connection) { impl_->connections.erase(&connection); }

void IoLoop::drain() {
  impl_->post_to_all([](Connection& connection) { connection.drain(); });
}
void IoLoop::hurry() {
  impl_->post_to_all([](Connection& connection) { connection.hurry(); });
}
void IoLoop::cut() {
  impl_->post_to_all([](Connection& connection) { connection.cut(); });
}

}  // namespace grapevine

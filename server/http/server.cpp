#include "server/http/server.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "api/error.hpp"
#include "server/http/io_loop.hpp"
#include "server/http/listener.hpp"
#include "server/http/serving.hpp"
#include "server/http/session.hpp"
#include "server/http/translate.hpp"

namespace grapevine {
namespace {

// Says that there are too many connections and closes: as well as it can be said without waiting.
void turn_away(int socket) {
  const Response response =
      to_response(problem(ErrorCode::Unavailable, "there are too many connections"));
  const std::string message = encode_head(response, {}) + response.body;
  [[maybe_unused]] const ssize_t sent =
      send(socket, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  shutdown(socket, SHUT_WR);
  close(socket);
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, const RouteTable& table, const Services& services)
      : serving(std::move(options), table, services) {
    const Limits& limits = serving.options.limits;
    for (std::size_t i = 0; i < limits.io_threads; ++i) {
      loops.push_back(std::make_unique<IoLoop>(limits.sweep_interval));
    }
    listener.emplace(*loops.front(), [this](int socket) { accept(socket); });
  }

  // On the first loop's thread. Connections go around the loops.
  void accept(int socket) {
    {
      const std::lock_guard lock(mutex);
      if (connections >= serving.options.limits.connections_max) {
        serving.metrics.rejected(WorkKind::Light);
        return turn_away(socket);
      }
      ++connections;
    }
    ++serving.metrics.connections;
    IoLoop& loop = *loops[next_loop++ % loops.size()];
    boost::asio::post(loop.context(), [this, &loop, socket] {
      serve_connection(loop, serving, socket, [this] { connection_ended(); });
    });
  }

  void connection_ended() {
    --serving.metrics.connections;
    const std::lock_guard lock(mutex);
    if (--connections == 0) all_ended.notify_all();
  }

  bool wait_for_connections(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex);
    return all_ended.wait_for(lock, timeout, [this] { return connections == 0; });
  }

  void stop() {
    if (stopped.exchange(true)) return;
    const Limits& limits = serving.options.limits;
    serving.log.event("stopping");
    serving.draining = true;
    listener->close();
    for (const auto& loop : loops) loop->drain();
    if (!wait_for_connections(limits.drain_timeout)) {
      serving.log.event("hurrying");
      for (const auto& loop : loops) loop->hurry();
      if (!wait_for_connections(limits.stop_grace)) {
        for (const auto& loop : loops) loop->cut();
        std::unique_lock lock(mutex);  // A handler must not outlive what it works on.
        all_ended.wait(lock, [this] { return connections == 0; });
      }
    }
    for (const auto& loop : loops) loop->stop();  // What they still hold must not outlive us.
    serving.log.event("stopped");
  }

  Serving serving;
  std::vector<std::unique_ptr<IoLoop>> loops;
  std::optional<Listener> listener;
  std::size_t next_loop = 0;
  std::atomic<bool> stopped{true};
  std::mutex mutex;
  std::condition_variable all_ended;
  std::size_t connections = 0;
};

Server::Server(ServerOptions options, const RouteTable& routes, const Services& services)
    : impl_(std::make_unique<Impl>(std::move(options), routes, services)) {}

Server::~Server() { stop(); }

absl::Status Server::start() {
  const ServerOptions& options = impl_->serving.options;
  if (absl::Status sound = check_limits(options.limits); !sound.ok()) return sound;
  if (absl::Status opened = impl_->listener->open(options.listen); !opened.ok()) return opened;
  impl_->stopped = false;
  for (const auto& loop : impl_->loops) loop->start();
  impl_->listener->start();
  impl_->serving.log.event("started",
                           {{"address", options.listen.address}, {"port", std::to_string(port())}});
  return absl::OkStatus();
}

std::uint16_t Server::port() const { return impl_->listener->port(); }

void Server::stop() { impl_->stop(); }

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/routes.hpp"
#include "server/config.hpp"
#include "server/log.hpp"
#include "server/metrics.hpp"

namespace grapevine {

/// What handlers work on. It outlives the server.
struct Services {
  Store& store;
  GraphView& graph;
  ResultCache& results;
  SegmentKeeper* keeper = nullptr;
  WebhookBoard* webhooks = nullptr;
  JobBoard* jobs = nullptr;
  QuerySessions* query_sessions = nullptr;
  sql::RunningQueries* queries = nullptr;
  WordIndex* words = nullptr;
  TopicIndex* topics = nullptr;
};

/// The operations that are served: those of api/routes.hpp, or a test's own.
struct RouteTable {
  std::span<const Route> routes;
  absl::StatusOr<const Route*> (*find)(Request& request);
};

struct ServerOptions {
  ListenAddress listen;
  Limits limits;
  std::string timezone = "UTC";
  std::vector<Gauge> gauges;  ///< Numbers of other layers, for /metrics.
  /// Why the server cannot serve now (a log that failed), for /readyz; none: it can, once started.
  std::function<absl::Status()> ready;
  ServerLog::Write log;  ///< Where log lines go; none: stderr.
};

/// The HTTP server: sockets, threads and limits around a table of operations. `start` and `stop`
/// are called once each, from one thread; `port` from any.
class Server {
 public:
  Server(ServerOptions options, const RouteTable& routes, const Services& services);
  /// Stops first, where `stop` was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and serves, on threads of its own.
  ///
  /// Errors  Unavailable: the address is taken or not ours. InvalidArgument: a limit makes no
  /// sense.
  absl::Status start();

  /// The port that is listened on, also where port 0 was asked for.
  [[nodiscard]] std::uint16_t port() const;

  /// Takes no new connections, finishes what is in flight and returns. What is not done after
  /// `drain_timeout` is told to stop; connections left after `stop_grace` more are cut. Returns
  /// only when no handler runs any more.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine

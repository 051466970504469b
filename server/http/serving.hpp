#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "server/admission.hpp"
#include "server/http/server.hpp"

namespace grapevine {

/// What all connections of one server share. Thread-safe: what changes is atomic or locks itself.
struct Serving {
  Serving(ServerOptions server_options, const RouteTable& table, const Services& data);

  /// A name for a request, unique among those of this machine: told to the client and in the log.
  std::string next_request_id();

  const ServerOptions options;
  const RouteTable routes;
  const Services services;
  ServerLog log;
  Metrics metrics;
  std::atomic<bool> draining{false};
  Admission admission;  // Last, so that its threads end before what they use.

 private:
  const std::string run_id_;
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace grapevine

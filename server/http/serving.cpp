#include "server/http/serving.hpp"

#include <cstdio>
#include <random>

#include "server/http/operating.hpp"

namespace grapevine {
namespace {

std::vector<std::string_view> operation_ids(std::span<const Route> routes) {
  std::vector<std::string_view> ids;
  for (const Route& route : routes) ids.push_back(route.operation_id);
  for (const OperatingRoute& route : operating_routes()) ids.push_back(route.operation_id);
  return ids;
}

std::string random_hex() {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", std::random_device()());
  return text;
}

}  // namespace

Serving::Serving(ServerOptions server_options, const RouteTable& table, const Services& data)
    : options(std::move(server_options)),
      routes(table),
      services(data),
      log(options.log),
      metrics(operation_ids(table.routes), options.gauges),
      admission(options.limits),
      run_id_(random_hex()) {}

std::string Serving::next_request_id() {
  return run_id_ + '-' + std::to_string(requests_.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace grapevine

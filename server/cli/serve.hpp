#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "server/cli/commands.hpp"
#include "server/http/server.hpp"

namespace grapevine {

/// The data that is served, opened and recovered: what `Services` refers to, and what it says of
/// itself. Destroyed after the server has stopped.
class OpenData {
 public:
  virtual ~OpenData() = default;
  virtual Services services() = 0;
  /// For /metrics.
  virtual std::vector<Gauge> gauges() { return {}; }
  /// For /readyz: why it cannot serve now. Thread-safe.
  virtual absl::Status ready() { return absl::OkStatus(); }
};

/// What `serve` takes from the layers below: the one place where they meet.
struct ServeWiring {
  RouteTable routes;
  /// Opens and recovers the data folder of the command; memory only where it names none.
  std::function<absl::StatusOr<std::unique_ptr<OpenData>>(const ServeCommand&)> open_data;
  /// Loads the generated world; called before the server listens.
  std::function<absl::Status(OpenData&)> load_demo;
  /// What to try first with the demo, for a server at `url`; printed as it is.
  std::function<std::string(std::string_view url)> demo_hints;
};

/// `grapevine serve`: opens, listens, waits for a signal, stops. The exit code.
int serve(const ServeCommand& command, const ServeWiring& wiring);

}  // namespace grapevine

#include "server/cli/serve.hpp"

#include <cstdio>
#include <iostream>
#include <optional>
#include <utility>

#include <sys/resource.h>
#include <tbb/global_control.h>

#include "server/cli/signals.hpp"

namespace grapevine {
namespace {

int fail(const absl::Status& status) {
  std::cerr << "grapevine serve: " << status.message() << '\n';
  return 1;
}

// A connection is a descriptor; the usual soft limit of 1024 is for programs that use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

absl::Status load_demo(const ServeWiring& wiring, OpenData& data) {
  std::cerr << "loading the generated world ..." << std::endl;
  return wiring.load_demo(data);
}

}  // namespace

int serve(const ServeCommand& command, const ServeWiring& wiring) {
  static SignalWatch signals;
  raise_descriptor_limit();
  std::optional<tbb::global_control> threads;
  if (command.threads > 0) {
    threads.emplace(tbb::global_control::max_allowed_parallelism, command.threads);
  }

  absl::StatusOr<std::unique_ptr<OpenData>> data = wiring.open_data(command);
  if (!data.ok()) return fail(data.status());
  if (command.demo) {
    if (const absl::Status loaded = load_demo(wiring, **data); !loaded.ok()) return fail(loaded);
  }

  ServerOptions options;
  options.listen = command.listen;
  options.timezone = command.timezone;
  options.gauges = (*data)->gauges();
  options.ready = [&data] { return (*data)->ready(); };
  Server server(std::move(options), wiring.routes, (*data)->services());
  if (const absl::Status started = server.start(); !started.ok()) return fail(started);

  signals.arm();  // Whoever reads the next line may stop us.
  const std::string url = "http://" + command.listen.host + ":" + std::to_string(server.port());
  std::cout << "listening on " << url << std::endl;  // Flushed: others wait for this line.
  if (command.demo) std::cout << wiring.demo_hints(url) << std::flush;
  signals.wait();
  server.stop();
  return 0;
}

}  // namespace grapevine

#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <absl/status/status.h>

#include "server/config.hpp"
#include "server/http/io_loop.hpp"

namespace grapevine {

/// Accepts connections, on the thread of one loop. `open` comes first.
class Listener {
 public:
  /// Takes over an open socket. Called on the loop's thread.
  using Accepted = std::function<void(int socket)>;

  Listener(IoLoop& loop, Accepted accepted);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Errors  Unavailable: the address is taken or not of this machine.
  absl::Status open(const ListenAddress& address);
  /// The port that is listened on.
  [[nodiscard]] std::uint16_t port() const;
  /// From the thread that opened: begins to accept.
  void start();
  /// From another thread, while the loop runs: accepts no more once it returns.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine

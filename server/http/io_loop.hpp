#pragma once

#include <chrono>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace grapevine {

/// What a loop asks of a connection. All of it is called on the loop's thread.
class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~Connection() = default;
  /// Looks at its deadline.
  virtual void sweep(Time now) = 0;
  /// The socket, while work is done for it and a hang-up would end that work; else -1.
  [[nodiscard]] virtual int watched_socket() const = 0;
  virtual void hung_up() = 0;
  /// Ends when it is idle, at once or after the answer in flight.
  virtual void drain() = 0;
  /// Fires the Stop of what runs and gives up what is being read.
  virtual void hurry() = 0;
  /// Closes the socket.
  virtual void cut() = 0;
};

/// One I/O thread: an Asio context and the connections that live on it, each on this thread only,
/// so that they need no lock. Sweeps them for deadlines and hang-ups. Thread-safe where it says so.
class IoLoop {
 public:
  explicit IoLoop(std::chrono::milliseconds sweep_interval);
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  boost::asio::io_context& context();

  void start();
  /// Joins the thread; what still waits in the loop is dropped. From another thread.
  void stop();

  /// On the loop's thread.
  void add(Connection& connection);
  void remove(Connection& connection);

  /// From any thread: the same for all connections.
  void drain();
  void hurry();
  void cut();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine

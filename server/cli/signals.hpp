#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace grapevine {

/// Waits for SIGTERM and SIGINT on a thread of its own. Made before any other thread, so that all
/// of them leave these signals to it. Lives as long as the process: there may be one only.
class SignalWatch {
 public:
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// From here on a signal is for `wait`. Before, it ends the process at once: what is only starting
  /// has promised nothing. After the first a second one does.
  void arm();
  /// Returns when a signal has come since `arm`.
  void wait();

 private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool armed_ = false;
  bool signalled_ = false;
};

}  // namespace grapevine

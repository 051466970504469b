#include "server/cli/signals.hpp"

#include <csignal>
#include <cstdlib>

namespace grapevine {
namespace {

constexpr int kSignalExit = 128;  // What shells add to the number of a signal that ended a process.

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

SignalWatch::SignalWatch() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // A pipe behind stdout or stderr may go; we do not go with it.
  std::signal(SIGXFSZ, SIG_IGN);  // A file over its limit is an error of the write, not our end.
  std::thread([this] { watch(); }).detach();
}

void SignalWatch::watch() {
  const sigset_t signals = stop_signals();
  while (true) {
    int signal = 0;
    sigwait(&signals, &signal);
    const std::lock_guard lock(mutex_);
    if (!armed_ || signalled_) std::_Exit(kSignalExit + signal);
    signalled_ = true;
    changed_.notify_all();
  }
}

void SignalWatch::arm() {
  const std::lock_guard lock(mutex_);
  armed_ = true;
}

void SignalWatch::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return signalled_; });
}

}  // namespace grapevine

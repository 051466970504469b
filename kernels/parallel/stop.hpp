#pragma once

#include <atomic>

namespace grapevine {

/// Tells long work that nobody waits for its answer any more, and hears from it how far it has come.
/// Kernels look at it between blocks and return Cancelled. Thread-safe: any thread may request, any
/// number may look and report.
class Stop {
 public:
  void request() { requested_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool requested() const { return requested_.load(std::memory_order_relaxed); }

  /// Says which share of the work is done, from 0 to 1. A smaller one than before is passed over.
  void report(double share) const {
    double known = progress_.load(std::memory_order_relaxed);
    while (share > known &&
           !progress_.compare_exchange_weak(known, share, std::memory_order_relaxed)) {
    }
  }
  [[nodiscard]] double progress() const { return progress_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
  mutable std::atomic<double> progress_{0.0};
};

}  // namespace grapevine

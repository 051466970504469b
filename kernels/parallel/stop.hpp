#pragma once

#include <atomic>

namespace grapevine {

/// Tells long work that nobody waits for its answer any more. Kernels look at it between blocks and
/// return Cancelled. Thread-safe: any thread may request, any number may look.
class Stop {
 public:
  void request() { requested_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace grapevine

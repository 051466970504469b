#pragma once

#include <atomic>
#include <cstddef>

#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// Tells a Stop which share of some blocks is done. Thread-safe.
class BlocksDone {
 public:
  BlocksDone(std::size_t blocks, const Stop& stop) : blocks_(blocks), stop_(stop) {}

  /// One more is done.
  void add() {
    const std::size_t done = done_.fetch_add(1, std::memory_order_relaxed) + 1;
    stop_.report(static_cast<double>(done) / static_cast<double>(blocks_));
  }

 private:
  const std::size_t blocks_;
  const Stop& stop_;
  std::atomic<std::size_t> done_{0};
};

}  // namespace grapevine

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <absl/status/status.h>

namespace grapevine::sql {

/// What one query may hold of memory, and holds. Thread-safe.
class MemoryBudget {
 public:
  /// `held` is told how much is held now, where it is set.
  explicit MemoryBudget(std::size_t bytes_max, std::atomic<std::uint64_t>* held = nullptr)
      : bytes_max_(bytes_max), shown_(held) {}

  /// Errors  MemoryLimitExceeded (241), and nothing is taken.
  absl::Status take(std::size_t bytes);
  void give_back(std::size_t bytes);
  [[nodiscard]] std::size_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> held_{0};
  std::atomic<std::uint64_t>* shown_;
};

/// A part of a budget that comes back by itself. Not thread-safe.
class MemoryLease {
 public:
  explicit MemoryLease(MemoryBudget& budget) : budget_(&budget) {}
  MemoryLease(MemoryLease&& other) noexcept
      : budget_(other.budget_), held_(std::exchange(other.held_, 0)) {}
  MemoryLease& operator=(MemoryLease&&) = delete;
  ~MemoryLease() { budget_->give_back(held_); }

  /// Holds `bytes` in all from now on, more or fewer than before.
  absl::Status hold(std::size_t bytes);
  [[nodiscard]] std::size_t held() const { return held_; }

 private:
  MemoryBudget* budget_;
  std::size_t held_ = 0;
};

}  // namespace grapevine::sql

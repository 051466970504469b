#include "kernels/query/memory.hpp"

#include <string>

#include "kernels/query/query_error.hpp"

namespace grapevine::sql {

absl::Status MemoryBudget::take(std::size_t bytes) {
  std::size_t held = held_.load(std::memory_order_relaxed);
  do {
    if (bytes > bytes_max_ || held > bytes_max_ - bytes) {
      return query_error(QueryErrorCode::MemoryLimitExceeded,
                         "Query memory limit exceeded: would use " + std::to_string(held) +
                             " bytes and " + std::to_string(bytes) +
                             " more, maximum: " + std::to_string(bytes_max_) + " bytes");
    }
  } while (!held_.compare_exchange_weak(held, held + bytes, std::memory_order_relaxed));
  if (shown_ != nullptr) shown_->fetch_add(bytes, std::memory_order_relaxed);
  return absl::OkStatus();
}

void MemoryBudget::give_back(std::size_t bytes) {
  held_.fetch_sub(bytes, std::memory_order_relaxed);
  if (shown_ != nullptr) shown_->fetch_sub(bytes, std::memory_order_relaxed);
}

absl::Status MemoryLease::hold(std::size_t bytes) {
  if (bytes > held_) {
    if (absl::Status taken = budget_->take(bytes - held_); !taken.ok()) return taken;
  } else {
    budget_->give_back(held_ - bytes);
  }
  held_ = bytes;
  return absl::OkStatus();
}

}  // namespace grapevine::sql

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/sql/run.hpp"
#include "api/sql/tables/store_pools.hpp"
#include "kernels/query/function.hpp"
#include "kernels/query/memory.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// The settings that change what a query answers.
struct QuerySettings {
  static constexpr std::uint64_t kMemoryMax = std::uint64_t{4} << 30;

  bool join_use_nulls = false;
  std::uint64_t max_result_rows = 0;   ///< 0: no limit.
  bool result_overflow_break = false;  ///< Else more rows are an error.
  double max_execution_time_s = 0;     ///< 0: the server's own deadline alone.
  std::uint64_t max_memory_usage = kMemoryMax;
  std::uint64_t limit = 0;  ///< 0: none.
  std::uint64_t offset = 0;
  bool read_only = false;
  std::string session_timezone;  ///< Empty: the server's.
};
/// Reads them by name; those it does not know are passed over.
/// Errors  BadArguments (36): a value that a setting cannot have; UnknownSetting (115) for what some
///         clients ask to learn whether it is there.
absl::StatusOr<QuerySettings> read_settings(const Fields& settings);

/// What one query works with, from its first byte to its last. Thread-safe, as its members are.
struct QueryContext {
  using Clock = std::chrono::steady_clock;

  QueryContext(const Context& services, std::shared_ptr<const Snapshot> newest,
               QuerySettings query_settings, SessionFacts session);

  const Context api;
  const std::shared_ptr<const Snapshot> snapshot;
  const QuerySettings settings;
  const SessionFacts facts;
  QueryProgress progress;
  MemoryBudget memory;
  StorePools pools;
  std::atomic<bool> killed{false};
  const Clock::time_point started = Clock::now();

  /// Whether to go on. Asked between blocks by all that takes long.
  /// Errors  QueryWasCancelled (394): killed, or nobody waits for it; TimeoutExceeded (159).
  [[nodiscard]] absl::Status check() const;
};

}  // namespace grapevine::sql

#pragma once

#include <memory>
#include <mutex>

#include <absl/status/statusor.h>

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// What a function of one String makes of each string of a pool. Thread-safe.
class PooledResults {
 public:
  /// Codes of pools that are looked at as a whole.
  static constexpr std::size_t kPoolMax = 65'536;
  /// Codes of pools of which the strings of a block are looked at once each. Pools beyond it are
  /// not worth the memory of a mark a code.
  static constexpr std::size_t kMarkedPoolMax = std::size_t{1} << 20;

  /// The results for the rows of `texts`, pooled where they are Strings; nullptr: each row should be
  /// computed by itself (the pool is too large, or a string that no row may have cannot be computed).
  /// Shapes  `compute` takes a column of Strings, not pooled, and returns as many results.
  using Compute = std::function<absl::StatusOr<ColumnPtr>(const ColumnPtr& texts)>;
  absl::StatusOr<ColumnPtr> of(const ColumnPtr& texts, const Compute& compute);

 private:
  struct Known {
    std::shared_ptr<const StringPool> pool;
    std::size_t codes = 0;
    ColumnPtr results;  ///< A row a code; nullptr: some cannot be computed.
  };
  std::shared_ptr<const Known> known(const PooledValues& texts, std::size_t codes_wanted,
                                     const Compute& compute);

  std::mutex mutex_;
  std::shared_ptr<const Known> known_;
};

}  // namespace grapevine::sql

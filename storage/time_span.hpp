#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "storage/ids.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// The stretch of event time that large parts keep to: weeks since 1970-01-01.
enum class TimeSpan : std::int64_t {};

inline constexpr TimeMs kTimeSpanMs = TimeMs{7} * 86'400'000;

/// The span of a time.
constexpr TimeSpan span_of(TimeMs time) {
  return TimeSpan(time / kTimeSpanMs - (time % kTimeSpanMs < 0 ? 1 : 0));
}

/// Rows of a week that are worth a part of their own: fewer stay with those of other weeks, so that
/// scattered times (years of history in any order, wrong clocks) do not make thousands of parts.
inline constexpr std::size_t kSpanRowsMin = 4096;

/// Into which of several new parts the rows of a merge go.
class SpanSplit {
 public:
  /// Looks at the times of all living rows.
  explicit SpanSplit(std::span<const std::shared_ptr<const Part>> parts);

  /// How many parts there may be.
  [[nodiscard]] std::size_t outputs() const { return outputs_; }
  [[nodiscard]] std::uint32_t output_of(TimeMs time) const {
    const auto found = output_of_span_.find(static_cast<std::int64_t>(span_of(time)));
    return found == output_of_span_.end() ? 0 : found->second;
  }

 private:
  std::size_t outputs_ = 1;
  absl::flat_hash_map<std::int64_t, std::uint32_t> output_of_span_;  // Others go to the first.
};

}  // namespace grapevine

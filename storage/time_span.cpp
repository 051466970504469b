#include "storage/time_span.hpp"

#include <algorithm>

namespace grapevine {
namespace {

using RowsBySpan = absl::flat_hash_map<std::int64_t, std::size_t>;

void count_rows(const LiveRun& run, RowsBySpan& rows) {
  if (span_of(run->first) == span_of(run->last)) {
    rows[static_cast<std::int64_t>(span_of(run->first))] += run.rows();
    return;
  }
  run->times.visit([&](const auto offsets) {
    for (std::size_t row = 0; row < run->size(); ++row) {
      if (run.is_dead(row)) continue;
      const auto time = static_cast<TimeMs>((run->times.base() + offsets[row]) ^ Run::kSignBit);
      ++rows[static_cast<std::int64_t>(span_of(time))];
    }
  });
}

}  // namespace

SpanSplit::SpanSplit(std::span<const std::shared_ptr<const Part>> parts) {
  RowsBySpan rows;
  for (const auto& part : parts) {
    for (const LiveRun& run : part->runs) count_rows(run, rows);
  }
  if (rows.size() == 1) return;
  std::vector<std::int64_t> large;
  for (const auto& [span, count] : rows) {
    if (count >= kSpanRowsMin) large.push_back(span);
  }
  std::sort(large.begin(), large.end());
  for (const std::int64_t span : large) {
    output_of_span_.emplace(span, static_cast<std::uint32_t>(outputs_++));
  }
}

}  // namespace grapevine

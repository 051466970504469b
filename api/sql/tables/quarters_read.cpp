#include "api/sql/tables/quarters_read.hpp"

#include <algorithm>
#include <limits>

#include "api/sql/bind/quarter_hour_moments.hpp"
#include "kernels/segment/row_slices.hpp"

namespace grapevine::sql {

RowsRead rows_read(const Snapshot& snapshot, const EventSelection& selection) {
  RowsRead read{0, std::numeric_limits<TimeMs>::max(), std::numeric_limits<TimeMs>::min()};
  for (const RowSlice& slice : slices_of(snapshot, RowFilter(snapshot, selection))) {
    read.rows += slice.rows.end - slice.rows.begin;
    read.first = std::min(read.first, (*slice.live)->first);
    read.last = std::max(read.last, (*slice.live)->last);
  }
  read.first = std::max(read.first, selection.from);
  if (read.last >= selection.to) read.last = selection.to - 1;
  return read;
}

std::optional<ByQuarterHour> by_quarter_hour(const BoundPtr& expression, TimeMs first,
                                             TimeMs last) {
  constexpr TimeMs kQuartersMax = TimeMs{1} << 20;  // 30 years.
  const Bound* const moments = quarter_hour_moments(*expression);
  if (moments == nullptr || first < 0 || last < first ||
      (last - first) / kQuarterHourMs >= kQuartersMax - 1) {
    return std::nullopt;
  }
  ByQuarterHour made;
  made.from = first / kQuarterHourMs * kQuarterHourMs;
  const auto quarters = static_cast<std::size_t>((last - made.from) / kQuarterHourMs + 1);
  auto times = new_fixed(moments->type, quarters);
  const auto values = times->fixed<std::int64_t>();
  for (std::size_t i = 0; i < quarters; ++i) {
    values[i] = made.from + static_cast<TimeMs>(i) * kQuarterHourMs;
  }
  Block block{quarters, {}};
  block.columns.resize(moments->column + 1);
  block.columns[moments->column] = std::move(times);
  const absl::StatusOr<ColumnPtr> results = Evaluator(block)(expression);
  if (!results.ok()) return std::nullopt;
  made.values = full(*results);
  return made;
}

}  // namespace grapevine::sql

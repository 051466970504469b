#pragma once

#include <cstdint>
#include <optional>

#include "api/sql/bind/bound.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// What is read to find the rows that a selection means: all rows of the runs that may have some. None
/// are meant before `first` or behind `last`; nothing is read where `first` is the later one.
struct RowsRead {
  std::uint64_t rows = 0;
  TimeMs first = 0;
  TimeMs last = 0;
};
RowsRead rows_read(const Snapshot& snapshot, const EventSelection& selection);

inline constexpr TimeMs kQuarterHourMs = TimeMs{15} * 60'000;

/// What an expression is in each quarter of an hour.
struct ByQuarterHour {
  TimeMs from = 0;   ///< The first quarter's beginning.
  ColumnPtr values;  ///< A row a quarter.
};
/// nullopt: it depends on something finer (quarter_hour_moments), fails for some quarter between the two
/// times, or these are too far apart or before 1970.
std::optional<ByQuarterHour> by_quarter_hour(const BoundPtr& expression, TimeMs first, TimeMs last);

}  // namespace grapevine::sql
